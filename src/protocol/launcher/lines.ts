// The lines between server and launcher (launchers/README.md). No I/O.

import { byteStringOf, bytesOf, type ByteString } from '../../bytes/byte-string.ts'
import { ProtocolError } from '../errors.ts'

export type LauncherReport =
  | { readonly kind: 'hello'; readonly language: string; readonly version: string }
  | { readonly kind: 'step'; readonly name: ByteString; readonly ms: number }
  | { readonly kind: 'left'; readonly module: ByteString; readonly reason: ByteString }
  | { readonly kind: 'ready' }
  | { readonly kind: 'forked'; readonly id: number; readonly pid: number }
  | { readonly kind: 'unforked'; readonly id: number; readonly code: string }
  | {
      readonly kind: 'ended'
      readonly pid: number
      /** As `wait` gives it. */
      readonly status: number
      readonly cpuMs: number
      readonly maxRssBytes: number
    }
  | { readonly kind: 'learned'; readonly modules: readonly ByteString[] }
  | { readonly kind: 'stale'; readonly file: ByteString }
  | { readonly kind: 'cold'; readonly script: ByteString; readonly reason: ByteString }
  | { readonly kind: 'unfit'; readonly reason: ByteString }

/** A line longer than this is no report. */
export const longestReportBytes: number = 1024 * 1024

/** One command, with its end. */
export function encodeLauncherLine(words: readonly ByteString[]): Buffer {
  return bytesOf(`${words.map(quoteWord).join(' ')}\n`)
}

function quoteWord(word: ByteString): string {
  return word.replace(
    /[^!-$&-~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

function unquoteWord(word: string): ByteString {
  return word.replace(/%([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/** Takes bytes as they come and gives whole reports. Throws ProtocolError for a line that is none. */
export class LauncherReportDecoder {
  #pending = ''

  push(chunk: Uint8Array): LauncherReport[] {
    const lines = (this.#pending + byteStringOf(chunk)).split('\n')
    this.#pending = lines.pop() ?? ''
    if (this.#pending.length > longestReportBytes) throw new ProtocolError('launcher', 'a report without an end')
    return lines.map(readReport)
  }
}

function readReport(line: string): LauncherReport {
  const [kind = '', ...quoted] = line.split(' ')
  const words = quoted.map(unquoteWord)
  const [first = '', second = ''] = words
  const bad = (): ProtocolError => new ProtocolError('launcher', `not a report: ${JSON.stringify(line.slice(0, 200))}`)
  const numbers = (count: number): readonly number[] => {
    if (words.length !== count || words.some((word) => !/^\d{1,15}$/.test(word))) throw bad()
    return words.map(Number)
  }
  switch (kind) {
    case 'hello':
      return { kind, language: first, version: second }
    case 'step':
      if (!/^\d{1,15}$/.test(second)) throw bad()
      return { kind, name: first, ms: Number(second) / 1000 }
    case 'left':
      return { kind, module: first, reason: second }
    case 'ready':
      return { kind }
    case 'forked': {
      const [id = 0, pid = 0] = numbers(2)
      return { kind, id, pid }
    }
    case 'unforked':
      if (!/^\d{1,15}$/.test(first)) throw bad()
      return { kind, id: Number(first), code: second }
    case 'ended': {
      const [pid = 0, status = 0, cpuMicroseconds = 0, maxRssBytes = 0] = numbers(4)
      return { kind, pid, status, cpuMs: cpuMicroseconds / 1000, maxRssBytes }
    }
    case 'learned':
      return { kind, modules: words }
    case 'stale':
      return { kind, file: first }
    case 'cold':
      return { kind, script: first, reason: second }
    case 'unfit':
      return { kind, reason: first }
    default:
      throw bad()
  }
}
