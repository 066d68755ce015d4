// The grammar of fields.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { firstValue, isFieldValue, isToken, trimWhitespace } from '../../../src/protocol/http/fields.ts'
import { byteStrings, runs } from '../arbitraries.ts'

const tokenCharacters = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

test('RFC 9110 5.6.2 Tokens: of all bytes, these and no others make a token', () => {
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte)
    assert.equal(isToken(character), tokenCharacters.includes(character), `byte ${byte}`)
    assert.equal(isToken(`a${character}`), tokenCharacters.includes(character), `byte ${byte} at the end`)
  }
  assert.equal(isToken(''), false)
})

test('RFC 9110 5.5 Field Values: of all bytes, HTAB, SP, visible ones and obs-text may stand in a value', () => {
  for (let byte = 0; byte < 256; byte++) {
    const allowed = byte === 9 || (byte >= 32 && byte !== 127)
    assert.equal(isFieldValue(`a${String.fromCharCode(byte)}`), allowed, `byte ${byte}`)
  }
  assert.equal(isFieldValue(''), true)
})

test('RFC 9110 5.5 Field Values: white space at both ends goes, and nothing else', () => {
  assert.equal(trimWhitespace(' \t a b \t'), 'a b')
  assert.equal(trimWhitespace('\xa0a\xa0'), '\xa0a\xa0', 'a no-break space is two bytes of UTF-8, or obs-text')
  fc.assert(
    fc.property(byteStrings(), (text) => {
      const trimmed = trimWhitespace(text)
      assert.doesNotMatch(trimmed, /^[\t ]|[\t ]$/)
      assert.ok(text.includes(trimmed))
      assert.equal(trimWhitespace(trimmed), trimmed)
    }),
    runs,
  )
})

test('RFC 9110 5.1 Field Names: names are found in any case, the first of several', () => {
  assert.equal(
    firstValue(
      [
        ['X-A', '1'],
        ['x-a', '2'],
      ],
      'x-a',
    ),
    '1',
  )
  assert.equal(firstValue([['X-A', '1']], 'x-b'), undefined)
})
