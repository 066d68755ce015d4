// Cookies, read and written.

import assert from 'node:assert/strict'
import { ServerResponse, IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { cookies, setCookie, type CookieOptions } from '../../src/forms.ts'

function readOf(field: string): readonly (readonly [string, string])[] {
  return [...cookies({ headers: { cookie: field } })]
}

function written(name: string, value: string, options?: CookieOptions): string {
  const headers = new Headers()
  setCookie(headers, name, value, options)
  return headers.getSetCookie().join('\n')
}

test('RFC 6265 5.4: names and values in the order of the field, from a Request and from node:http', () => {
  const expected = [
    ['a', '1'],
    ['b', 'x=y'],
    ['c', ''],
  ]
  assert.deepEqual(readOf('a=1; b=x=y;c='), expected)
  assert.deepEqual([...cookies(new Request('http://localhost/', { headers: { Cookie: 'a=1; b=x=y; c=' } }))], expected)
  assert.deepEqual([...cookies(new Request('http://localhost/'))], [])
  assert.deepEqual([...cookies({ headers: {} })], [])
})

test('RFC 6265 5.4: of two cookies of one name the first counts, which is that of the longer path', () => {
  assert.deepEqual(readOf('a=deep; a=shallow'), [['a', 'deep']])
})

test('RFC 6265 5.4: values are decoded where they are percent-encoded UTF-8, and kept where they are not', () => {
  assert.deepEqual(readOf('a=%C3%BC%20%3B; b=100%; c=%FF; d="q"; e="x; f=%u00e4; g=\xc3\xbc'), [
    ['a', 'ü ;'],
    ['b', '100%'],
    ['c', '%FF'],
    ['d', 'q'],
    ['e', '"x'],
    ['f', '%u00e4'],
    ['g', 'ü'],
  ])
})

test('CVE-2023-23934 (Werkzeug): a cookie without a name does not become one with a prefix', () => {
  assert.deepEqual(readOf('=__Host-test=bad; __Host-test'), [])
})

test('6265bis 4.1.3: white space of Unicode before a name does not make it one with a prefix', () => {
  for (const space of ['\xa0', '\x85', '\x0b', '\x0c', '\xe2\x80\x80']) {
    assert.equal(cookies({ headers: { cookie: `${space}__Host-a=bad` } }).has('__Host-a'), false)
  }
})

test('RFC 6265 5.4: a quotation mark does not hide a semicolon (the cookie sandwich)', () => {
  assert.deepEqual(readOf('a="x; session=1; b=y"'), [
    ['a', '"x'],
    ['session', '1'],
    ['b', 'y"'],
  ])
})

test('RFC 6265 4.1.1: Secure, HttpOnly, SameSite=Lax and the path / unless told otherwise', () => {
  assert.equal(written('a', 'b'), 'a=b; Path=/; Secure; HttpOnly; SameSite=Lax')
  assert.equal(
    written('a', 'b', {
      domain: 'example.org',
      path: '/x',
      maxAgeSeconds: 60,
      expires: new Date(0),
      secure: false,
      httpOnly: false,
      sameSite: 'Strict',
    }),
    'a=b; Path=/x; Domain=example.org; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Strict',
  )
  assert.match(
    written('a', 'b', { sameSite: 'None', partitioned: true }),
    /; Secure; HttpOnly; SameSite=None; Partitioned$/,
  )
})

test('RFC 6265 4.1.1: several cookies, on Headers and on a response of node:http', () => {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  const headers = new Headers()
  for (const target of [headers, response]) {
    setCookie(target, 'a', '1', { httpOnly: false })
    setCookie(target, 'b', '2', { httpOnly: false })
  }
  const expected = ['a=1; Path=/; Secure; SameSite=Lax', 'b=2; Path=/; Secure; SameSite=Lax']
  assert.deepEqual(headers.getSetCookie(), expected)
  assert.deepEqual(response.getHeader('set-cookie'), expected)
})

test('RFC 6265 4.1.1: any text comes back as it was, and the field has no CR, LF, NUL or semicolon of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
      const pair = written('a', value).split('; ')[0] ?? ''
      assert.match(pair, /^a=[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/)
      assert.equal(cookies({ headers: { cookie: pair } }).get('a'), value)
    }),
    { numRuns: 500, interruptAfterTimeLimit: 5000 },
  )
})

test('CWE-113: CR, LF and semicolons in a name, domain or path are a TypeError', () => {
  for (const bad of ['a\r\nX: y', 'a\n', 'a;b', 'a\0', 'a b', 'ü']) {
    assert.throws(() => written(bad, ''), { name: 'TypeError', message: /name/ })
    assert.throws(() => written('a', '', { domain: bad }), { name: 'TypeError', message: /domain/ })
  }
  for (const bad of ['/\r\nX: y', '/;', '', 'x', '/ü']) {
    assert.throws(() => written('a', '', { path: bad }), { name: 'TypeError', message: /path/ })
  }
})

test('6265bis 4.1.3: what a browser would drop without a word is a TypeError', () => {
  const refused: readonly (readonly [string, CookieOptions, RegExp])[] = [
    ['__Secure-a', { secure: false }, /needs secure/],
    ['__Host-a', { secure: false }, /needs secure/],
    ['__HOST-a', { domain: 'example.org' }, /no domain/],
    ['__Host-a', { path: '/x' }, /path \//],
    ['__Http-a', { httpOnly: false }, /needs httpOnly/],
    ['__Host-Http-a', { httpOnly: false }, /needs httpOnly/],
    ['a', { sameSite: 'None', secure: false }, /need secure/],
    ['a', { partitioned: true, secure: false }, /need secure/],
    ['a', { maxAgeSeconds: 0.5 }, /maxAgeSeconds/],
    ['a', { expires: new Date(Number.NaN) }, /expires/],
  ]
  for (const [name, options, words] of refused) {
    assert.throws(() => written(name, '', options), { name: 'TypeError', message: words }, name)
  }
  written('__Host-a', 'x')
  written('__Secure-a', 'x', { domain: 'example.org', path: '/x' })
  written('a', 'x'.repeat(4094))
  assert.throws(() => written('a', 'x'.repeat(4095)), { name: 'TypeError', message: /4096/ })
})
