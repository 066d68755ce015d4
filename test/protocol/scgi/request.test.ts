// SCGI: the head of a request.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf, type ByteString } from '../../../src/bytes/byte-string.ts'
import { ProtocolError } from '../../../src/protocol/errors.ts'
import { encodeScgiHead, ScgiHeadDecoder } from '../../../src/protocol/scgi/request.ts'
import { byteStrings, cut, cutBytes, cuts, oneByOne, piecesOf, runs } from '../arbitraries.ts'

interface Request {
  readonly variables: readonly (readonly [string, ByteString])[]
  readonly contentLength: number
  readonly body: ByteString
}

/** Undefined: the head has not all come. */
function decode(chunks: readonly Uint8Array[], maxBytes = 100_000): Request | undefined {
  const decoder = new ScgiHeadDecoder(maxBytes)
  for (const [index, chunk] of chunks.entries()) {
    const head = decoder.push(chunk)
    if (head === undefined) continue
    const body = byteStringOf(Buffer.concat([head.rest, ...chunks.slice(index + 1)]))
    return { variables: [...head.variables], contentLength: head.contentLength, body }
  }
  return undefined
}

function outcome(chunks: readonly Uint8Array[], maxBytes?: number): unknown {
  try {
    return decode(chunks, maxBytes)
  } catch (error) {
    if (error instanceof ProtocolError) return 'refused'
    throw error
  }
}

function netstring(content: ByteString): ByteString {
  return `${content.length}:${content},`
}

const head = 'CONTENT_LENGTH\x0027\0SCGI\x001\0REQUEST_METHOD\0POST\0REQUEST_URI\0/deepthought\0'
const body = 'What is the answer to life?'

test('SCGI: the example of the specification', () => {
  assert.equal(netstring(head).slice(0, 3), '70:')
  assert.deepEqual(decode([bytesOf(netstring(head) + body)]), {
    variables: [
      ['CONTENT_LENGTH', '27'],
      ['REQUEST_METHOD', 'POST'],
      ['REQUEST_URI', '/deepthought'],
    ],
    contentLength: 27,
    body,
  })
  const variables = new Map([
    ['REQUEST_METHOD', 'POST'],
    ['REQUEST_URI', '/deepthought'],
    ['CONTENT_LENGTH', '27'],
  ])
  assert.equal(byteStringOf(encodeScgiHead(variables)), netstring(head))
})

test('SCGI: CONTENT_LENGTH is there, and the first, even where it is missing or empty', () => {
  const expected = netstring('CONTENT_LENGTH\x000\0SCGI\x001\0A\0b\0')
  for (const variables of [
    [['A', 'b']],
    [
      ['A', 'b'],
      ['CONTENT_LENGTH', ''],
      ['SCGI', '2'],
    ],
  ] as const) {
    assert.equal(byteStringOf(encodeScgiHead(new Map(variables))), expected)
  }
})

test('SCGI: a head cut at any byte is the same head, and what follows is the body', () => {
  const bytes = bytesOf(netstring(head) + body)
  const whole = decode([bytes])
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(decode([bytes.subarray(0, at), bytes.subarray(at)]), whole, `cut at ${at}`)
  }
  assert.deepEqual(decode(oneByOne(bytes)), whole)
})

test('SCGI: a head is complete with its comma, and not before', () => {
  const bytes = bytesOf(netstring(head))
  for (let length = 0; length < bytes.length; length++) assert.equal(decode([bytes.subarray(0, length)]), undefined)
})

test('SCGI: any variables come back, wherever the head is cut', () => {
  const word = byteStrings(30).map((text) => text.replaceAll('\0', '0'))
  const name = word.map((text) => `V${text}`)
  const all = fc.uniqueArray(fc.tuple(name, word), { maxLength: 8, selector: ([first]) => first })
  fc.assert(
    fc.property(
      all,
      fc.maxSafeNat().map((length) => length % 1e15),
      byteStrings(),
      cuts,
      (pairs, length, rest, at) => {
        const variables = [['CONTENT_LENGTH', String(length)] as const, ...pairs]
        const bytes = Buffer.concat([encodeScgiHead(new Map(variables)), bytesOf(rest)])
        assert.deepEqual(decode(cutBytes(bytes, at)), { variables, contentLength: length, body: rest })
      },
    ),
    runs,
  )
})

test('SCGI: what does not begin with the length of a netstring is refused as soon as that is seen', () => {
  for (const start of ['G', ':', '-1', '+1', ' 1', '00', '01:', '1 ', '1,', '0x', '1234567890', '\xb2', '\0']) {
    assert.throws(() => decode([bytesOf(start)]), ProtocolError, JSON.stringify(start))
    assert.throws(() => decode(oneByOne(bytesOf(start))), ProtocolError, JSON.stringify(start))
  }
})

test('SCGI: a head past the limit is refused when its length is announced, and digits without end are', () => {
  const content = `CONTENT_LENGTH\x000\0SCGI\x001\0A\0${'b'.repeat(400)}\0`
  assert.equal(outcome([bytesOf(netstring(content))], content.length) === 'refused', false)
  assert.equal(outcome([bytesOf(`${content.length}:`)], content.length - 1), 'refused')
  assert.equal(outcome([bytesOf('999999999:')]), 'refused')
  const decoder = new ScgiHeadDecoder(Number.POSITIVE_INFINITY)
  for (let digits = 0; digits < 9; digits++) assert.equal(decoder.push(bytesOf('9')), undefined)
  assert.throws(() => decoder.push(bytesOf('9')), ProtocolError)
})

test('SCGI: a netstring that does not end with a comma is refused', () => {
  for (const end of [';', '\0', ':', 'G']) {
    assert.throws(() => decode([bytesOf(netstring(head).slice(0, -1) + end)]), ProtocolError)
  }
})

test('SCGI: variables that are not names and values, each with its NUL, are refused', () => {
  const start = 'CONTENT_LENGTH\x000\0SCGI\x001\0'
  for (const content of ['', '\0', 'CONTENT_LENGTH', `${start}A`, `${start}A\0`, `${start}A\0b`, `${start}A\0b\0C\0`]) {
    assert.throws(() => decode([bytesOf(netstring(content))]), ProtocolError, JSON.stringify(content))
  }
  assert.throws(() => decode([bytesOf(netstring(`${start}\0b\0`))]), ProtocolError, 'a name that is empty')
})

test('SCGI: CONTENT_LENGTH that is not the first, is missing or is no number is refused', () => {
  for (const content of [
    'SCGI\x001\0',
    'SCGI\x001\0CONTENT_LENGTH\x000\0',
    'content_length\x000\0SCGI\x001\0',
    ...['', '-1', '+1', '1 ', '0x1', '1e3', '1.0', '\xb2', '1234567890123456'].map(
      (length) => `CONTENT_LENGTH\0${length}\0SCGI\x001\0`,
    ),
  ]) {
    assert.throws(() => decode([bytesOf(netstring(content))]), ProtocolError, JSON.stringify(content))
  }
})

test('SCGI: a request without the variable SCGI of the value 1 is refused', () => {
  for (const rest of ['', 'A\0b\0', 'SCGI\x002\0', 'SCGI\0\0', 'scgi\x001\0']) {
    assert.throws(() => decode([bytesOf(netstring(`CONTENT_LENGTH\x000\0${rest}`))]), ProtocolError)
  }
})

test('SCGI: a name that stands twice is refused', () => {
  for (const name of ['A', 'SCGI', 'CONTENT_LENGTH']) {
    const content = `CONTENT_LENGTH\x000\0SCGI\x001\0A\x001\0${name}\x001\0`
    assert.throws(() => decode([bytesOf(netstring(content))]), ProtocolError, name)
  }
})

test('SCGI: what would begin another variable is a TypeError: a NUL, and what becomes one when its high bits are lost', () => {
  for (const text of ['a\0HTTPS\0on', 'a\u0100HTTPS\u0100on', '\u0141']) {
    assert.throws(() => encodeScgiHead(new Map([['A', text]])), TypeError)
    assert.throws(() => encodeScgiHead(new Map([[text, 'a']])), TypeError)
    assert.throws(() => encodeScgiHead(new Map([['CONTENT_LENGTH', `0${text}`]])), TypeError)
  }
  assert.throws(() => encodeScgiHead(new Map([['', 'a']])), TypeError)
  for (const length of ['-1', 'x', ' ', '1234567890123456']) {
    assert.throws(() => encodeScgiHead(new Map([['CONTENT_LENGTH', length]])), TypeError)
  }
})

test('SCGI: once the head has been given, more of it is a TypeError: what follows is the body', () => {
  const decoder = new ScgiHeadDecoder(1000)
  assert.notEqual(decoder.push(bytesOf(netstring(head))), undefined)
  assert.throws(() => decoder.push(bytesOf(body)), TypeError)
})

test('SCGI: what is held of a head is a copy: a chunk may be used again by its owner', () => {
  const bytes = bytesOf(netstring(head))
  for (const size of [1, 2, 5, 60]) {
    const decoder = new ScgiHeadDecoder(1000)
    const chunk = Buffer.alloc(size)
    let variables: readonly string[] = []
    for (let at = 0; at < bytes.length; at += size) {
      variables = [...(decoder.push(chunk.subarray(0, bytes.copy(chunk, 0, at)))?.variables.keys() ?? [])]
      chunk.fill('!')
    }
    assert.deepEqual(variables, ['CONTENT_LENGTH', 'REQUEST_METHOD', 'REQUEST_URI'], `chunks of ${size}`)
  }
})

test('SCGI: a megabyte that comes byte by byte is not copied again for each byte', () => {
  const bytes = encodeScgiHead(new Map([['HTTP_COOKIE', 'c'.repeat(1024 * 1024)]]))
  const decoder = new ScgiHeadDecoder(bytes.length)
  const start = process.cpuUsage()
  for (let at = 0; at < bytes.length - 1; at++) decoder.push(bytes.subarray(at, at + 1))
  assert.equal(decoder.push(bytes.subarray(-1))?.variables.get('HTTP_COOKIE')?.length, 1024 * 1024)
  // Copied for each byte, that would be half a terabyte.
  assert.ok(process.cpuUsage(start).user < 20_000_000)
})

test('SCGI: garbage gives a head, the wish for more or a ProtocolError, never another error, and the same wherever it is cut', () => {
  const start = 'CONTENT_LENGTH\x000\0SCGI\x001\0'
  const inside = piecesOf(['\0', 'A', 'A\0b\0', 'CONTENT_LENGTH\x000\0', 'SCGI\x001\0', ',', ':'], 6)
  const garbage = fc.oneof(
    byteStrings(),
    piecesOf(['0', '1', '9', ':', ',', '\0', 'A']),
    inside.map((text) => `${netstring(start + text)}rest`),
    inside.map(netstring),
    fc.tuple(inside, fc.nat(40)).map(([text, length]) => `${length}:${text},`),
  )
  fc.assert(
    fc.property(garbage, cuts, (text, at) => {
      const whole = outcome([bytesOf(text)], 200)
      assert.deepEqual(outcome(cut(text, at), 200), whole)
      assert.deepEqual(outcome(oneByOne(bytesOf(text)), 200), whole)
    }),
    runs,
  )
})
