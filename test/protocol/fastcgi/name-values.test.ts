// FastCGI 1.0, 3.4: name-value pairs.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { bytesOf, type ByteString } from '../../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import { encodeNameValues, NameValueDecoder, type NameValue } from '../../../src/protocol/fastcgi/name-values.ts'
import { byteStrings, cut, cutBytes, cuts, oneByOne, piecesOf, runs } from '../arbitraries.ts'
import { outcome } from './raw-records.ts'

function decode(chunks: readonly Uint8Array[], maxBytes = 1_000_000): readonly NameValue[] {
  const decoder = new NameValueDecoder(maxBytes)
  for (const chunk of chunks) decoder.push(chunk)
  return decoder.finish()
}

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

const words = fc
  .oneof(
    byteStrings(20),
    fc.nat(300).map((length) => 'x'.repeat(length)),
  )
  .map((text) => text.replaceAll('\0', '0'))

test('FastCGI 3.4: a length of up to 127 takes one byte, a longer one four with the highest bit set', () => {
  assert.equal(encodeNameValues([['NAME', 'value']]).toString('latin1'), '\x04\x05NAMEvalue')
  const long = 'v'.repeat(128)
  assert.equal(encodeNameValues([['N', long.slice(1)]]).toString('latin1'), `\x01\x7fN${long.slice(1)}`)
  assert.equal(encodeNameValues([['N', long]]).toString('latin1'), `\x01\x80\x00\x00\x80N${long}`)
  assert.equal(encodeNameValues([[long, '']]).toString('latin1'), `\x80\x00\x00\x80\x00${long}`)
  assert.equal(encodeNameValues([]).length, 0)
})

test('FastCGI 3.4: a short length in four bytes is read all the same', () => {
  assert.deepEqual(decode([hex('80000001 80000002 41 6262')]), [['A', 'bb']])
  assert.deepEqual(decode([hex('80000000 00')]), [['', '']])
})

test('FastCGI 3.4: pairs cut at any byte are the same pairs', () => {
  const pairs: readonly NameValue[] = [
    ['A', ''],
    ['NAME', 'v'.repeat(130)],
    ['n'.repeat(200), 'value \xff'],
  ]
  const bytes = encodeNameValues(pairs)
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(decode([bytes.subarray(0, at), bytes.subarray(at)]), pairs)
  }
})

test('FastCGI 3.4: any pairs come back in their order, repeated names too, wherever they are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(words, words), { maxLength: 8 }), cuts, (pairs, at) => {
      const bytes = encodeNameValues(pairs)
      assert.deepEqual(decode(cutBytes(bytes, at)), pairs)
      assert.deepEqual(decode(oneByOne(bytes)), pairs)
    }),
    runs,
  )
})

test('FastCGI 3.4: a value of more than 65535 bytes comes back', () => {
  const value = 'v'.repeat(200_000)
  assert.deepEqual(decode([encodeNameValues([['HTTP_COOKIE', value]])]), [['HTTP_COOKIE', value]])
})

test('FastCGI 3.4: a stream that ends within a pair is refused', () => {
  const bytes = encodeNameValues([['NAME', 'v'.repeat(130)]])
  for (let length = 1; length < bytes.length; length++) {
    assert.throws(() => decode([bytes.subarray(0, length)]), ProtocolError, `${length} bytes`)
  }
})

test('FastCGI 3.4; CVE-2025-23016, CVE-2025-40907: lengths whose sum passes 32 bits are refused, and nothing is kept for them', () => {
  const lengths = ['ffffffff', 'fffffffe', 'fffffff0', 'c0000000', 'bfffffff', '80010000']
  for (const name of lengths) {
    for (const value of [...lengths, '00', '7f']) {
      for (const [first, second] of [
        [name, value],
        [value, name],
      ] as const) {
        const bytes = Buffer.concat([hex(`04 01 4e414d45 76 ${first} ${second}`), Buffer.alloc(60)])
        assert.throws(() => decode([bytes], 65536), ProtocolError, `${first} ${second}`)
        assert.throws(() => decode(oneByOne(bytes), 65536), ProtocolError, `${first} ${second}`)
      }
    }
  }
})

test('FastCGI 3.4: the limit is of all bytes together, and may be reached', () => {
  const bytes = encodeNameValues([
    ['A', 'b'],
    ['C', 'd'.repeat(200)],
  ])
  for (const chunks of [[bytes], oneByOne(bytes)]) {
    assert.equal(decode(chunks, bytes.length).length, 2)
    assert.throws(() => decode(chunks, bytes.length - 1), ProtocolError)
  }
})

test('FastCGI 3.4: a pair that says that it will pass the limit is refused before it comes', () => {
  const decoder = new NameValueDecoder(1000)
  decoder.push(hex('01 01 41 62'))
  for (const byte of oneByOne(hex('01 800003'))) decoder.push(byte)
  assert.throws(() => decoder.push(hex('e8')), ProtocolError)
})

test('FastCGI 3.4: pairs without end are refused at the limit, be they empty', () => {
  const decoder = new NameValueDecoder(10_000)
  let pushed = 0
  assert.throws(() => {
    for (; pushed < 100_000; pushed += 100) decoder.push(Buffer.alloc(100))
  }, ProtocolError)
  assert.equal(pushed, 10_000)
})

test('FastCGI 6.1: a name or value with a NUL, or with a character that is no byte, is a TypeError', () => {
  for (const text of ['a\0b', '\u0100', '\u010a', 'é€']) {
    assert.throws(() => encodeNameValues([[text, '']]), TypeError)
    assert.throws(() => encodeNameValues([['NAME', text]]), TypeError)
  }
})

test('FastCGI 3.4: what is held of a pair is a copy: a chunk may be used again by its owner', () => {
  const pairs: readonly NameValue[] = [
    ['NAME', 'value'],
    ['OTHER', 'more'],
  ]
  const bytes = encodeNameValues(pairs)
  for (const size of [1, 2, 3, 5, 8, 13]) {
    const decoder = new NameValueDecoder(1000)
    const chunk = Buffer.alloc(size)
    for (let at = 0; at < bytes.length; at += size) {
      decoder.push(chunk.subarray(0, bytes.copy(chunk, 0, at)))
      chunk.fill('!')
    }
    assert.deepEqual(decoder.finish(), pairs, `chunks of ${size}`)
  }
})

test('FastCGI 3.4: a megabyte that comes byte by byte is not copied again for each byte', () => {
  const value: ByteString = 'v'.repeat(1024 * 1024)
  const bytes = encodeNameValues([['HTTP_COOKIE', value]])
  const decoder = new NameValueDecoder(bytes.length)
  const start = process.cpuUsage()
  for (let at = 0; at < bytes.length; at++) decoder.push(bytes.subarray(at, at + 1))
  assert.equal(decoder.finish()[0]?.[1], value)
  // Copied for each byte, that would be half a terabyte.
  assert.ok(process.cpuUsage(start).user < 20_000_000)
})

test('FastCGI 3.4: garbage gives pairs or a ProtocolError, never another error, and the same wherever it is cut', () => {
  const garbage = fc.oneof(
    byteStrings(),
    piecesOf(['\x00', '\x01', '\x03', '\x7f', '\x80', '\x80\0\0\x02', '\xff', 'ab']),
  )
  fc.assert(
    fc.property(garbage, cuts, (text, at) => {
      const whole = outcome(() => decode([bytesOf(text)], 300))
      assert.deepEqual(
        outcome(() => decode(cut(text, at), 300)),
        whole,
      )
    }),
    runs,
  )
})
