// Reads a wire case: a file with what is sent and what must come of it. The format stands in README.md.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Part =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'end' }

export interface WireCase {
  readonly file: string
  readonly title: string
  readonly statuses: readonly number[]
  readonly closes: boolean
  readonly runs: number
  readonly interim: number
  readonly says: readonly string[]
  readonly not: readonly string[]
  readonly options: Readonly<Record<string, string>>
  readonly methods: readonly string[]
  readonly atMostMs: number
  readonly parts: readonly Part[]
}

const known = new Set(['status', 'closes', 'runs', 'interim', 'says', 'not', 'options', 'method', 'at most'])

export function readWireCases(folder: string): readonly WireCase[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.http'))
    .toSorted()
    .map((name) => readWireCase(name, readFileSync(join(folder, name), 'utf8')))
}

/** Throws TypeError, with the file's name, where it is not a wire case. */
export function readWireCase(file: string, text: string): WireCase {
  const lines = text.split(/\r?\n/)
  const length = lines.findIndex((line) => !line.startsWith('#'))
  const [title = '', ...settings] = lines.slice(0, length).map((line) => line.slice(1).trim())
  const values = settings.map((line) => readSetting(file, line))
  const all = (name: string): string[] => values.filter(([key]) => key === name).map(([, value]) => value)
  const one = (name: string): string | undefined => all(name)[0]
  const status = one('status')
  if (status === undefined || title === '') throw new TypeError(`${file}: a wire case has a title and a status`)
  return {
    file,
    title,
    statuses: status === 'none' ? [] : status.split(' ').map(Number),
    closes: one('closes') !== 'no',
    runs: Number(one('runs') ?? 0),
    interim: Number(one('interim') ?? 0),
    says: all('says'),
    not: all('not'),
    options: Object.fromEntries((one('options') ?? '').split(' ').filter(Boolean).map(readOption)),
    methods: (one('method') ?? '').split(' '),
    atMostMs: Number(one('at most') ?? 3000),
    parts: readParts(file, lines.slice(length).join('')),
  }
}

function readSetting(file: string, line: string): [name: string, value: string] {
  const colon = line.indexOf(': ')
  const name = line.slice(0, colon)
  if (!known.has(name)) throw new TypeError(`${file}: ${JSON.stringify(line)} is no setting of a wire case`)
  return [name, line.slice(colon + 2)]
}

function readOption(text: string): [name: string, value: string] {
  const equals = text.indexOf('=')
  return [text.slice(0, equals), text.slice(equals + 1)]
}

const escape = /\\(?:x([0-9a-f]{2})|\{(\d+)\*([^}]*)\}|wait\{(\d+)\}|(end)|([rnt0\\]))/giy
const controls: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0', '\\': '\\' }

function readParts(file: string, text: string): readonly Part[] {
  const parts: Part[] = []
  let bytes: Buffer[] = []
  const flush = (): void => {
    if (bytes.length > 0) parts.push({ kind: 'bytes', bytes: Buffer.concat(bytes) })
    bytes = []
  }
  for (let at = 0; at < text.length;) {
    const next = text.indexOf('\\', at)
    const plain = text.slice(at, next === -1 ? text.length : next)
    if (plain !== '') bytes.push(Buffer.from(plain))
    at += plain.length
    if (next === -1) break
    escape.lastIndex = at
    const match = escape.exec(text)
    if (match === null) throw new TypeError(`${file}: ${JSON.stringify(text.slice(at, at + 10))} is no escape`)
    at += match[0].length
    const [, hex, count, repeated, ms, end, control] = match
    if (hex !== undefined) bytes.push(Buffer.from(hex, 'hex'))
    else if (count !== undefined) bytes.push(Buffer.from((repeated ?? '').repeat(Number(count))))
    else if (control !== undefined) bytes.push(Buffer.from(controls[control] ?? ''))
    else {
      flush()
      parts.push(end === undefined ? { kind: 'wait', ms: Number(ms) } : { kind: 'end' })
    }
  }
  flush()
  return parts
}
