// RFC 9112: how the http frontend frames answers.

import assert from 'node:assert/strict'
import type { ConformanceCase, Expected, Family } from '../case.ts'
import { wireOnly } from '../left-out.ts'
import { echo, plain, printing } from '../scripts.ts'

const close = 'Host: a\r\nConnection: close\r\n'

function framed(title: string, output: string, wire: string, expected: Expected): ConformanceCase {
  return { title, not: wireOnly, script: printing(output), wire, expected }
}

const unknown = 'Content-Type: text/plain\n\nhello'
const known = 'Content-Type: text/plain\nContent-Length: 5\n\nhello'
const get = `GET {script} HTTP/1.1\r\n${close}\r\n`

export const framing: Family = {
  name: 'framing of answers',
  files: { 'page.txt': 'page', 'cgi-bin/echo': echo },
  options: { keepAliveTimeout: '300ms' },
  cases: [
    framed('RFC 9112 6.3: a body of known length has a Content-Length', known, get, {
      status: 200,
      body: 'hello',
      fields: { 'content-length': '5', 'transfer-encoding': null },
    }),
    {
      title: 'RFC 9112 7.1: a body of unknown length is chunked',
      not: wireOnly,
      script: plain('printf hello', 'sleep 0.4', 'printf world'),
      wire: get,
      expected: {
        status: 200,
        body: '5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n',
        fields: { 'content-length': null, 'transfer-encoding': 'chunked' },
      },
    },
    framed(
      'RFC 9112 7.1: a client of HTTP/1.0 never gets chunks; the end of the connection ends the body',
      unknown,
      'GET {script} HTTP/1.0\r\n\r\n',
      {
        status: 200,
        body: 'hello',
        fields: { 'transfer-encoding': null, connection: 'close' },
      },
    ),
    framed(
      'RFC 9112 9.3: a client of HTTP/1.0 that asks for it keeps its connection where the length is known',
      known,
      'GET {script} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
      {
        status: 200,
        fields: { connection: 'keep-alive' },
      },
    ),
    framed(
      'RFC 9112 6.3: an answer to HEAD has no body, whatever its Content-Length',
      known,
      `HEAD {script} HTTP/1.1\r\n${close}\r\n`,
      {
        status: 200,
        body: '',
        fields: { 'content-length': '5' },
      },
    ),
    framed('RFC 9112 6.3: 204 has neither Content-Length nor Transfer-Encoding', 'Status: 204\nX-A: b\n\n', get, {
      status: 204,
      body: '',
      fields: { 'content-length': null, 'transfer-encoding': null },
    }),
    framed('RFC 9112 6.3: 304 has no body', `Status: 304\n${known}`, get, { status: 304, body: '' }),
    {
      title: 'RFC 9112 7.1: an empty body of unknown length is its last chunk alone',
      not: wireOnly,
      script: plain('sleep 0.4'),
      wire: get,
      expected: { status: 200, body: '0\r\n\r\n' },
    },
    {
      title: 'RFC 9112 8: a chunked body of a script that was killed has no last chunk',
      core: true,
      not: wireOnly,
      script: plain('echo half', 'sleep 0.4', 'kill -9 $$'),
      wire: get,
      expected: { status: 200, body: '5\r\nhalf\n\r\n' },
    },
    framed('RFC 9112 4: a status without a reason phrase gets the registered one', 'Status: 404\nX-A: b\n\n', get, {
      status: 404,
      reason: 'Not Found',
    }),
    framed('RFC 9110 6.6.1: an answer has one Date', known, get, {
      status: 200,
      fields: { date: /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/ },
    }),
    framed('RFC 9112 9.6: Connection: close is answered with close', known, get, {
      status: 200,
      fields: { connection: 'close' },
    }),
    {
      title: 'RFC 9112 9.3.2: requests sent at once are answered in their order, on one connection',
      not: wireOnly,
      script: plain('[ "$QUERY_STRING" = slow ] && sleep 0.1', 'echo "$QUERY_STRING"'),
      story: async ({ sendBytes }) => {
        const keep = 'HTTP/1.1\r\nHost: a\r\n\r\n'
        const raw = await sendBytes(
          `GET {script}?slow ${keep}GET {script}?fast ${keep}GET /page.txt HTTP/1.1\r\n${close}\r\n`,
        )
        assert.match(raw, /slow\n[^]*fast\n[^]*page$/)
        assert.equal(raw.match(/HTTP\/1\.1 200 OK/g)?.length, 3)
      },
    },
    {
      title: 'RFC 9112 9.3: a connection is kept after an answer, and closed when it has been idle',
      not: wireOnly,
      script: printing(known),
      story: async ({ sendBytes }) => {
        const start = performance.now()
        const raw = await sendBytes('GET {script} HTTP/1.1\r\nHost: a\r\n\r\n')
        assert.match(raw, /^HTTP\/1\.1 200 OK\r\n/)
        assert.match(raw, /Connection: keep-alive\r\n/i)
        assert.ok(performance.now() - start > 250, 'it was closed too early')
      },
    },
    {
      title: 'RFC 9112 9.3: a body that was read lets the connection take another request',
      not: wireOnly,
      story: async ({ sendBytes }) => {
        const post = 'POST /cgi-bin/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst'
        const raw = await sendBytes(`${post}GET /page.txt HTTP/1.1\r\n${close}\r\n`)
        assert.match(raw, /first[^]*page$/)
      },
    },
    {
      title: 'RFC 9112 9.3: a body that was not read is never taken for the next request',
      not: wireOnly,
      story: async ({ sendBytes }) => {
        const inner = `GET /page.txt HTTP/1.1\r\n${close}\r\n`
        const raw = await sendBytes(
          `POST /page.txt HTTP/1.1\r\nHost: a\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`,
        )
        assert.match(raw, /^HTTP\/1\.1 405 /)
        assert.equal(raw.match(/HTTP\/1\.1 /g)?.length, 1)
      },
    },
    {
      title: 'RFC 9112 7.1.2: trailers of a chunked body do not become fields',
      not: wireOnly,
      script: plain('cat', 'echo "/${HTTP_X_TRAILER-unset}"'),
      wire: `POST {script} HTTP/1.1\r\n${close}Transfer-Encoding: chunked\r\nTrailer: X-Trailer\r\n\r\n3;ext="a;b"\r\nabc\r\n0\r\nX-Trailer: yes\r\n\r\n`,
      expected: { status: 200, body: /abc[^]*\/unset\n/ },
    },
  ],
}
