// The decoder of response heads: cut anywhere, fed anything.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf } from '../../../src/bytes/byte-string.ts'
import { HeadError, ResponseHeadDecoder, type RawHead } from '../../../src/protocol/cgi/response-head.ts'
import { isFieldValue, isToken } from '../../../src/protocol/http/fields.ts'
import { byteStrings, cut, cuts, piecesOf, runs } from '../arbitraries.ts'

const max = 1000

/** The head with all that followed it, or the fault. */
function outcome(parts: readonly Uint8Array[], maxBytes = max): (Omit<RawHead, 'rest'> & { rest: string }) | string {
  const decoder = new ResponseHeadDecoder(maxBytes)
  try {
    for (const [index, part] of parts.entries()) {
      const head = decoder.push(part)
      if (head === undefined) continue
      return {
        ...head,
        rest:
          byteStringOf(head.rest) +
          parts
            .slice(index + 1)
            .map(byteStringOf)
            .join(''),
      }
    }
    return decoder.endFault().fault
  } catch (error) {
    if (error instanceof HeadError) return error.fault
    throw error
  }
}

const heads = [
  'Content-Type: text/plain\n\nbody\n\nmore',
  'Content-Type: text/plain\r\nX-A:  b \r\n\r\n\r\nbody',
  'A: 1\r\nB: 2\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nbody',
  'Status: 404 Caf\xe9\nSet-Cookie: a=b; c\nSet-Cookie: d\n\n\x00\xff',
  '\nbody',
]

test('a report of Python’s cgitb, before a head and within one: its first line is no field, and no fault', () => {
  const report = '<!--: spam\nContent-Type: text/html\n\n<body'
  const fields = [['Content-Type', 'text/html']]
  const head = { statusLine: undefined, rest: '<body' }
  assert.deepEqual(outcome([bytesOf(report)]), { ...head, fields })
  assert.deepEqual(outcome([bytesOf(`X: 1\n${report}`)]), { ...head, fields: [['X', '1'], ...fields] })
  for (const other of ['<!--: eggs\n\n', ' <!--: spam\n\n', '<!--:\n\n'])
    assert.equal(typeof outcome([bytesOf(other)]), 'string', other)
})

test('RFC 3875 6.1: a head cut at any byte is the same head, and the body after it is whole', () => {
  for (const text of heads) {
    const bytes = bytesOf(text)
    const whole = outcome([bytes])
    assert.equal(typeof whole, 'object', text)
    for (let at = 0; at <= bytes.length; at++) {
      assert.deepEqual(
        outcome([bytes.subarray(0, at), bytes.subarray(at)]),
        whole,
        `${JSON.stringify(text)} cut at ${at}`,
      )
    }
    assert.deepEqual(outcome([...bytes].map((byte) => Uint8Array.of(byte))), whole)
  }
})

test('RFC 3875 6: garbage gives a head or a HeadError, never another error, and the same wherever it is cut', () => {
  const pieces = [
    'Content-Type',
    ': ',
    'text/plain',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '\t',
    ':',
    'HTTP/1.1 200 OK',
    '\0',
    '\xe9',
    '\n\n',
    'x'.repeat(40),
  ]
  const garbage = fc.oneof(byteStrings(), piecesOf(pieces))
  fc.assert(
    fc.property(garbage, cuts, fc.constantFrom(max, 60, 20), (text, at, maxBytes) => {
      assert.deepEqual(outcome(cut(text, at), maxBytes), outcome([bytesOf(text)], maxBytes))
    }),
    runs,
  )
})

test('RFC 9110 5: every field of a head that is read has a token for a name and a value without control characters', () => {
  const garbage = piecesOf(['a', 'B-c', ':', ' ', '\t', '\n', '\r', '\r\n', '\0', '\x1b', '\xe9', '"', '(', '\n\n'], 20)
  fc.assert(
    fc.property(garbage, (text) => {
      const head = outcome([bytesOf(`A: b\n${text}`)])
      if (typeof head === 'string') return
      for (const [name, value] of head.fields)
        assert.ok(isToken(name) && isFieldValue(value), JSON.stringify([name, value]))
    }),
    runs,
  )
})

test('RFC 3875 6.3: any list of fields is read as it was written', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/)
  const value = fc.stringMatching(/^([!-~\x80-\xff]([ -~\x80-\xff]{0,12}[!-~\x80-\xff])?)?$/)
  const fields = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(fields, fc.constantFrom('\n', '\r\n'), byteStrings(), cuts, (list, newLine, body, at) => {
      const text = `${list.map(([key, content]) => `${key}: ${content}${newLine}`).join('')}${newLine}${body}`
      assert.deepEqual(outcome(cut(text, at)), { statusLine: undefined, fields: list, rest: body })
    }),
    runs,
  )
})

test('RFC 3875 6.3: each fault has its name', () => {
  const faults: Readonly<Record<string, string>> = {
    'Content-Type: text/plain': 'no-blank-line',
    'Content-Type: text/plain\n': 'no-blank-line',
    hello: 'not-a-field',
    '<html>\n\n': 'not-a-field',
    ': b\n\n': 'not-a-field',
    'A b: c\n\n': 'not-a-field',
    'A : c\n\n': 'not-a-field',
    'A: b\n c\n\n': 'folded-line',
    'A: b\n\tc\n\n': 'folded-line',
    'A: b\rc\n\n': 'control-character',
    'A: b\0\n\n': 'control-character',
    'A: \x7f\n\n': 'control-character',
  }
  for (const [text, fault] of Object.entries(faults))
    assert.equal(outcome([bytesOf(text)]), fault, JSON.stringify(text))
})

test('RFC 3875 6.1: a status line is one only where it is the first line', () => {
  assert.equal(outcome([bytesOf('A: b\nHTTP/1.1 200 OK\n\n')]), 'not-a-field')
})

test('CVE-2026-42946: a head is never larger than it may be, with its line ends, in one line or in many', () => {
  assert.equal(typeof outcome([bytesOf('A: b\n\n')], 6), 'object')
  assert.equal(outcome([bytesOf('A: b\n\n')], 5), 'too-large')
  assert.equal(outcome([bytesOf('A: b\r\n\r\n')], 7), 'too-large')
  assert.equal(outcome([bytesOf('x'.repeat(100))], 50), 'too-large')
  assert.equal(
    outcome(
      Array.from({ length: 100 }, () => bytesOf('A: b\n')),
      50,
    ),
    'too-large',
  )
})

test('Postern: of a head that is too large the line is told that goes beyond the limit, and nothing behind it', () => {
  const decoder = new ResponseHeadDecoder(20)
  const output = bytesOf(`A: b\nB: ${'x'.repeat(30)}\r\n\r\n\0body`)
  assert.throws(() => decoder.push(output), { name: 'ProtocolError', fault: 'too-large', line: `B: ${'x'.repeat(30)}` })
})

test('CVE-2026-42946: the size of the body after a head does not matter', () => {
  assert.equal(typeof outcome([bytesOf(`A: b\n\n${'x'.repeat(10_000)}`)], 20), 'object')
})

test('Postern: whether output has begun is known from its first byte', () => {
  const decoder = new ResponseHeadDecoder(max)
  assert.equal(decoder.started, false)
  decoder.push(new Uint8Array(0))
  assert.equal(decoder.started, false)
  decoder.push(bytesOf('A'))
  assert.equal(decoder.started, true)
})

test('Postern: the fault of an ended head names its last line', () => {
  const decoder = new ResponseHeadDecoder(max)
  decoder.push(bytesOf('A: b\nC: d\n'))
  assert.equal(decoder.endFault().line, 'C: d')
})
