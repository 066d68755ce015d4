import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { statusOf, type GatewayFailure } from '../../src/events/failures.ts'
import { errorPage, reasonPhrase, type ErrorPage } from '../../src/gateway/error-page.ts'

const diagnosis = { rule: 'crlf-shebang', cause: 'It ends in "CR".', mend: "Type `sed -i 's/\\r$//' a.sh` now." }

function pageText(page: Partial<ErrorPage>): string {
  return Buffer.from(errorPage({ status: 502, id: 'id-1', ...page })).toString('utf8')
}

function shown(failure: GatewayFailure): string {
  return pageText({ development: { failure } })
}

/** The markup alone. */
function skeleton(page: string): string {
  return page.replace(/<!doctype[^]*?<\/style>/, '').replaceAll(/[^<>]*(<[^>]*>)[^<]*/g, '$1')
}

function pageOf(one: string): string {
  const failure: GatewayFailure = { kind: 'cannot-start', program: one, code: one }
  const plain = one.replaceAll('`', '')
  const development = {
    diagnosis: { rule: one, cause: plain, mend: plain },
    script: `/${one}`,
    failure,
    stderrTail: `x${one}`,
    outputStart: `x${one.replaceAll('\n', '')}`,
    variables: new Map([[`HTTP_${one}`, one]]),
  }
  return pageText({ id: one, detail: `x${one}`, development })
}

test('RFC 9110 15: the reason phrase of every status that a failure has', () => {
  assert.equal(reasonPhrase(404), 'Not Found')
  assert.equal(reasonPhrase(502), 'Bad Gateway')
  for (const status of Object.values(statusOf)) assert.notEqual(reasonPhrase(status), '')
  assert.deepEqual([399, 499, 599].map(reasonPhrase), ['Redirection', 'Client Error', 'Server Error'])
})

test('a page in production says the status, its meaning and the request’s number', () => {
  const text = pageText({ status: 504 })
  assert.match(text, /^<!doctype html>\n<html lang="en">/)
  assert.match(text, /<title>504 Gateway Timeout<\/title>/)
  assert.match(text, /<h1>The program behind this page took too long<\/h1>/)
  assert.match(text, /id-1/)
  assert.doesNotMatch(text, /--dev|Why/)
})

test('a detail is one sentence, and text', () => {
  assert.match(
    pageText({ detail: 'the request body is larger than 1 GiB' }),
    /<p>The request body is larger than 1 GiB\.<\/p>/,
  )
  assert.match(pageText({ detail: 'Größe <b>' }), /<p>Größe &lt;b&gt;\.<\/p>/)
})

test('a page needs nothing from elsewhere, and runs nothing', () => {
  const text = pageText({ development: { diagnosis, stderrTail: 'x', outputStart: 'y' } })
  assert.doesNotMatch(text, /<script|<link|<img|src=|href=|url\(|@import|\son\w+=/)
  assert.match(text, /<meta name="viewport"/)
  assert.match(text, /prefers-color-scheme: dark/)
})

test('a page in development says why, what to do, and that --dev shows it', () => {
  const text = pageText({ development: { diagnosis } })
  assert.match(text, /It ends in &quot;CR&quot;\./)
  assert.match(text, /Type <code>sed -i &#39;s\/\\r\$\/\/&#39; a\.sh<\/code> now\./)
  assert.match(text, /crlf-shebang/)
  assert.match(text, /shown because of <code>--dev<\/code>/)
})

test('a page in development shows the script, how it ended, what it wrote and how long it took', () => {
  const text = pageText({
    development: {
      script: '/srv/\xc3\xa9.cgi',
      failure: { kind: 'bad-head', fault: 'not-a-field', line: '<p>', exitCode: 3, signal: null },
      stderrTail: 'one\n\ttwo \x1b[31m\n',
      outputStart: 'Content-Type: text/html\r\n<p>\x9b',
      timings: new Map([['First byte', 12.34]]),
    },
  })
  assert.match(text, /\/srv\/é\.cgi/)
  assert.match(text, /bad head, not a field, exit code 3/)
  assert.match(text, /<pre class="wide" tabindex="0">one\n\ttwo \\x1b\[31m<\/pre>/)
  assert.match(text, /Content-Type: text\/html\\r<i>\\n<\/i>\n&lt;p&gt;/)
  assert.match(text, /<dt>First byte<\/dt><dd class="mono">12\.3 ms<\/dd>/)
})

test('a failure tells its code, its signal or its time', () => {
  assert.match(shown({ kind: 'cannot-start', program: '/x', code: 'ENOENT' }), /cannot start, ENOENT/)
  assert.match(shown({ kind: 'no-response', exitCode: null, signal: 'SIGKILL' }), /no response, killed by SIGKILL/)
  assert.match(shown({ kind: 'timed-out', phase: 'idle', afterMs: 1500 }), /timed out, after 1\.5 s/)
})

test('Security: meta-variables that prove who somebody is are hidden, others are shown', () => {
  const variables = new Map([
    ['AUTH_TYPE', 'Basic'],
    ['HTTP_AUTHORIZATION', 'Basic Zm9v'],
    ['HTTP_COOKIE', 'sid=12345'],
    ['HTTP_X_API_KEY', 'abcde'],
    ['REQUEST_METHOD', 'GET'],
  ])
  const text = pageText({ development: { variables } })
  assert.doesNotMatch(text, /Zm9v|12345|abcde/)
  assert.match(text, /HTTP_COOKIE<\/th><td class="hidden">hidden, 9 bytes/)
  assert.match(text, /REQUEST_METHOD<\/th><td class="mono">GET/)
})

test('CVE-2026-25500: whatever stands in names and values, none of it becomes markup', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '`', '\n', '\x1b', 'x', '</pre>', '<svg onload=x>', '\xff'),
  })
  const expected = skeleton(pageOf('x'))
  fc.assert(
    fc.property(hostile, (one) => assert.equal(skeleton(pageOf(one)), expected)),
    { numRuns: 300, interruptAfterTimeLimit: 10_000 },
  )
})
