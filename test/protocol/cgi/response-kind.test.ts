// RFC 3875 6.2: which response a head is.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { HeadError, type RawHead } from '../../../src/protocol/cgi/response-head.ts'
import { readNphHead, readResponseHead, type ResponseHead } from '../../../src/protocol/cgi/response-kind.ts'
import { isFieldValue, type Field } from '../../../src/protocol/http/fields.ts'
import { byteStrings, piecesOf, runs } from '../arbitraries.ts'

const raw = (fields: readonly Field[], statusLine?: string): RawHead => ({
  statusLine,
  fields,
  rest: new Uint8Array(0),
})

function read(reader: (head: RawHead) => ResponseHead, head: RawHead): ResponseHead | string {
  try {
    return reader(head)
  } catch (error) {
    assert.ok(error instanceof HeadError, String(error))
    return error.fault
  }
}

const kindOf = (...fields: readonly Field[]): string => {
  const head = read(readResponseHead, raw(fields))
  return typeof head === 'string' ? head : `${head.kind} ${head.status}`
}

const fieldNames = [
  'Status',
  'LOCATION',
  'location',
  'Content-Type',
  'content-length',
  'Transfer-Encoding',
  'X-A',
  'Set-Cookie',
]
const values = fc.oneof(
  byteStrings(20),
  piecesOf(['/', 'a', ' ', '#', '?', '//', 'http://a', '200', '404 x', '5', '-', 'chunked', '\xa0', '\t'], 5),
)
const fieldLists = fc.array(fc.tuple(fc.constantFrom(...fieldNames), values), { maxLength: 5 })

test('RFC 3875 6.2: any fields are read or refused by a HeadError; a status is 200 to 599, and Status is gone', () => {
  fc.assert(
    fc.property(fieldLists, (fields) => {
      const head = read(readResponseHead, raw(fields))
      if (typeof head === 'string') return
      assert.ok(head.status >= 200 && head.status <= 599)
      assert.ok(head.fields.every(([name]) => name.toLowerCase() !== 'status'))
      assert.ok(head.announcedLength === undefined || Number.isSafeInteger(head.announcedLength))
      assert.equal(head.chunked, false)
    }),
    runs,
  )
})

test('RFC 3875 6.2.2: a local redirect is a path of this host, without a fragment and without any other field', () => {
  fc.assert(
    fc.property(fieldLists, (fields) => {
      const head = read(readResponseHead, raw(fields))
      if (typeof head === 'string' || head.kind !== 'local-redirect') return
      assert.ok(fields.every(([name]) => name.toLowerCase() === 'location'))
      assert.match(head.location ?? '', /^\/(?!\/)[^# \t]*$/)
    }),
    runs,
  )
})

test('RFC 3875 6.2: the four responses', () => {
  const type = ['Content-Type', 'a/b'] as const
  assert.equal(kindOf(type), 'document 200')
  assert.equal(kindOf(type, ['Status', '404 Not Found']), 'document 404')
  assert.equal(kindOf(['Location', '/a?b']), 'local-redirect 302')
  assert.equal(kindOf(['Location', 'http://a/']), 'client-redirect 302')
  assert.equal(kindOf(['Location', '/a'], ['Status', '301 x'], type), 'client-redirect-with-document 301')
  assert.equal(kindOf(['Location', 'http://a/'], type), 'client-redirect-with-document 302')
  assert.equal(kindOf(['Location', '/a'], ['Set-Cookie', 'a=b']), 'client-redirect 302')
})

test('RFC 3875 6.3: each fault has its name', () => {
  const type = ['Content-Type', 'a/b'] as const
  assert.equal(kindOf(), 'empty-head')
  assert.equal(kindOf(type, ['Status', 'OK']), 'bad-status')
  assert.equal(kindOf(type, ['Status', '199']), 'bad-status')
  assert.equal(kindOf(type, ['Status', '600']), 'bad-status')
  assert.equal(kindOf(type, ['content-type', 'c/d']), 'repeated-field')
  assert.equal(kindOf(type, ['Content-Length', '1e3']), 'bad-content-length')
  assert.equal(kindOf(type, ['Transfer-Encoding', 'chunked']), 'transfer-encoding')
  assert.equal(kindOf(['Location', '']), 'bad-location')
  assert.equal(kindOf(['Location', 'a b']), 'bad-location')
  assert.equal(read(readResponseHead, raw([type], 'HTTP/1.1 200 OK')), 'status-line')
})

test('RFC 3875 6.3.2: bytes of a Location that are not ASCII are no white space', () => {
  for (let byte = 0x80; byte < 0x100; byte++) {
    assert.equal(kindOf(['Location', `http://a/${String.fromCharCode(byte)}`]), 'client-redirect 302', `byte ${byte}`)
  }
})

test('RFC 3875 5: any NPH head is read or refused by a HeadError, and what is read can be written as an answer', () => {
  const lines = fc.oneof(
    fc
      .tuple(fc.constantFrom('HTTP/1.1 200', 'HTTP/1.0 404', 'HTTP/1.1 99', 'HTTP/2 200'), byteStrings(8))
      .map(([start, text]) => `${start} ${text}`),
    byteStrings(20),
  )
  fc.assert(
    fc.property(lines, fieldLists, (line, fields) => {
      const head = read(readNphHead, raw(fields, line))
      if (typeof head === 'string') return
      assert.ok(head.status >= 100 && head.status <= 599)
      assert.ok(isFieldValue(head.reason ?? ''), JSON.stringify(line))
      assert.ok(!head.chunked || head.announcedLength === undefined)
    }),
    runs,
  )
})

test('RFC 3875 5: chunked is the only transfer coding of an NPH script', () => {
  const coded = (coding: string): unknown => read(readNphHead, raw([['Transfer-Encoding', coding]], 'HTTP/1.1 200 OK'))
  assert.equal(typeof coded('Chunked'), 'object')
  assert.equal(coded('gzip, chunked'), 'transfer-encoding')
  assert.equal(coded('identity'), 'transfer-encoding')
  const twice: readonly Field[] = [
    ['Transfer-Encoding', 'chunked'],
    ['transfer-encoding', 'gzip'],
  ]
  assert.equal(read(readNphHead, raw(twice, 'HTTP/1.1 200 OK')), 'transfer-encoding')
})

test('RFC 3875 5: Content-Length beside chunks does not count', () => {
  const fields = [
    ['Transfer-Encoding', 'chunked'],
    ['Content-Length', '5'],
  ] as const
  const head = read(readNphHead, raw(fields, 'HTTP/1.1 200 OK'))
  assert.ok(typeof head === 'object')
  assert.deepEqual(
    [head.chunked, head.announcedLength, head.fields],
    [true, undefined, [['Transfer-Encoding', 'chunked']]],
  )
})
