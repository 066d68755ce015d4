// FastCGI 1.0, 3.4: name-value pairs, as PARAMS, GET_VALUES and GET_VALUES_RESULT carry them. No I/O.

import { byteStringOf, isByteString, type ByteString } from '../../bytes/byte-string.ts'
import { HeldBytes } from '../../bytes/held-bytes.ts'
import { ProtocolError } from '../errors.ts'

/** One pair, both byte strings: one character a byte. */
export type NameValue = readonly [name: ByteString, value: ByteString]

/** FastCGI 3.4: a length of up to 127 in one byte, else in four whose highest bit is set. */
const longestShort = 127
const longestLong = 0x7fffffff

/**
 * FastCGI 3.4: the pairs one after the other, for a stream (`encodeStream`) or one record. Throws TypeError for a name or
 * value longer than 2^31 - 1 bytes, for a character that is no byte, and for a NUL, which no value has (FastCGI 6.1):
 * applications in C would take what is before it.
 */
export function encodeNameValues(pairs: Iterable<NameValue>): Buffer {
  const list = [...pairs]
  let length = 0
  for (const [name, value] of list) {
    checkWord(name)
    checkWord(value)
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

function checkWord(word: ByteString): void {
  if (word.includes('\0') || !isByteString(word)) {
    throw new TypeError(
      `a name or value holds a NUL, or a character that is no byte: ${JSON.stringify(word.slice(0, 200))}`,
    )
  }
}

function lengthBytes(length: number): number {
  if (length > longestLong) throw new TypeError(`a name or value holds at most ${longestLong} bytes, not ${length}`)
  return length <= longestShort ? 1 : 4
}

function writeLength(into: Buffer, length: number, at: number): number {
  return length <= longestShort ? into.writeUInt8(length, at) : into.writeUInt32BE((length | 0x80000000) >>> 0, at)
}

/**
 * Collects a stream of pairs that may be cut anywhere (FastCGI 3.4); the order of pairs is kept, and so is a name that
 * stands twice. Security: CVE-2025-23016, CVE-2025-40907: lengths are added as plain numbers, and what they announce is
 * held against the limit before anything is kept for it.
 */
export class NameValueDecoder {
  readonly #maxBytes: number
  readonly #held = new HeldBytes()
  /** Bytes of the pairs that are whole. */
  #taken = 0
  readonly #pairs: NameValue[] = []

  /** `maxBytes` bounds the whole stream, lengths included. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Throws ProtocolError where the pairs are, or say that they will be, longer than the limit. */
  push(chunk: Uint8Array): void {
    this.#check(this.#taken + this.#held.length + chunk.length)
    const bytes = this.#held.join(chunk)
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
    this.#held.keepFrom(at)
  }

  /** All pairs, in their order. Throws ProtocolError where the stream ended within one. */
  finish(): readonly NameValue[] {
    if (this.#held.length > 0) throw new ProtocolError('fastcgi', 'the name-value pairs end in the middle of one')
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
