// Durations and sizes as people write them: `30s`, `1GiB`. A number is milliseconds or bytes.

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const sizeUnits: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  TB: 1000 ** 4,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  TiB: 1024 ** 4,
}

/** Milliseconds, or undefined where it is no duration. `off` is 0: no limit. */
export function parseDuration(value: string | number): number | undefined {
  if (value === 'off') return 0
  return parse(value, durationUnits, 'ms', 2 ** 31 - 1)
}

/** Bytes, or undefined where it is no size. */
export function parseSize(value: string | number): number | undefined {
  return parse(value, sizeUnits, 'B', Number.MAX_SAFE_INTEGER)
}

export function parseCount(value: string | number): number | undefined {
  return parse(value, {}, '', 2 ** 31 - 1)
}

function parse(
  value: string | number,
  units: Readonly<Record<string, number>>,
  unit: string,
  most: number,
): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(String(value))
  if (match === null) return undefined
  const named = match[2] === '' || match[2] === undefined ? unit : match[2]
  const factor = named === '' ? 1 : units[named]
  const exact = factor === undefined ? Number.NaN : Number(match[1]) * factor
  // 1.001 s are 1000.9999999999999 ms in binary fractions.
  const result = Math.round(exact)
  return Math.abs(result - exact) <= exact * Number.EPSILON && result <= most ? result : undefined
}
