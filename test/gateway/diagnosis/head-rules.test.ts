import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { assertOutput } from './output.ts'
import { assertFinding, badHead, evidenceOf, factsOf } from './support.ts'

test('empty-head: the first line is blank', () => {
  assertOutput('\nContent-Type: text/html\n\n', {
    rule: 'empty-head',
    cause: /first line .* is blank/,
    mend: /before anything else/,
  })
})

test('folded-line: a line of the head that begins with white space', () => {
  const expected = { rule: 'folded-line', cause: /"\\tsecret=1"/, mend: /very left/ }
  assertOutput('Set-Cookie: a=b;\n\tsecret=1\n\n', expected)
})

test('carriage-return-in-head: CR alone, and CR CR LF (CVE-2023-38709)', () => {
  const expected = { rule: 'carriage-return-in-head', cause: /\\r/, mend: /binary mode/ }
  assertOutput('Content-Type: text/html\rX: y\n\n', expected)
  assertOutput('Content-Type: text/html\r\r\n\r\r\n', expected)
})

test('control-character: others in a value (CVE-2024-24795)', () => {
  const expected = { rule: 'control-character', cause: /"X-Name: a\\x00b"/, mend: /came from the request/ }
  assertOutput('Content-Type: text/html\nX-Name: a\0b\n\n', expected)
})

test('head-too-large: the head goes on and on', () => {
  const output = 'Content-Type: text/html\n' + 'X-Filler: 0123456789\n'.repeat(300)
  assertOutput(output, { rule: 'head-too-large', cause: /"X-Filler/, mend: /--max-response-head/ })
})

test('status-line-without-nph: the Status field to print instead, and the name to give', () => {
  const expected = {
    rule: 'status-line-without-nph',
    cause: /"HTTP\/1\.0 404 Gone"/,
    mend: /`Status: 404 Gone`.*nph-script`/,
  }
  assertOutput('HTTP/1.0 404 Gone\nContent-Type: text/html\n\n', expected)
})

test('nph-without-status-line: a name that begins with nph- promises HTTP', () => {
  const expected = {
    rule: 'nph-without-status-line',
    cause: /begins with "Content-Type: text\/html"/,
    mend: /`HTTP\/1\.1 200 OK` first.*cgi-bin\/a`/,
  }
  assertOutput('Content-Type: text/html\n\n', expected, { name: 'nph-a' })
})

test('bad-status: what is wrong with the number', () => {
  const expected = { rule: 'bad-status', mend: /Status: 404 Not Found/ }
  assertOutput('Status: OK\n\n', { ...expected, cause: /the number is missing/ })
  assertOutput('Status: 100 Continue\n\n', { ...expected, cause: /only announces an answer/ })
  assertOutput('Status: 999 Request denied\n\n', { ...expected, cause: /no such number/ })
  assertOutput('Status: HTTP/1.1 200 OK\n\n', { ...expected, cause: /version does not belong/ })
  assertOutput('Status:\n\n', { ...expected, cause: /it is empty/ })
})

test('repeated-field: Content-Type, Status or Location twice', () => {
  for (const [first, second] of [
    ['Content-Type: text/html', 'Content-type: text/plain'],
    ['Status: 200 OK', 'Status: 404 Not Found'],
    ['Location: /a', 'Location: /b'],
  ]) {
    const cause = new RegExp(`the second is "${second}"`)
    assertOutput(`${first}\n${second}\n\n`, { rule: 'repeated-field', cause, mend: /Print it once/ })
  }
})

test('bad-content-length: it is one number', () => {
  const expected = { rule: 'bad-content-length', cause: /"Content-Length: 12 bytes"/, mend: /Leave Content-Length out/ }
  assertOutput('Content-Type: text/html\nContent-Length: 12 bytes\n\n', expected)
})

test('transfer-encoding-set: the framing is the server’s (CVE-2024-42516)', () => {
  const expected = { rule: 'transfer-encoding-set', cause: /chunked/, mend: /Leave Transfer-Encoding out/ }
  assertOutput('Content-Type: text/html\nTransfer-Encoding: chunked\n\n', expected)
})

test('empty-location: a redirect to nowhere', () => {
  assertOutput('Location:\n\n', { rule: 'empty-location', cause: /without an address/, mend: /is a variable empty/ })
})

test('location-with-space: an address has none', () => {
  assertOutput('Location: /a b\n\n', { rule: 'location-with-space', cause: /"Location: \/a b"/, mend: /%20/ })
})

test('no-content-type: a body without a type', () => {
  const found = diagnose(evidenceOf(badHead('no-content-type', 'X-Powered-By: hand')), factsOf('#!/bin/sh\n'))
  assertFinding(found, { rule: 'no-content-type', cause: /X-Powered-By: hand/, mend: /--untyped plain/ })
})

test('a head that was cut off is blamed on what cut it off: a message, or a signal', () => {
  const line = 'Content-Type: text/html'
  const python = factsOf('#!/usr/bin/python3\n')
  const failed = diagnose(evidenceOf(badHead('no-blank-line', line, 1), { stderrTail }), python)
  assert.equal(failed.rule, 'python-exception')
  assert.equal(diagnose(evidenceOf(badHead('no-blank-line', line, null, 'SIGSEGV')), python).rule, 'killed-by-sigsegv')
})

test('a head that is wrong is wrong whatever came after it', () => {
  const evidence = evidenceOf(badHead('not-a-field', '<p>', 1), { stderrTail, outputStart: '<p>\n' })
  assert.equal(diagnose(evidence, factsOf('#!/usr/bin/python3\n')).rule, 'html-before-head')
})

const stderrTail = 'Traceback (most recent call last):\n  File "/srv/a.py", line 3, in <module>\nValueError: no\n'
