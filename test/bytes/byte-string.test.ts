// Byte strings: no byte is lost on the way in or out.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import {
  asciiLowerCase,
  byteStringOf,
  byteStringOfText,
  bytesOf,
  isAscii,
  textOf,
} from '../../src/bytes/byte-string.ts'

test('Postern: bytes become a byte string and the same bytes again', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = byteStringOf(bytes)
      assert.equal(text.length, bytes.length)
      assert.deepEqual(new Uint8Array(bytesOf(text)), bytes)
    }),
  )
})

test('Postern: a part of a larger buffer is that part', () => {
  assert.equal(byteStringOf(Buffer.from('hello there').subarray(6, 9)), 'the')
})

test('Postern: a text becomes the byte string of its UTF-8, and the same text again', () => {
  assert.equal(byteStringOfText('é'), '\xc3\xa9')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(textOf(byteStringOfText(text)), text)
      assert.match(byteStringOfText(text), /^[\x00-\xff]*$/)
    }),
  )
})

test('Postern: bytes that are not UTF-8 are shown as U+FFFD', () => {
  assert.equal(textOf('caf\xe9'), 'caf\ufffd')
})

test('Postern: only bytes below 80 are ASCII', () => {
  assert.equal(isAscii('\x00\x7f'), true)
  assert.equal(isAscii('\x80'), false)
})

test('Postern: letters are folded in ASCII alone, so that no length changes (CVE-2026-24895)', () => {
  assert.equal(asciiLowerCase('CGI-Bin'), 'cgi-bin')
  assert.equal(asciiLowerCase('\u0130\u212a\xc9'), '\u0130\u212a\xc9')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => asciiLowerCase(text).length === text.length))
})
