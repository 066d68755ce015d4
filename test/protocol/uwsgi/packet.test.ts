// The uwsgi protocol: the packet before the body.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf, type ByteString } from '../../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import {
  encodeUwsgiPacket,
  longestPacket,
  PacketTooLarge,
  UwsgiPacketDecoder,
} from '../../../src/protocol/uwsgi/packet.ts'
import { byteStrings, cut, cutBytes, cuts, oneByOne, piecesOf, runs } from '../arbitraries.ts'

interface Packet {
  readonly modifiers: readonly [number, number]
  readonly variables: readonly (readonly [string, ByteString])[]
  readonly body: ByteString
}

/** Undefined: the packet has not all come. */
function decode(chunks: readonly Uint8Array[]): Packet | undefined {
  const decoder = new UwsgiPacketDecoder()
  for (const [index, chunk] of chunks.entries()) {
    const head = decoder.push(chunk)
    if (head === undefined) continue
    const body = byteStringOf(Buffer.concat([head.rest, ...chunks.slice(index + 1)]))
    return { modifiers: [head.modifier1, head.modifier2], variables: [...head.variables], body }
  }
  return undefined
}

function outcome(chunks: readonly Uint8Array[]): unknown {
  try {
    return decode(chunks)
  } catch (error) {
    if (error instanceof ProtocolError) return 'refused'
    throw error
  }
}

function packet(content: ByteString): ByteString {
  return `\0${String.fromCharCode(content.length & 255, content.length >> 8)}\0${content}`
}

test('uwsgi: modifier1, the size in two bytes, low first, modifier2; then each name and value with its length', () => {
  const variables = new Map([
    ['NAME', 'value'],
    ['EMPTY', ''],
  ])
  const example = '\x00\x16\x00\x00\x04\x00NAME\x05\x00value\x05\x00EMPTY\x00\x00'
  assert.equal(byteStringOf(encodeUwsgiPacket(variables)), example)
  assert.equal(byteStringOf(encodeUwsgiPacket(new Map(), { modifier1: 5, modifier2: 255 })), '\x05\0\0\xff')
  const long = encodeUwsgiPacket(new Map([['N', 'v'.repeat(0x1234)]]))
  assert.equal(long.subarray(0, 9).toString('hex'), '0039120001004e3412')
})

test('uwsgi: modifiers are 0 where nobody says, and a modifier that is no byte is a TypeError', () => {
  const modifiers = { modifier1: 9, modifier2: 14 }
  assert.deepEqual(decode([encodeUwsgiPacket(new Map(), modifiers)])?.modifiers, [9, 14])
  assert.deepEqual(decode([encodeUwsgiPacket(new Map())])?.modifiers, [0, 0])
  for (const bad of [-1, 256, 1.5, Number.NaN]) {
    assert.throws(() => encodeUwsgiPacket(new Map(), { modifier1: bad }), TypeError)
    assert.throws(() => encodeUwsgiPacket(new Map(), { modifier2: bad }), TypeError)
  }
})

test('uwsgi: any variables and modifiers come back, wherever the packet is cut, and what follows is the body', () => {
  const name = byteStrings(30).map((text) => `V${text}`)
  const all = fc.uniqueArray(fc.tuple(name, byteStrings(300)), { maxLength: 8, selector: ([first]) => first })
  fc.assert(
    fc.property(all, fc.nat(255), fc.nat(255), byteStrings(), cuts, (variables, modifier1, modifier2, body, at) => {
      const head = encodeUwsgiPacket(new Map(variables), { modifier1, modifier2 })
      const bytes = Buffer.concat([head, bytesOf(body)])
      const expected = { modifiers: [modifier1, modifier2], variables, body }
      assert.deepEqual(decode(cutBytes(bytes, at)), expected)
      assert.deepEqual(decode(oneByOne(bytes)), expected)
    }),
    runs,
  )
})

test('uwsgi: a packet is complete with its last byte, and not before', () => {
  const bytes = encodeUwsgiPacket(new Map([['NAME', 'value']]))
  for (let length = 0; length < bytes.length; length++) assert.equal(decode([bytes.subarray(0, length)]), undefined)
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(decode([bytes.subarray(0, at), bytes.subarray(at)])?.variables, [['NAME', 'value']])
  }
})

/** Two small variables, and a large one so that all but the last take so many bytes. */
function filled(length: number): Map<string, string> {
  return new Map([
    ['A', 'b'],
    ['HTTP_COOKIE', 'c'.repeat(length - 6 - 4 - 'HTTP_COOKIE'.length)],
    ['LAST', ''],
  ])
}

test('uwsgi: 65535 bytes of variables fit, and one more is an error that names the largest', () => {
  const rest = 4 + 'LAST'.length
  const bytes = encodeUwsgiPacket(filled(longestPacket - rest))
  assert.equal(bytes.length, 4 + 65535)
  assert.deepEqual(bytes.subarray(1, 3), Buffer.from([255, 255]))
  assert.equal(decode([bytes])?.variables.length, 3)
  for (const more of [1, 65536, 200_000]) {
    assert.throws(
      () => encodeUwsgiPacket(filled(longestPacket - rest + more)),
      (error) => {
        assert.ok(error instanceof PacketTooLarge)
        assert.equal(error.bytes, longestPacket + more)
        assert.equal(error.largest, 'HTTP_COOKIE')
        return true
      },
    )
  }
})

test('uwsgi: the largest variable is the one with most bytes, name and value, and the message has not all of a long name', () => {
  const name = 'N'.repeat(65_000)
  const variables = new Map([
    ['HTTP_COOKIE', 'c'.repeat(600)],
    [name, ''],
  ])
  assert.throws(
    () => encodeUwsgiPacket(variables),
    (error) => error instanceof PacketTooLarge && error.largest === name && error.message.length < 400,
  )
})

test('uwsgi: a name or value that is longer than the packet is refused', () => {
  for (const content of [
    '\x01',
    '\x01\x00',
    '\x02\x00A',
    '\x01\x00A',
    '\x01\x00A\x01',
    '\x01\x00A\x01\x00',
    '\xff\xffA',
  ]) {
    assert.throws(() => decode([bytesOf(packet(content))]), ProtocolError, JSON.stringify(content))
  }
  assert.throws(() => decode([bytesOf(`${packet('\x01\x00A\x05\x00b')}body`)]), ProtocolError, 'not even with the body')
})

test('uwsgi: an empty name is refused, as uWSGI does, and a TypeError to write; an empty value is not', () => {
  assert.throws(() => decode([bytesOf(packet('\0\0\x01\0b'))]), ProtocolError)
  assert.throws(() => encodeUwsgiPacket(new Map([['', 'b']])), TypeError)
  assert.deepEqual(decode([bytesOf(packet('\x01\0A\0\0'))])?.variables, [['A', '']])
})

test('uwsgi: a character that is no byte is a TypeError', () => {
  for (const text of ['\u0100', 'a€']) {
    assert.throws(() => encodeUwsgiPacket(new Map([['A', text]])), TypeError)
    assert.throws(() => encodeUwsgiPacket(new Map([[text, 'a']])), TypeError)
  }
})

test('uwsgi: of a name that stands twice the last value counts, as in uWSGI', () => {
  assert.deepEqual(decode([bytesOf(packet('\x01\0A\x01\x001\x01\0A\x01\x002'))])?.variables, [['A', '2']])
})

test('uwsgi: once the packet has been given, more of it is a TypeError: what follows is the body', () => {
  const decoder = new UwsgiPacketDecoder()
  assert.notEqual(decoder.push(encodeUwsgiPacket(new Map())), undefined)
  assert.throws(() => decoder.push(bytesOf('body')), TypeError)
})

test('uwsgi: what is held of a packet is a copy: a chunk may be used again by its owner', () => {
  const bytes = encodeUwsgiPacket(new Map([['NAME', 'value']]))
  for (const size of [1, 2, 3, 5, 8]) {
    const decoder = new UwsgiPacketDecoder()
    const chunk = Buffer.alloc(size)
    let value: ByteString | undefined
    for (let at = 0; at < bytes.length; at += size) {
      value = decoder.push(chunk.subarray(0, bytes.copy(chunk, 0, at)))?.variables.get('NAME')
      chunk.fill('!')
    }
    assert.equal(value, 'value', `chunks of ${size}`)
  }
})

test('uwsgi: whole packets that come byte by byte are not copied again for each byte', () => {
  const bytes = encodeUwsgiPacket(new Map([['HTTP_COOKIE', 'c'.repeat(65_000)]]))
  const start = process.cpuUsage()
  for (let count = 0; count < 40; count++) {
    const decoder = new UwsgiPacketDecoder()
    for (let at = 0; at < bytes.length - 1; at++) decoder.push(bytes.subarray(at, at + 1))
    assert.equal(decoder.push(bytes.subarray(-1))?.variables.get('HTTP_COOKIE')?.length, 65_000)
  }
  // Copied for each byte, that would be eighty gigabytes.
  assert.ok(process.cpuUsage(start).user < 10_000_000)
})

test('uwsgi: garbage gives a packet, the wish for more or a ProtocolError, never another error, and the same wherever it is cut', () => {
  const inside = piecesOf(['\0', '\x01', '\x02\0', 'A', '\x01\0A', '\x01\0b', '\xff\xff'], 8)
  const garbage = fc.oneof(
    byteStrings(),
    inside,
    inside.map(packet),
    inside.map((text) => `${packet(text)}rest`),
  )
  fc.assert(
    fc.property(garbage, cuts, (text, at) => {
      const whole = outcome([bytesOf(text)])
      assert.deepEqual(outcome(cut(text, at)), whole)
      assert.deepEqual(outcome(oneByOne(bytesOf(text))), whole)
    }),
    runs,
  )
})
