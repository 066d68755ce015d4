// FastCGI 1.0, the web server's side of a connection.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf } from '../../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import { encodeEndRequest, encodeUnknownType, protocolStatuses } from '../../../src/protocol/fastcgi/messages.ts'
import { encodeNameValues } from '../../../src/protocol/fastcgi/name-values.ts'
import { encodeRecord, encodeStream, recordTypes } from '../../../src/protocol/fastcgi/record.ts'
import { encodeGetValues, ServerSide, type ServerSideEvent } from '../../../src/protocol/fastcgi/server-side.ts'
import { byteStrings, cutBytes, cuts, oneByOne, runs } from '../arbitraries.ts'
import { outcome, rawHeader, rawRecord, streamEnd } from './raw-records.ts'

const { stdout, stderr } = recordTypes
const ended = { appStatus: 0, protocolStatus: protocolStatuses.requestComplete }

/** One line an event; the pieces of a stream joined. */
function linesOf(events: readonly ServerSideEvent[]): string[] {
  const lines: string[] = []
  let last = ''
  for (const event of events) {
    const start = 'requestId' in event ? `${event.kind} ${event.requestId} ` : event.kind
    if (event.kind === 'stdout' || event.kind === 'stderr') {
      const text = byteStringOf(event.content)
      assert.notEqual(text, '')
      lines.push(last === start ? `${lines.pop()}${text}` : start + text)
    } else if (event.kind === 'end') lines.push(`${start}${event.end.protocolStatus} ${event.end.appStatus}`)
    else if (event.kind === 'values') lines.push(`${start} ${JSON.stringify([...event.values])}`)
    else if (event.kind === 'unknown-type') lines.push(`${start} ${event.type}`)
    last = start
  }
  return lines
}

function sideOf(requests: number): ServerSide {
  const side = new ServerSide()
  for (let id = 1; id <= requests; id++) assert.equal(side.begin(), id)
  return side
}

function answer(content: Uint8Array): Uint8Array {
  return encodeRecord({ type: recordTypes.getValuesResult, requestId: 0, content })
}

function push(side: ServerSide, ...chunks: readonly Uint8Array[]): string[] {
  return linesOf(chunks.flatMap((chunk) => side.push(chunk)))
}

test('FastCGI 3.3: ids are the smallest that are free, from 1 on, and free again after FCGI_END_REQUEST', () => {
  const side = sideOf(3)
  side.push(encodeEndRequest(2, ended))
  assert.equal(side.begin(), 2)
  assert.equal(side.begin(), 4)
  side.push(encodeEndRequest(3, ended))
  side.push(encodeEndRequest(1, ended))
  assert.deepEqual([side.begin(), side.begin(), side.begin()], [1, 3, 5])
  assert.equal(side.underWay, 5)
})

test('FastCGI 3.3: 65535 requests are under way at most, none of them with id 0 or past 65535', () => {
  const side = sideOf(65535)
  assert.throws(() => side.begin(), TypeError)
  side.push(encodeEndRequest(65535, ended))
  assert.equal(side.begin(), 65535)
})

test('FastCGI 6.2: standard output and standard error, interleaved, then the end', () => {
  const bytes = Buffer.concat([
    rawRecord({ type: stdout, content: 'one', padding: 5 }),
    rawRecord({ type: stderr, content: 'oh' }),
    rawRecord({ type: stdout, content: 'two' }),
    streamEnd(stdout),
    streamEnd(stderr),
    encodeEndRequest(1, { appStatus: 3, protocolStatus: 0 }),
  ])
  const expected = ['stdout 1 one', 'stderr 1 oh', 'stdout 1 two', 'end 1 0 3']
  assert.deepEqual(push(sideOf(1), bytes), expected)
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(push(sideOf(1), bytes.subarray(0, at), bytes.subarray(at)), expected)
  }
})

test('FastCGI 6.1: standard error may be left out, and so may the ends of streams', () => {
  assert.deepEqual(push(sideOf(1), rawRecord({ type: stdout, content: 'x' }), encodeEndRequest(1, ended)), [
    'stdout 1 x',
    'end 1 0 0',
  ])
})

test('FastCGI 5.5: a refused request is told by its end: CANT_MPX_CONN, OVERLOADED, UNKNOWN_ROLE, and what nobody knows', () => {
  for (const protocolStatus of [...Object.values(protocolStatuses), 4, 255]) {
    const side = sideOf(1)
    const end = { appStatus: 0xffffffff, protocolStatus }
    assert.deepEqual(side.push(encodeEndRequest(1, end)), [{ kind: 'end', requestId: 1, end }])
    assert.ok(side.isAtRest)
  }
})

test('FastCGI 3.3: a record of a request that is not under way is refused: answers do not mix', () => {
  for (const type of [stdout, stderr, recordTypes.endRequest]) {
    const content = type === recordTypes.endRequest ? '\0'.repeat(8) : 'x'
    assert.throws(() => sideOf(0).push(rawRecord({ type, content })), ProtocolError)
    assert.throws(() => sideOf(1).push(rawRecord({ type, requestId: 2, content })), ProtocolError)
    assert.throws(() => sideOf(1).push(rawRecord({ type, requestId: 257, content })), ProtocolError)
    const side = sideOf(1)
    side.push(encodeEndRequest(1, ended))
    assert.throws(() => side.push(rawRecord({ type, content })), ProtocolError, 'after its end')
  }
})

test('FastCGI 3.3: HAProxy’s "stream ID 0": records of requests on id 0 are refused, whatever is under way', () => {
  for (const requests of [0, 1]) {
    for (const type of [1, 2, 3, 4, 5, 6, 7, 8]) {
      for (const content of ['', '\0'.repeat(8)]) {
        const record = rawRecord({ type, requestId: 0, content })
        assert.throws(() => sideOf(requests).push(record), ProtocolError, `type ${type}`)
      }
    }
  }
})

test('FastCGI 3.3, 4: what only a web server may send is refused from an application, and types that nobody knows', () => {
  for (const type of [1, 2, 4, 5, 8, 9, 10, 11, 12, 255, 0]) {
    assert.throws(() => sideOf(1).push(rawRecord({ type, content: '\0'.repeat(8) })), ProtocolError, `type ${type}`)
  }
  for (const type of [0, 9, 12, 255]) {
    assert.throws(() => sideOf(1).push(rawRecord({ type, requestId: 0 })), ProtocolError, `type ${type} with id 0`)
  }
})

test('FastCGI 3.3: more of a stream after its end is refused; of the other it is not', () => {
  for (const [type, other] of [
    [stdout, stderr],
    [stderr, stdout],
  ] as const) {
    const side = sideOf(1)
    side.push(streamEnd(type))
    assert.equal(side.push(rawRecord({ type: other, content: 'x' })).length, 1)
    assert.throws(() => side.push(rawRecord({ type, content: 'x' })), ProtocolError)
  }
})

test('FastCGI 5.5: an FCGI_END_REQUEST that has not eight bytes is refused, and its id is not free', () => {
  for (const length of [0, 7, 9]) {
    const side = sideOf(1)
    const record = rawRecord({ type: recordTypes.endRequest, content: '\0'.repeat(length) })
    assert.throws(() => side.push(record), ProtocolError)
    assert.equal(side.underWay, 1)
  }
})

test('FastCGI 4.1: GET_VALUES asks for names without values; the answer is those that the application knows', () => {
  const pairs = '\x0e\x00FCGI_MAX_CONNS\x0d\x00FCGI_MAX_REQS\x0f\x00FCGI_MPXS_CONNS'
  assert.equal(byteStringOf(encodeGetValues().subarray(8, 8 + pairs.length)), pairs)
  assert.equal(encodeGetValues()[1], recordTypes.getValues)
  const result = answer(encodeNameValues([['FCGI_MPXS_CONNS', '1']]))
  for (const side of [sideOf(0), sideOf(2)]) {
    assert.deepEqual(push(side, ...oneByOne(result)), ['values [["FCGI_MPXS_CONNS","1"]]'])
  }
})

test('FastCGI 4.1: an answer to GET_VALUES that is no pairs, or of more than 4096 bytes, is refused', () => {
  assert.throws(() => sideOf(0).push(answer(bytesOf('\x04\x01NAME'))), ProtocolError)
  assert.throws(() => sideOf(0).push(answer(encodeNameValues([['NAME', 'v'.repeat(4096)]]))), ProtocolError)
  assert.throws(() => sideOf(0).push(answer(bytesOf('\xff\xff\xff\xff\xff\xff\xff\xff'))), ProtocolError)
})

test('FastCGI 4.2: FCGI_UNKNOWN_TYPE says which management record the application did not know', () => {
  assert.deepEqual(push(sideOf(0), encodeUnknownType(recordTypes.getValues)), ['unknown-type 9'])
})

test('FastCGI 3.5: an application may close when nothing is under way and no record has begun', () => {
  const side = new ServerSide()
  assert.ok(side.isAtRest)
  side.begin()
  assert.ok(!side.isAtRest)
  const end = encodeEndRequest(1, ended)
  side.push(end.subarray(0, -1))
  assert.ok(!side.isAtRest)
  side.push(end.subarray(-1))
  assert.ok(side.isAtRest)
  side.push(end.subarray(0, 1))
  assert.ok(!side.isAtRest, 'the beginning of a record')
})

test('FastCGI 3.3: output of any size comes back whole, wherever it is cut', () => {
  const source = Buffer.alloc(140_000, 'output, unlike itself elsewhere: 0123456789')
  const sizes = fc.oneof(fc.nat(source.length), fc.constantFrom(0, 1, 65528, 65535, 65536))
  fc.assert(
    fc.property(sizes, cuts, (size, at) => {
      const bytes = Buffer.concat([...encodeStream(stdout, 1, source.subarray(0, size)), encodeEndRequest(1, ended)])
      const text = byteStringOf(source.subarray(0, size))
      const lines = push(sideOf(1), ...cutBytes(bytes, at))
      assert.deepEqual(lines, [...(size === 0 ? [] : [`stdout 1 ${text}`]), 'end 1 0 0'])
    }),
    { ...runs, numRuns: 100 },
  )
})

test('FastCGI 3.3: garbage gives events or a ProtocolError, never another error, and the same wherever it is cut', () => {
  const pieces = fc.oneof(
    byteStrings(20).map(bytesOf),
    fc
      .record({
        type: fc.oneof(fc.constantFrom(3, 6, 7, 10, 11), fc.nat(255)),
        requestId: fc.nat(3),
        padding: fc.nat(9),
        content: fc.oneof(fc.constant('\0'.repeat(8)), byteStrings(9)),
      })
      .map(rawRecord),
    fc.constantFrom(rawHeader(6, 1, 2, 0), rawHeader(3, 1, 8, 8), streamEnd(6), streamEnd(7)),
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 6 }), cuts, (parts, at) => {
      const bytes = Buffer.concat(parts)
      const whole = outcome(() => push(sideOf(2), bytes))
      assert.deepEqual(
        outcome(() => push(sideOf(2), ...cutBytes(bytes, at))),
        whole,
      )
      assert.deepEqual(
        outcome(() => push(sideOf(2), ...oneByOne(bytes))),
        whole,
      )
    }),
    runs,
  )
})
