import { test } from 'node:test'
import { assertOutput } from './output.ts'

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
