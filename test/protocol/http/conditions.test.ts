// RFC 9110 13: conditions against validators that are known beforehand.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeConditions, type Validators, type Verdict } from '../../../src/protocol/http/conditions.ts'

const before = 'Tue, 31 Dec 2024 00:00:00 GMT'
const date = 'Wed, 01 Jan 2025 00:00:00 GMT'
const after = 'Thu, 02 Jan 2025 00:00:00 GMT'
const both: Validators = { etag: '"a"', lastModified: date }

function judge(fields: Readonly<Record<string, string>>, validators = both): Verdict {
  return judgeConditions((name) => fields[name], validators)
}

test('RFC 9110 13.2.2: without conditions all is sent', () => {
  assert.equal(judge({}), 'send')
  assert.equal(judge({ range: 'bytes=0-1' }), 'send')
})

test('RFC 9110 13.1.1: If-Match compares strongly, and "*" is any', () => {
  assert.equal(judge({ 'if-match': '"a"' }), 'send')
  assert.equal(judge({ 'if-match': '*' }), 'send')
  assert.equal(judge({ 'if-match': '"b", "a"' }), 'send')
  assert.equal(judge({ 'if-match': 'W/"a"' }), 'failed')
  assert.equal(judge({ 'if-match': 'W/"a"' }, { etag: 'W/"a"', lastModified: undefined }), 'failed')
  assert.equal(judge({ 'if-match': '"b"' }), 'failed')
  assert.equal(judge({ 'if-match': '"a"' }, { etag: undefined, lastModified: date }), 'failed')
})

test('RFC 9110 13.1.2: If-None-Match compares weakly, and a comma in a tag separates nothing', () => {
  assert.equal(judge({ 'if-none-match': '"a"' }), 'not-modified')
  assert.equal(judge({ 'if-none-match': 'W/"a"' }), 'not-modified')
  assert.equal(judge({ 'if-none-match': '*' }), 'not-modified')
  assert.equal(judge({ 'if-none-match': '"x,y", "a"' }), 'not-modified')
  assert.equal(judge({ 'if-none-match': '"a,b"' }), 'send')
})

test('RFC 9110 13.2.2: entity tags go before dates', () => {
  assert.equal(judge({ 'if-none-match': '"b"', 'if-modified-since': after }), 'send')
  assert.equal(judge({ 'if-match': '"a"', 'if-unmodified-since': before }), 'send')
  assert.equal(judge({ 'if-match': '"b"', 'if-none-match': '"a"' }), 'failed')
})

test('RFC 9110 13.1.3, 13.1.4: dates, where there is one and it can be read', () => {
  assert.equal(judge({ 'if-modified-since': date }), 'not-modified')
  assert.equal(judge({ 'if-modified-since': before }), 'send')
  assert.equal(judge({ 'if-unmodified-since': before }), 'failed')
  assert.equal(judge({ 'if-unmodified-since': date }), 'send')
  assert.equal(judge({ 'if-modified-since': 'yesterday or so' }), 'send')
  assert.equal(judge({ 'if-modified-since': after }, { etag: '"a"', lastModified: undefined }), 'send')
})

test('RFC 9110 13.1.5: If-Range takes the very tag or the very date, else the whole', () => {
  assert.equal(judge({ 'if-range': '"a"' }), 'send')
  assert.equal(judge({ 'if-range': 'W/"a"' }), 'whole')
  assert.equal(judge({ 'if-range': '"b"' }), 'whole')
  assert.equal(judge({ 'if-range': date }), 'send')
  assert.equal(judge({ 'if-range': after }), 'whole')
  assert.equal(judge({ 'if-range': 'x' }), 'whole')
})
