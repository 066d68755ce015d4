import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeadError, ResponseHeadDecoder } from '../../../src/protocol/cgi/response-head.ts'
import { readNphHead, readResponseHead } from '../../../src/protocol/cgi/response-kind.ts'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { assertFinding, badHead, evidenceOf, factsOf, type Expected } from './support.ts'

/** Lets the decoder itself find the fault of an output, and the rules its cause. */
function assertOutput(output: string, expected: Expected, more: { content?: string; name?: string } = {}): void {
  const { fault, line } = faultOf(output, more.name?.startsWith('nph-') ?? false)
  const script = `/srv/cgi-bin/${more.name ?? 'script'}`
  const found = diagnose(
    evidenceOf(badHead(fault, line), { script, outputStart: output.slice(0, 1024) }),
    factsOf(more.content ?? '#!/bin/sh\n'),
  )
  assertFinding(found, expected)
}

function faultOf(output: string, isNph: boolean): HeadError {
  const decoder = new ResponseHeadDecoder(4096)
  try {
    const raw = decoder.push(Buffer.from(output, 'latin1'))
    if (raw === undefined) return decoder.endFault()
    ;(isNph ? readNphHead : readResponseHead)(raw)
  } catch (error) {
    if (error instanceof HeadError) return error
    throw error
  }
  throw new Error('nothing is wrong with that output')
}

test('no-blank-line: the body begins where the blank line should be', () => {
  const expected = {
    rule: 'no-blank-line',
    cause: /after the fields comes "<!doctype html>"/,
    mend: /`print\(\)` in Python/,
  }
  assertOutput('Content-Type: text/html\n<!doctype html>\n<p>\n', expected)
})

test('no-blank-line: the output ends within the head', () => {
  const expected = {
    rule: 'no-blank-line',
    cause: /ended within the head, after "Content-Type: text\/html"/,
    mend: /`echo` in a shell/,
  }
  assertOutput('Content-Type: text/html\n', expected)
  assertOutput('Content-Type: text/html', expected)
})

test('literal-newline: an echo that prints a backslash and an "n"', () => {
  const expected = {
    rule: 'literal-newline',
    cause: /"Content-Type: text\/html\\n\\n"/,
    mend: /printf 'Content-Type: text\/html\\n\\n'/,
  }
  assertOutput('Content-Type: text/html\\n\\n\n<p>Hello\n', expected)
  assertOutput('Content-Type: text/html\\n\\n\n', expected)
})

test('html-before-head: a page without a head', () => {
  assertOutput('<html><body>\n', { rule: 'html-before-head', cause: /"<html><body>"/, mend: /Print the head first/ })
})

test('text-before-head: some other line comes first', () => {
  const expected = { rule: 'text-before-head', cause: /"Hello, world"/, mend: /before anything else/ }
  assertOutput('Hello, world\nContent-Type: text/plain\n\n', expected)
})

test('CVE-2009-4487: terminal escapes of an output are written out', () => {
  assertOutput('\x1b]0;pwned\x07 hello\n', {
    rule: 'binary-before-head',
    cause: /"\\x1b\]0;pwned\\x07 hello"/,
    mend: /./,
  })
  assertOutput('hello \x9b31m\n', { rule: 'text-before-head', cause: /^[^\x00-\x1f\x80-\x9f]*$/, mend: /./ })
})

test('traceback-before-head: the last line of a traceback on standard output says what happened', () => {
  const traceback = 'Traceback (most recent call last):\n  File "/srv/a.py", line 3, in <module>\nKeyError: \'x\'\n'
  assertOutput(traceback, { rule: 'traceback-before-head', cause: /"KeyError: 'x'"/, mend: /standard error/ })
  const php = '<br />\n<b>Fatal error</b>:  Uncaught Error: no in /srv/a.php:3\n'
  assertOutput(php, { rule: 'traceback-before-head', cause: /Fatal error: {2}Uncaught Error/, mend: /standard error/ })
})

test('warning-before-head: PHP, Perl and Python warn on standard output', () => {
  const expected = { rule: 'warning-before-head', cause: /Undefined variable/, mend: /display_errors=stderr/ }
  assertOutput('\nWarning: Undefined variable $x in /srv/a.php on line 3\nContent-Type: text/html\n\n', expected)
  assertOutput('<br />\n<b>Warning</b>:  Undefined variable $x\n', expected)
  const python = '/srv/a.py:3: DeprecationWarning: cgi is deprecated\n'
  assertOutput(python, { ...expected, cause: /DeprecationWarning: cgi/ })
})

test('php-command-line: PHP without its CGI writes no head', () => {
  const expected = {
    rule: 'php-command-line',
    cause: /\/usr\/bin\/php, runs the script/,
    mend: /#!\/usr\/bin\/env php-cgi/,
  }
  assertOutput('<p>Hello\n', expected, { content: '#!/usr/bin/php\n<p>Hello\n' })
})

test('misspelt-content-type: a space for the hyphen, or no colon', () => {
  const expected = {
    rule: 'misspelt-content-type',
    cause: /meant to be a Content-Type/,
    mend: /`Content-Type: text\/html/,
  }
  assertOutput('Content type: text/html\n\n', expected)
  assertOutput('Content-type text/html\n\n', expected)
  assertOutput('Content-type : text/html\n\n', expected)
})

test('space-in-field-name: the name is shown as it should be', () => {
  const expected = { rule: 'space-in-field-name', cause: /"Set Cookie: a=b"/, mend: /`Set-Cookie: a=b`/ }
  assertOutput('Set Cookie: a=b\n\n', expected)
  assertOutput('Expires : 0\n\n', { ...expected, cause: /"Expires : 0"/, mend: /`Expires: 0`/ })
})

test('byte-order-mark-in-output: it makes the first name unreadable', () => {
  const expected = { rule: 'byte-order-mark-in-output', cause: /EF BB BF/, mend: /sed -i/ }
  assertOutput('\xef\xbb\xbfContent-Type: text/html\n\n', expected)
  assertOutput('\xef\xbb\xbf<?xml version="1.0"?>\n', expected)
})

test('binary-before-head: an image without a head', () => {
  const expected = { rule: 'binary-before-head', cause: /no text/, mend: /sys\.stdout\.flush\(\)/ }
  assertOutput('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\n', { ...expected, rule: 'text-before-head', cause: /PNG/, mend: /./ })
  assertOutput('GIF89a\x01\0\x01\0\n', expected)
  assertOutput('\0'.repeat(5000), expected)
})

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
