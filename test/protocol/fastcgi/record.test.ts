// FastCGI 1.0, 3.3: records.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf } from '../../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import {
  encodeRecord,
  encodeStream,
  encodeStreamEnd,
  longestContent,
  RecordDecoder,
  recordTypes,
} from '../../../src/protocol/fastcgi/record.ts'
import { byteStrings, cutBytes, cuts, oneByOne, runs } from '../arbitraries.ts'
import { hexOf, linesOf, rawHeader, rawRecord, read, streamTypes, untilFault, type RawRecord } from './raw-records.ts'

const records: fc.Arbitrary<readonly RawRecord[]> = fc.array(
  fc.record({
    type: fc.oneof(fc.constantFrom(...Object.values(recordTypes)), fc.nat(255)),
    requestId: fc.oneof(fc.constantFrom(0, 1, 255, 256, 65535), fc.nat(65535)),
    content: byteStrings(40),
    padding: fc.nat(255),
  }),
  { maxLength: 6 },
)

test('FastCGI 3.3: a record is version 1, type, id, length, padding, a reserved byte, then content and padding', () => {
  const record = encodeRecord({ type: 6, requestId: 0x1234, content: bytesOf('hello') })
  assert.equal(hexOf(record), '0106123400050300 68656c6c6f000000')
  assert.equal(hexOf(encodeStreamEnd(5, 1)), '0105000100000000')
})

test('FastCGI 3.3: a record is padded to a multiple of eight bytes', () => {
  for (let length = 0; length <= 33; length++) {
    const record = encodeRecord({ type: 1, requestId: 1, content: new Uint8Array(length) })
    assert.equal(record.length % 8, 0)
    assert.ok(record.length < 8 + length + 8)
  }
})

test('FastCGI 3.3: a record cut at any byte is the same record, of a stream or not', () => {
  for (const type of [recordTypes.stdin, recordTypes.getValues, 200]) {
    const bytes = Buffer.concat([rawRecord({ type, content: 'some content', padding: 5 }), rawRecord({ type })])
    for (let at = 0; at <= bytes.length; at++) {
      assert.deepEqual(read([bytes.subarray(0, at), bytes.subarray(at)]), [`${type} 1 some content`, `${type} 1 `])
    }
  }
})

test('FastCGI 3.3: records of any type, id, content and padding come back, wherever they are cut', () => {
  fc.assert(
    fc.property(records, cuts, (all, at) => {
      const bytes = Buffer.concat(all.map(rawRecord))
      const expected = linesOf(
        all.map(({ type, requestId = 1, content = '' }) => ({ type, requestId, content: bytesOf(content) })),
      )
      assert.deepEqual(read([bytes]), expected)
      assert.deepEqual(read(cutBytes(bytes, at)), expected)
      assert.deepEqual(read(oneByOne(bytes)), expected)
    }),
    runs,
  )
})

test('FastCGI 3.3: what is encoded is what is decoded, wherever it is cut', () => {
  const record = fc.record({ type: fc.nat(255), requestId: fc.nat(65535), content: fc.uint8Array({ maxLength: 60 }) })
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), cuts, (all, at) => {
      assert.deepEqual(read(cutBytes(Buffer.concat(all.map(encodeRecord)), at)), linesOf(all))
    }),
    runs,
  )
})

test('FastCGI 3.3: only an empty record of a stream comes out empty, whatever its padding', () => {
  const decoder = new RecordDecoder()
  const bytes = rawRecord({ type: recordTypes.stdin, content: 'abc', padding: 3 })
  assert.deepEqual(
    oneByOne(bytes).flatMap((byte) => decoder.push(byte).map(({ content }) => byteStringOf(content))),
    ['a', 'b', 'c'],
  )
  for (const padding of [0, 1, 255]) {
    const ends = oneByOne(rawRecord({ type: recordTypes.stdin, padding })).flatMap((byte) => decoder.push(byte))
    assert.deepEqual(
      ends.map(({ content }) => content.length),
      [0],
    )
  }
})

test('FastCGI 3.3: content longer than 65535 bytes is split into records, and comes back whole', () => {
  const source = Buffer.alloc(200_000, 'as unlike itself, moved by 65536, as can be: 01234567')
  const lengths = fc.oneof(
    fc.nat(source.length),
    fc.constantFrom(0, 1, 65527, 65528, 65529, 65535, 65536, 65537, 131056, 131071, 131072),
  )
  fc.assert(
    fc.property(lengths, cuts, (length, at) => {
      const content = source.subarray(0, length)
      const parts = encodeStream(recordTypes.stdin, 7, content)
      assert.ok(parts.every((part) => part.length > 0 && part.length <= longestContent))
      assert.equal(Buffer.concat(parts).length % 8, 0, 'padded')
      const lines = read(cutBytes(Buffer.concat(parts), at))
      assert.deepEqual(lines, length === 0 ? [] : [`5 7 ${byteStringOf(content)}`])
    }),
    { ...runs, numRuns: 100 },
  )
})

test('FastCGI 3.3: a content that is records itself stays content, where it begins past 65535 bytes too', () => {
  const inner = encodeRecord({ type: recordTypes.params, requestId: 1, content: bytesOf('\x0f\x03SCRIPT_FILENAME/x') })
  for (const before of [65528, 65535, 65536]) {
    const content = Buffer.concat([Buffer.alloc(before, 'x'), inner])
    const lines = read([Buffer.concat(encodeStream(recordTypes.stdin, 1, content))])
    assert.deepEqual(lines, [`5 1 ${byteStringOf(content)}`])
  }
})

test('FastCGI 3.3: a record of more than 65535 bytes, an id or a type that does not fit is a TypeError', () => {
  const one = Uint8Array.of(1)
  assert.equal(encodeRecord({ type: 6, requestId: 1, content: new Uint8Array(65535) }).length, 8 + 65535 + 1)
  assert.throws(() => encodeRecord({ type: 6, requestId: 1, content: new Uint8Array(65536) }), TypeError)
  for (const requestId of [-1, 65536, 1.5, Number.NaN]) {
    assert.throws(() => encodeRecord({ type: 6, requestId, content: one }), TypeError, String(requestId))
    assert.throws(() => encodeStream(6, requestId, one), TypeError, String(requestId))
    assert.throws(() => encodeStreamEnd(6, requestId), TypeError, String(requestId))
  }
  for (const type of [-1, 256, 1.5, Number.NaN]) {
    assert.throws(() => encodeRecord({ type, requestId: 1, content: one }), TypeError, String(type))
  }
})

test('FastCGI 3.3: another version is refused at its first byte, wherever it stands', () => {
  for (const version of [0, 2, 71, 255]) {
    assert.throws(() => new RecordDecoder().push(Uint8Array.of(version)), ProtocolError)
    const decoder = new RecordDecoder()
    decoder.push(rawRecord({ type: 6, content: 'a', padding: 3 }))
    assert.throws(() => decoder.push(Uint8Array.of(version)), ProtocolError)
  }
})

test('FastCGI 3.3: between records is before a header, after content and padding, and nowhere else', () => {
  for (const type of [recordTypes.stdout, recordTypes.endRequest]) {
    const decoder = new RecordDecoder()
    const bytes = rawRecord({ type, content: '12345678', padding: 2 })
    assert.ok(decoder.isBetweenRecords)
    for (const byte of oneByOne(bytes.subarray(0, -1))) {
      decoder.push(byte)
      assert.ok(!decoder.isBetweenRecords)
    }
    decoder.push(bytes.subarray(-1))
    assert.ok(decoder.isBetweenRecords)
  }
})

test('FastCGI 3.3: what is held of a record is a copy: a chunk may be used again by its owner', () => {
  const bytes = rawRecord({ type: recordTypes.getValues, requestId: 0, content: '\x04\x00NAME' })
  for (const size of [1, 3, 9, 11]) {
    const decoder = new RecordDecoder()
    const chunk = Buffer.alloc(size)
    const lines: string[] = []
    for (let at = 0; at < bytes.length; at += size) {
      const filled = bytes.copy(chunk, 0, at)
      lines.push(...linesOf(decoder.push(chunk.subarray(0, filled))))
      chunk.fill('!')
    }
    assert.deepEqual(lines, ['9 0 \x04\x00NAME'], `chunks of ${size}`)
  }
})

test('FastCGI 3.3: a content in one piece is passed on where it lies, not copied', () => {
  const bytes = rawRecord({ type: recordTypes.stdout, content: 'hello' })
  assert.equal(new RecordDecoder().push(bytes)[0]?.content.buffer, bytes.buffer)
})

/** What comes before a fault, and the fault. */
function told(chunks: readonly Uint8Array[]): unknown {
  const { events, fault } = untilFault(new RecordDecoder(), chunks)
  return [linesOf(events), fault]
}

test('FastCGI 3.3: garbage gives records and then a fault, never another error, and the same ones wherever it is cut', () => {
  const pieces = fc.oneof(
    byteStrings(20).map(bytesOf),
    fc
      .record({ type: fc.constantFrom(...streamTypes, 1, 3), padding: fc.nat(9), content: byteStrings(9) })
      .map(rawRecord),
    fc.constantFrom(rawHeader(5, 1, 2, 0), rawHeader(1, 1, 8, 8), Buffer.from([1]), Buffer.from([1, 1, 0, 0, 0])),
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 6 }), cuts, (parts, at) => {
      const bytes = Buffer.concat(parts)
      const whole = told([bytes])
      assert.deepEqual(told(cutBytes(bytes, at)), whole)
      assert.deepEqual(told(oneByOne(bytes)), whole)
    }),
    runs,
  )
})

test('FastCGI 3.3: a record that is no stream’s is whole, however long it is, and be it byte by byte', () => {
  const content = 'c'.repeat(65535)
  const bytes = rawRecord({ type: recordTypes.getValues, requestId: 0, content, padding: 255 })
  assert.deepEqual(read(oneByOne(bytes)), [`9 0 ${content}`])
})
