// RFC 3875 5: NPH scripts, which write an HTTP answer themselves; it is read, and framed anew.

import assert from 'node:assert/strict'
import type { ConformanceCase, Expected, Family, Stage } from '../case.ts'
import { gathered } from '../left-out.ts'
import { echo, printing } from '../scripts.ts'

let count = 0

function nph(title: string, output: string, expected: Expected): ConformanceCase {
  count++
  return { title: `RFC 3875 5: ${title}`, at: `cgi-bin/nph-${count}`, script: printing(output), expected }
}

/**
 * With or without a head before: what has not been sent yet goes with the connection. Whoever asked an upstream for it
 * and got no head says 502.
 */
async function brokenOff({ send, events, until }: Stage): Promise<void> {
  const seen = await send().then(
    ({ broken, status }) => (broken ? 'broken' : status),
    () => 'broken',
  )
  assert.ok(seen === 'broken' || seen === 502, String(seen))
  const failed = await until('the failure', () => events.find(({ type }) => type === 'script-failed'))
  assert.equal(failed.type === 'script-failed' && failed.failure.kind, 'body-cut-short')
}

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'

export const nphScripts: Family = {
  name: 'NPH scripts',
  files: { 'cgi-bin/nph-folder/script': printing(`${head}\r\nhello`), 'cgi-bin/nph-echo': echo },
  cases: [
    nph(
      'status, reason, fields and body of an NPH script pass',
      'HTTP/1.1 404 Nobody Home\r\nContent-Type: text/plain\r\nX-A: b\r\n\r\nhello',
      {
        status: 404,
        reason: 'Nobody Home',
        fields: { 'content-type': 'text/plain', 'x-a': 'b' },
        body: 'hello',
      },
    ),
    nph('an NPH script may write its lines with LF', 'HTTP/1.1 200 OK\nContent-Type: text/plain\n\nhello', {
      status: 200,
      body: 'hello',
    }),
    nph('an NPH script may speak HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello', {
      status: 200,
      body: 'hello',
    }),
    nph('a reason phrase may be missing', 'HTTP/1.1 203\r\nContent-Type: text/plain\r\n\r\nhello', {
      status: 203,
      body: 'hello',
    }),
    nph('a Content-Length of an NPH script passes', `${head}Content-Length: 5\r\n\r\nhello`, {
      status: 200,
      body: 'hello',
      fields: { 'content-length': '5' },
    }),
    nph(
      'chunks of an NPH script are decoded',
      `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX: y\r\n\r\n`,
      {
        status: 200,
        body: 'hello',
      },
    ),
    ...[
      { what: 'a chunk longer than its size', body: '3\r\nhello\r\n0\r\n\r\n' },
      { what: 'a chunk size that is no number', body: '3\r\nhel\r\nzz\r\n' },
      { what: 'the end before the last chunk (RFC 9112 8)', body: '3\r\nhel\r\n' },
      { what: 'the end in the middle of a chunk (RFC 9112 8)', body: '9\r\nhel' },
    ].map(({ what, body }, index) => ({
      title: `RFC 3875 5: ${what} breaks the connection off, and is told as a body cut short`,
      at: `cgi-bin/nph-broken-${index}`,
      script: printing(`${head}Transfer-Encoding: chunked\r\n\r\n${body}`),
      not: [gathered],
      story: brokenOff,
    })),
    nph('a transfer coding that is not understood is 502', `${head}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, {
      status: 502,
    }),
    nph(
      'Connection of an NPH script does not reach the client',
      `${head}Connection: X-Private\r\nX-Private: 1\r\n\r\nhello`,
      {
        status: 200,
        fields: { 'x-private': null },
      },
    ),
    nph(
      'interim answers come before the answer',
      `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100\r\n\r\n${head}\r\nhello`,
      {
        status: 200,
        body: 'hello',
        fields: { link: null },
      },
    ),
    nph('an NPH script without a status line is 502', 'Content-Type: text/plain\r\n\r\nhello', { status: 502 }),
    nph('a status line of another protocol is 502', 'HTTP/2 200\r\nContent-Type: text/plain\r\n\r\nhello', {
      status: 502,
    }),
    nph('a status line without a status is 502', 'HTTP/1.1 OK\r\nContent-Type: text/plain\r\n\r\nhello', {
      status: 502,
    }),
    nph(
      'a control character in the reason phrase is 502',
      'HTTP/1.1 200 O\x01K\r\nContent-Type: text/plain\r\n\r\nhello',
      { status: 502 },
    ),
    nph('a NUL in the reason phrase is 502', 'HTTP/1.1 200 O\0K\r\nContent-Type: text/plain\r\n\r\nhello', {
      status: 502,
    }),
    nph('204 of an NPH script has no body', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello', {
      status: 204,
      body: '',
      fields: { 'content-length': null },
    }),
    {
      title: 'RFC 3875 5: the name of the script makes it NPH, not the name of its folder',
      request: { target: '/cgi-bin/nph-folder/script' },
      expected: { status: 502 },
    },
    {
      title: 'RFC 3875 5: HEAD to an NPH script gets no body',
      at: 'cgi-bin/nph-head',
      script: printing(`${head}Content-Length: 5\r\n\r\nhello`),
      request: { method: 'HEAD' },
      expected: { status: 200, body: '', fields: { 'content-length': '5' } },
    },
  ],
}
