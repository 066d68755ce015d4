// Records as any peer may write them, the odd ones too, and a plain way to look at those that were read.

import { byteStringOf, bytesOf, type ByteString } from '../../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import {
  encodeStreamEnd,
  RecordDecoder,
  recordTypes,
  type FastCgiRecord,
} from '../../../src/protocol/fastcgi/record.ts'

export interface RawRecord {
  readonly type: number
  readonly requestId?: number
  readonly content?: ByteString
  readonly padding?: number
}

export function rawRecord({ type, requestId = 1, content = '', padding = 0 }: RawRecord): Buffer {
  const header = rawHeader(type, requestId, content.length, padding)
  // Padding that looks like the beginning of a record.
  return Buffer.concat([header, bytesOf(content), Buffer.alloc(padding, '\x01\x06')])
}

export function rawHeader(type: number, requestId: number, length: number, padding: number): Buffer {
  return Buffer.from([1, type, requestId >> 8, requestId & 255, length >> 8, length & 255, padding, 0xee])
}

export function streamEnd(type: number, requestId = 1): Buffer {
  return encodeStreamEnd(type, requestId)
}

export const streamTypes: readonly number[] = [
  recordTypes.params,
  recordTypes.stdin,
  recordTypes.stdout,
  recordTypes.stderr,
  recordTypes.data,
]

/** One line a record; the pieces of streams joined, for where they are cut means nothing. */
export function read(chunks: readonly Uint8Array[]): string[] {
  const decoder = new RecordDecoder()
  return linesOf(chunks.flatMap((chunk) => decoder.push(chunk)))
}

export function linesOf(records: readonly FastCgiRecord[]): string[] {
  const lines: string[] = []
  let last = ''
  for (const { type, requestId, content } of records) {
    const start = `${type} ${requestId} `
    const joins = last === start && content.length > 0 && streamTypes.includes(type)
    const text = byteStringOf(content)
    if (joins) lines.push(`${lines.pop()}${text}`)
    else lines.push(start + text)
    last = streamTypes.includes(type) && content.length > 0 ? start : ''
  }
  return lines
}

/** Its result, or `refused` where it threw a ProtocolError; any other error is passed on. */
export function outcome<T>(action: () => T): T | 'refused' {
  try {
    return action()
  } catch (error) {
    if (error instanceof ProtocolError) return 'refused'
    throw error
  }
}

/** Eight bytes to a word. */
export function hexOf(bytes: Uint8Array): string {
  return (
    Buffer.from(bytes)
      .toString('hex')
      .match(/.{1,16}/g) ?? []
  ).join(' ')
}
