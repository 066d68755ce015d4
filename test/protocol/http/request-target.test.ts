// Request targets, paths and authorities.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import {
  isRejected,
  percentDecode,
  percentEncode,
  readAuthority,
  readRequestTarget,
  readSegments,
} from '../../../src/protocol/http/request-target.ts'
import { byteStrings, piecesOf, runs } from '../arbitraries.ts'

const pieces = [
  '/',
  '/',
  '.',
  '..',
  '%2e',
  '%2E',
  '%2f',
  '%5c',
  '\\',
  '%',
  '%25',
  '%252e',
  'a',
  'b%20',
  '%00',
  ';',
  '?',
  '#',
  '\xe9',
]
const paths = fc.oneof(piecesOf(pieces), byteStrings()).map((text) => `/${text}`)

function decodedNames(rawPath: string): readonly string[] | undefined {
  const segments = readSegments(rawPath)
  return isRejected(segments) ? undefined : segments.map(({ decoded }) => decoded)
}

test('RFC 3986 5.2.4: no path holds a segment "." or ".." once it has been read', () => {
  fc.assert(
    fc.property(paths, (path) => {
      for (const name of decodedNames(path) ?? []) assert.ok(name !== '.' && name !== '..', path)
    }),
    runs,
  )
})

test('RFC 3986 5.2.4: no path leads above the root; one that does is rejected, wherever it would end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '.', '..', '%2e%2E'), { maxLength: 8 }), (names) => {
      let depth = 0
      let lowest = 0
      for (const name of names) {
        if (name === 'a') depth++
        else if (name !== '.') depth--
        lowest = Math.min(lowest, depth)
      }
      assert.equal(isRejected(readSegments(`/${names.join('/')}`)), lowest < 0, names.join('/'))
    }),
    runs,
  )
})

test('RFC 3986 5.2.4: dot segments are removed as the RFC does it', () => {
  assert.deepEqual(decodedNames('/a/b/c/./../../g'), ['a', 'g'])
  assert.deepEqual(decodedNames('/mid/content=5/../6'), ['mid', '6'])
  assert.deepEqual(decodedNames('/a/b/..'), ['a', ''])
  assert.deepEqual(decodedNames('/a/b/.'), ['a', 'b', ''])
  assert.deepEqual(decodedNames('/.'), [''])
  assert.deepEqual(decodedNames('/'), [''])
  assert.deepEqual(decodedNames('/a//b/'), ['a', '', 'b', ''])
})

test('RFC 3986 2.4: a segment is decoded once, so that what was encoded twice stays encoded once', () => {
  fc.assert(
    fc.property(byteStrings(20), (name) => {
      fc.pre(name !== '.' && name !== '..' && !/[\x00-\x1f\x7f]/.test(name))
      assert.deepEqual(decodedNames(`/x/${percentEncode(name)}`), ['x', name])
      assert.deepEqual(decodedNames(`/x/${percentEncode(percentEncode(name))}`), ['x', percentEncode(name)])
    }),
    runs,
  )
})

test('RFC 3986 2.1: an encoded slash is no separator', () => {
  assert.deepEqual(decodedNames('/a%2Fb/c'), ['a/b', 'c'])
})

test('RFC 3986 2.1: a "%" without two hexadecimal digits is rejected', () => {
  for (const path of ['/%', '/%2', '/%zz', '/a%%20', '/%e', '/%\xe9\xe9'])
    assert.equal(decodedNames(path), undefined, path)
})

test('CVE-2019-11043, CVE-2013-4547: no decoded name holds a control character', () => {
  fc.assert(
    fc.property(paths, (path) => {
      for (const name of decodedNames(path) ?? []) assert.doesNotMatch(name, /[\x00-\x1f\x7f]/)
    }),
    runs,
  )
})

test('RFC 3986 2.1: any byte string is encoded and decoded to itself', () => {
  fc.assert(
    fc.property(byteStrings(), (text) => {
      const encoded = percentEncode(text)
      assert.match(encoded, /^[A-Za-z0-9\-._~!$&'()*+,;=:@%]*$/)
      assert.equal(percentDecode(encoded), text)
    }),
    runs,
  )
})

test('RFC 9112 3.2: whatever the target is, it is read or rejected, and what is read is a path and a query', () => {
  const targets = fc.oneof(byteStrings(), piecesOf([...pieces, 'http://', 'HTTP://a', '@', ':80', '*', ' ']))
  fc.assert(
    fc.property(targets, (text) => {
      const target = readRequestTarget(text)
      if (isRejected(target)) return
      const { rawPath, query } = target
      assert.ok(rawPath.startsWith('/'))
      assert.doesNotMatch(rawPath + query, /[\x00-\x20\x7f#]/)
      assert.doesNotMatch(rawPath, /\?/)
    }),
    runs,
  )
})

test('RFC 9112 3.2.1: of an origin-form target path and query make up the whole', () => {
  fc.assert(
    fc.property(piecesOf(['/', 'a', '?', '&', '=', '%20', '.', ';']), (text) => {
      const target = readRequestTarget(`/${text}`)
      assert.ok(!isRejected(target))
      const { rawPath, query, authority } = target
      assert.equal(authority, undefined)
      assert.equal(text.includes('?') ? `${rawPath}?${query}` : rawPath, `/${text}`)
    }),
    runs,
  )
})

test('RFC 9112 3.2.2: an absolute target gives scheme and authority, and a path that begins with a slash', () => {
  assert.deepEqual(readRequestTarget('HTTP://Example.org:81/a?b'), {
    rawPath: '/a',
    query: 'b',
    authority: 'Example.org:81',
    scheme: 'http',
  })
  assert.deepEqual(readRequestTarget('https://a?b'), { rawPath: '/', query: 'b', authority: 'a', scheme: 'https' })
})

test('RFC 9112 3.2: what is neither a path nor an absolute URI is rejected', () => {
  for (const target of ['', '*', 'a', 'a/b', 'ftp://a/', 'http:/a', '?a', '/a b', '/a\0', '/a#b', '/\x7f']) {
    assert.ok(isRejected(readRequestTarget(target)), JSON.stringify(target))
  }
})

test('RFC 9110 7.2 Host: names, addresses and ports', () => {
  assert.deepEqual(readAuthority('Example.ORG'), { host: 'example.org', port: undefined })
  assert.deepEqual(readAuthority('a:80'), { host: 'a', port: 80 })
  assert.deepEqual(readAuthority('a:'), { host: 'a', port: undefined })
  assert.deepEqual(readAuthority('[2001:DB8::1]:443'), { host: '[2001:db8::1]', port: 443 })
  assert.deepEqual(readAuthority(''), { host: '', port: undefined })
})

test('RFC 9110 7.2 Host: what is no host is refused', () => {
  for (const value of [
    'a b',
    'user@a',
    'a/b',
    'a?b',
    'a#b',
    'a:b',
    'a:99999',
    'a:-1',
    '::1',
    '[::1',
    'a\0',
    'a,b:1:2',
    'caf\xe9',
    'a:80:80',
  ]) {
    assert.equal(readAuthority(value), undefined, JSON.stringify(value))
  }
})

test('RFC 9110 7.2 Host: a host that is read holds nothing that ends a host, in lower case, with a port that exists', () => {
  const values = fc.oneof(
    byteStrings(),
    piecesOf(['a', 'B', '.', ':', '[', ']', '::1', '80', '65536', '@', '/', '%41', ' ']),
  )
  fc.assert(
    fc.property(values, (value) => {
      const authority = readAuthority(value)
      if (authority === undefined) return
      assert.match(authority.host, /^(\[[0-9a-f:.]+\]|[a-z0-9\-._~!$&'()*+,;=%]*)$/)
      assert.ok(authority.port === undefined || (authority.port >= 0 && authority.port <= 65535))
    }),
    runs,
  )
})
