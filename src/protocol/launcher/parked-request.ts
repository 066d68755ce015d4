// What a parked Node is told of its request, and what it says (launchers/README.md). No I/O.

import { bytesOf, byteStringOf, type ByteString } from '../../bytes/byte-string.ts'
import { ProtocolError } from '../errors.ts'

export interface ParkedRequest {
  /** By which the system is to know the process; empty: as it is. */
  readonly name: ByteString
  /** A file that is to be descriptor 0; empty: the pipe that is it already. */
  readonly stdin: ByteString
  /** Absolute. */
  readonly path: ByteString
  readonly cwd: ByteString
  /** After the script's own name. */
  readonly words: readonly ByteString[]
  /** `NAME=value` */
  readonly environment: readonly ByteString[]
}

/** One message. No part may hold a NUL; none of them can, where it came from. */
export function encodeParkedRequest({ name, stdin, path, cwd, words, environment }: ParkedRequest): Buffer {
  const fields = bytesOf([name, stdin, cwd, path, String(words.length), ...words, ...environment].join('\0'))
  const message = Buffer.allocUnsafe(4 + fields.length)
  message.writeUInt32LE(fields.length)
  message.set(fields, 4)
  return message
}

export type ParkedReport =
  /** It waits for a request. */
  | { readonly kind: 'ready'; readonly cpuMs: number; readonly loadMs: number }
  /** It has become the script. */
  | { readonly kind: 'taken' }
  /** It cannot, has done nothing of the request, and ends. */
  | { readonly kind: 'refused'; readonly reason: ByteString }

/** A line longer than this is no report. */
export const longestParkedReportBytes: number = 4096

/** Takes bytes as they come and gives whole reports. Throws ProtocolError for a line that is none. */
export class ParkedReportDecoder {
  #pending = ''

  push(chunk: Uint8Array): ParkedReport[] {
    const lines = (this.#pending + byteStringOf(chunk)).split('\n')
    this.#pending = lines.pop() ?? ''
    if (this.#pending.length > longestParkedReportBytes) throw new ProtocolError('launcher', 'a report without an end')
    return lines.map(readReport)
  }
}

function readReport(line: string): ParkedReport {
  const [, cpu, load] = /^r (\d{1,15}) (\d{1,15})$/.exec(line) ?? []
  if (cpu !== undefined) return { kind: 'ready', cpuMs: Number(cpu) / 1000, loadMs: Number(load) / 1000 }
  if (line === 'g') return { kind: 'taken' }
  if (line.startsWith('n ')) return { kind: 'refused', reason: line.slice(2) }
  throw new ProtocolError('launcher', `not a report: ${JSON.stringify(line.slice(0, 200))}`)
}
