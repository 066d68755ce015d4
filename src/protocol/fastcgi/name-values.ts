// FastCGI 1.0, 3.4: name-value pairs, as PARAMS, GET_VALUES and GET_VALUES_RESULT carry them. No I/O.

import { byteStringOf, type ByteString } from '../../bytes/byte-string.ts'
import { ProtocolError } from '../errors.ts'

export type NameValue = readonly [name: ByteString, value: ByteString]

/** FastCGI 3.4: a length of up to 127 in one byte, else in four whose highest bit is set. */
const longestShort = 127
const longestLong = 0x7fffffff

/** Throws TypeError for a name or value longer than 2^31 - 1 bytes, and for a character that is no byte. */
export function encodeNameValues(pairs: Iterable<NameValue>): Buffer {
  const list = [...pairs]
  let length = 0
  for (const [name, value] of list) {
    length += lengthBytes(name.length) + lengthBytes(value.length) + name.length + value.length
  }
  const bytes = Buffer.allocUnsafe(length)
  let at = 0
  for (const [name, value] of list) {
    at = writeLength(bytes, name.length, at)
    at = writeLength(bytes, value.length, at)
    at += bytes.write(name, at, 'latin1')
    at += bytes.write(value, at, 'latin1')
  }
  return bytes
}

function lengthBytes(length: number): number {
  if (length > longestLong) throw new TypeError(`a name or value holds at most ${longestLong} bytes, not ${length}`)
  return length <= longestShort ? 1 : 4
}

function writeLength(into: Buffer, length: number, at: number): number {
  return length <= longestShort ? into.writeUInt8(length, at) : into.writeUInt32BE((length | 0x80000000) >>> 0, at)
}

/**
 * Collects a stream of pairs that may be cut anywhere. Security: CVE-2025-23016, CVE-2025-40907: lengths are added as
 * plain numbers, and what they announce is held against the limit before anything is kept for it.
 */
export class NameValueDecoder {
  readonly #maxBytes: number
  #pending: Uint8Array = new Uint8Array(0)
  #taken = 0
  readonly #pairs: NameValue[] = []

  /** `maxBytes` bounds the whole stream. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Throws ProtocolError where the pairs are, or say that they will be, longer than the limit. */
  push(chunk: Uint8Array): void {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    this.#check(this.#taken + bytes.length)
    let at = 0
    while (at < bytes.length) {
      const name = readLength(bytes, at)
      const value = name === undefined ? undefined : readLength(bytes, name.end)
      if (name === undefined || value === undefined) break
      const end = value.end + name.length + value.length
      this.#check(this.#taken + end)
      if (end > bytes.length) break
      const valueAt = value.end + name.length
      this.#pairs.push([byteStringOf(bytes.subarray(value.end, valueAt)), byteStringOf(bytes.subarray(valueAt, end))])
      at = end
    }
    this.#taken += at
    this.#pending = at === 0 ? bytes : bytes.subarray(at)
  }

  /** All pairs, in their order. Throws ProtocolError where the stream ended within one. */
  finish(): readonly NameValue[] {
    if (this.#pending.length > 0) throw new ProtocolError('fastcgi', 'the name-value pairs end in the middle of one')
    return this.#pairs
  }

  #check(bytes: number): void {
    if (bytes > this.#maxBytes) {
      throw new ProtocolError('fastcgi', `the name-value pairs take more than ${this.#maxBytes} bytes`)
    }
  }
}

function readLength(bytes: Uint8Array, at: number): { readonly length: number; readonly end: number } | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  if (first <= longestShort) return { length: first, end: at + 1 }
  const [second, third, fourth] = [bytes[at + 1], bytes[at + 2], bytes[at + 3]]
  if (second === undefined || third === undefined || fourth === undefined) return undefined
  return { length: (first & 0x7f) * 0x1000000 + second * 0x10000 + third * 0x100 + fourth, end: at + 4 }
}
