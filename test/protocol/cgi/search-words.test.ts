// RFC 3875 4.4: the words of an indexed query.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { searchWords } from '../../../src/protocol/cgi/search-words.ts'
import { percentEncode } from '../../../src/protocol/http/request-target.ts'
import { byteStrings, piecesOf, runs } from '../arbitraries.ts'

const queries = fc.oneof(
  byteStrings(),
  piecesOf(['a', '+', '-', '%2d', '%2D', '%AD', '=', '%3D', '%', '%20', '%00', '"', ' ']),
)

test('CVE-2012-1823, CVE-2024-4577: no word begins with "-" or holds anything but visible ASCII and spaces', () => {
  fc.assert(
    fc.property(queries, (query) => {
      for (const word of searchWords(query)) assert.match(word, /^(?!-)[\x20-\x7e]*$/, query)
    }),
    runs,
  )
})

test('RFC 3875 4.4: a query with an unencoded "=" gives no words', () => {
  fc.assert(
    fc.property(queries, queries, (before, after) => assert.deepEqual(searchWords(`${before}=${after}`), [])),
    runs,
  )
})

test('RFC 3875 4.4: words that are encoded and joined by "+" come back as they were', () => {
  const word = fc.stringMatching(/^[ -,.-~][ -~]{0,8}$/)
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
      const encoded = words.map((text) => percentEncode(text).replace(/[+=]/g, encodeURIComponent))
      assert.deepEqual(searchWords(encoded.join('+')), words)
    }),
    runs,
  )
})

test('RFC 3875 4.4: one word that may not be given takes all others with it', () => {
  for (const query of ['a+-s', 'a+%2ds', 'a+%ADs', 'a+%00', 'a+%zz', '-s', 'a+\xads']) {
    assert.deepEqual(searchWords(query), [], query)
  }
})

test('RFC 3875 4.4: an empty query has no words', () => {
  assert.deepEqual(searchWords(''), [])
})
