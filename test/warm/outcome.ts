// What came of one run of a script, and how two of them differ, for people to read.

import type { ByteString } from '../../src/bytes/byte-string.ts'
import type { ScriptFile } from './script-file.ts'

export interface Outcome {
  readonly status: number
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: ByteString
  /** The answer broke off before its end. */
  readonly isBroken: boolean
  /** Whether it was run by a worker of a launcher; undefined where no program was started. Not compared. */
  readonly isWarm: boolean | undefined
  readonly errorLines: readonly ByteString[]
  /** `exit 1`, `SIGTERM`, or `none` where no program was started. */
  readonly ending: string
  /** Failures as the gateway named them. */
  readonly failures: readonly string[]
}

/** One line for each thing that is compared; what is masked is `_`. */
export function linesOf(outcome: Outcome, { strips, masks, isEndingSure }: ScriptFile): readonly string[] {
  const stripped = (text: string): string =>
    strips.length === 0
      ? text
      : text
          .split('\n')
          .flatMap((line) => {
            const rest = strips.reduce((result, strip) => result.replace(strip, ''), line)
            return rest === '' && line !== '' ? [] : [rest]
          })
          .join('\n')
  const masked = (text: string): string[] =>
    masks.reduce((result, mask) => result.replace(mask, '_'), stripped(text)).split('\n')
  // Whether a kill is known soon enough after the output's end to break the answer off, only time tells.
  const isKilled = outcome.ending.startsWith('SIG')
  const failures = outcome.failures.filter((failure) => !isKilled || !failure.includes('"body-cut-short"'))
  return [
    `status ${outcome.status}`,
    ...outcome.fields.flatMap(([name, value]) => masked(`field  ${name}: ${value}`)),
    ...masked(outcome.body).map((line) => `body   ${line}`),
    ...(outcome.isBroken && !isKilled ? ['body   broken off'] : []),
    ...masked(outcome.errorLines.join('\n')).map((line) => `error  ${line}`),
    `ending ${isEndingSure ? outcome.ending : '_'}`,
    ...failures.flatMap((failure) => masked(`failed ${failure}`)),
  ]
}

/** Undefined where they are the same. */
export function difference(script: ScriptFile, cold: Outcome, warm: Outcome): string | undefined {
  if (!script.isRandom) return lineDifference(linesOf(cold, script), linesOf(warm, script))
  const blank = (outcome: Outcome): Outcome => ({ ...outcome, body: '' })
  const other = lineDifference(linesOf(blank(cold), script), linesOf(blank(warm), script))
  if (other !== undefined) return other
  const first = cold.body.trimEnd().split('\n')
  const second = warm.body.trimEnd().split('\n')
  if (first.length !== second.length) return lineDifference(first, second)
  const same = first.filter((line, index) => line === second[index])
  return same.length === 0 ? undefined : `must not be the same in two requests:\n${same.map(show).join('\n')}`
}

/** Longer ones are not searched for the best account of their difference. */
const longestSearched = 1500
const mostShown = 60

function lineDifference(cold: readonly string[], warm: readonly string[]): string | undefined {
  let start = 0
  while (start < cold.length && start < warm.length && cold[start] === warm[start]) start++
  if (start === cold.length && start === warm.length) return undefined
  let end = 0
  while (end < Math.min(cold.length, warm.length) - start && cold.at(-1 - end) === warm.at(-1 - end)) end++
  const [left, right] = withoutCommonStart(cold.slice(start, cold.length - end), warm.slice(start, warm.length - end))
  const shown =
    left.length <= longestSearched && right.length <= longestSearched
      ? shortest(left, right)
      : [...left.slice(0, 20).map((line) => `- ${show(line)}`), ...right.slice(0, 20).map((line) => `+ ${show(line)}`)]
  const rest = shown.length > mostShown ? [`… and ${shown.length - mostShown} lines more`] : []
  const before = cold.slice(Math.max(0, start - 2), start).map((line) => `  ${show(line)}`)
  return ['- cold, + warm:', ...before, ...shown.slice(0, mostShown), ...rest].join('\n')
}

/** Of one long line against another, what is the same at their start says nothing. */
function withoutCommonStart(
  left: readonly string[],
  right: readonly string[],
): readonly [readonly string[], readonly string[]] {
  const [one = '', other = ''] = [left[0], right[0]]
  if (left.length !== 1 || right.length !== 1 || Math.max(one.length, other.length) < longestLine) return [left, right]
  let same = 0
  while (same < one.length && one[same] === other[same]) same++
  const from = Math.max(0, same - 60)
  return [[`…${one.slice(from)}`], [`…${other.slice(from)}`]]
}

/** By the longest common subsequence; common lines are left out. */
function shortest(left: readonly string[], right: readonly string[]): readonly string[] {
  const width = right.length + 1
  const lengths = new Uint16Array((left.length + 1) * width)
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const shown: string[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      i++
      j++
    } else if (j === right.length || (i < left.length && at(i + 1, j) >= at(i, j + 1))) {
      shown.push(`- ${show(left[i++] ?? '')}`)
    } else shown.push(`+ ${show(right[j++] ?? '')}`)
  }
  return shown
}

const longestLine = 300

function show(line: string): string {
  const cut = line.length > longestLine ? `${line.slice(0, longestLine)}… (${line.length} bytes)` : line
  return cut.replace(/[^\x20-\x7e…]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
