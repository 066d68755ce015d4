// Chunked transfer coding, as NPH scripts write it.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf } from '../../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import { ChunkedDecoder } from '../../../src/protocol/http/chunked-decoder.ts'
import { byteStrings, cut, cuts, piecesOf, runs } from '../arbitraries.ts'

function decode(parts: readonly Uint8Array[]): { readonly content: string; readonly done: boolean } {
  const decoder = new ChunkedDecoder()
  const content = parts.flatMap((part) => decoder.push(part)).map(byteStringOf)
  return { content: content.join(''), done: decoder.done }
}

function outcome(parts: readonly Uint8Array[]): unknown {
  try {
    return decode(parts)
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error))
    return 'refused'
  }
}

const whole = '5\r\nhello\r\nA;name="value"\r\n, chunked \r\n0\r\nX-Trailer: a\r\n\r\n'

test('RFC 9112 7.1: a body cut at any byte decodes to the same content', () => {
  const bytes = bytesOf(whole)
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(decode([bytes.subarray(0, at), bytes.subarray(at)]), { content: 'hello, chunked ', done: true })
  }
})

test('RFC 9112 7.1: a body that comes byte by byte decodes to the same content', () => {
  assert.equal(decode([...bytesOf(whole)].map((byte) => Uint8Array.of(byte))).content, 'hello, chunked ')
})

test('RFC 9112 7.1: any content, in chunks of any size, cut anywhere, comes back unchanged', () => {
  fc.assert(
    fc.property(fc.array(byteStrings(), { maxLength: 6 }), cuts, fc.boolean(), (chunks, at, upper) => {
      const content = chunks.filter((chunk) => chunk !== '')
      const size = (length: number): string => (upper ? length.toString(16).toUpperCase() : length.toString(16))
      const text = `${content.map((chunk) => `${size(chunk.length)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`
      assert.deepEqual(decode(cut(text, at)), { content: content.join(''), done: true })
    }),
    runs,
  )
})

test('RFC 9112 7.1: garbage gives content or a ProtocolError, never another error, and the same wherever it is cut', () => {
  const garbage = fc.oneof(
    byteStrings(),
    piecesOf(['0', '3', 'abc', '\r\n', '\n', ';', ' ', 'ffffffffffff', '\r', 'x']),
  )
  fc.assert(
    fc.property(garbage, cuts, (text, at) => assert.deepEqual(outcome(cut(text, at)), outcome([bytesOf(text)]))),
    runs,
  )
})

test('RFC 9112 7.1: a body is done after its last chunk and its trailers, and not before', () => {
  const bytes = bytesOf(whole)
  for (let at = 0; at < bytes.length; at++)
    assert.equal(decode([bytes.subarray(0, at)]).done, false, `after ${at} bytes`)
})

test('RFC 9112 7.1: what follows the last chunk is not content', () => {
  assert.deepEqual(decode([bytesOf('1\r\na\r\n0\r\n\r\n1\r\nb\r\n')]), { content: 'a', done: true })
})

test('RFC 9112 2.2: a line may end in LF alone', () => {
  assert.deepEqual(decode([bytesOf('1\na\n0\n\n')]), { content: 'a', done: true })
})

test('RFC 9112 7.1: what is no chunk size is refused', () => {
  for (const size of ['', ' 1', '-1', '+1', '0x1', '1 2', 'g', '1,', '1234567890123', '\xb2']) {
    assert.throws(() => decode([bytesOf(`${size}\r\na\r\n`)]), ProtocolError, JSON.stringify(size))
  }
})

test('RFC 9112 7.1: a chunk longer than its size is refused', () => {
  assert.throws(() => decode([bytesOf('1\r\nab\r\n')]), ProtocolError)
})

test('RFC 9112 7.1.1: a size line or trailer without an end is refused', () => {
  assert.throws(() => decode([bytesOf(`1;${'x'.repeat(2000)}`)]), ProtocolError)
  assert.throws(() => decode([bytesOf(`0\r\n${'x'.repeat(2000)}`)]), ProtocolError)
})
