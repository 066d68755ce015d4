// RFC 3875 4.2: the request's body on standard input, of a known length, whole, and no more.

import assert from 'node:assert/strict'
import type { ConformanceCase, Family } from '../case.ts'
import { notByRequest, overHttp, handlersWord } from '../left-out.ts'
import { countBody, echo, plain } from '../scripts.ts'

const everyByte = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')

/** Bytes without a period that a buffer's size divides. */
function varied(length: number): string {
  return Array.from({ length }, (_, at) => String.fromCharCode((at * 167 + (at >> 8) * 13 + (at >> 16)) & 255)).join('')
}

function echoed(rule: string, body: string, chunked = false): ConformanceCase {
  return {
    title: `RFC 3875 4.2: ${rule}`,
    request: { method: 'POST', target: '/cgi-bin/echo', body, chunked },
    expected: { status: 200, body },
  }
}

function counted(rule: string, body: string, chunked = false): ConformanceCase {
  return {
    title: `RFC 3875 4.2: ${rule}`,
    request: { method: 'POST', target: '/cgi-bin/count', body, chunked },
    expected: { status: 200, body: `length=${body.length} first=${body.length} rest=0\n` },
  }
}

const expectHead = (length: number): string =>
  `POST {script} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\n\r\n`

export const requestBody: Family = {
  name: 'request bodies',
  files: { 'cgi-bin/echo': echo, 'cgi-bin/count': countBody },
  options: { spoolMemory: '8KiB', maxBody: '2MiB' },
  cases: [
    echoed('the body is what the client sent', 'a=1&b=2'),
    echoed('every byte passes unchanged', everyByte),
    echoed('a body larger than a pipe takes at once passes whole', varied(70_000)),
    { ...echoed('a body that is answered while it is read does not lock up', varied(1_500_000)), core: true },
    echoed('a chunked body passes unchanged', everyByte, true),
    { ...echoed('a chunked body larger than the memory for it passes whole', varied(300_000), true), core: true },
    counted('standard input ends after CONTENT_LENGTH bytes', 'twelve bytes'),
    counted('standard input ends after CONTENT_LENGTH bytes of a large body', varied(200_000)),
    counted('a chunked body has a CONTENT_LENGTH', 'twelve bytes', true),
    counted('a chunked body that lies in a file has a CONTENT_LENGTH', varied(50_000), true),
    counted('an empty chunked body has a CONTENT_LENGTH of 0', '', true),
    {
      title: 'RFC 3875 4.2: standard input is at its end at once where there is no body',
      request: { target: '/cgi-bin/count' },
      expected: { status: 200, body: 'length=unset first=0 rest=0\n' },
    },
    {
      title: 'RFC 3875 4.2: a script need not read its body',
      core: true,
      script: plain('echo done'),
      request: { method: 'POST', body: varied(600_000) },
      expected: { status: 200, body: 'done\n' },
    },
    {
      title: 'RFC 3875 4.2: a script may read a part of its body',
      core: true,
      script: plain('head -c 5'),
      request: { method: 'POST', body: `12345${varied(600_000)}` },
      expected: { status: 200, body: '12345' },
    },
    {
      title: 'RFC 3875 4.2: a script may close its standard input',
      script: plain('exec <&-', 'sleep 0.05', 'echo done'),
      request: { method: 'POST', body: varied(200_000) },
      expected: { status: 200, body: 'done\n' },
    },
    {
      title: 'RFC 3875 4.2: standard input of a chunked body can be read from the start by a child',
      script: plain('(cat)'),
      request: { method: 'POST', body: varied(20_000), chunked: true },
      expected: { status: 200, body: varied(20_000) },
    },
    {
      title: 'RFC 9110 9.3.5: a DELETE with a body brings it to the script',
      core: true,
      request: { method: 'DELETE', target: '/cgi-bin/echo', body: 'why' },
      expected: { status: 200, body: 'why' },
    },
    {
      title: 'RFC 9110 9.3.1: a GET with a body brings it to the script',
      not: notByRequest,
      request: { target: '/cgi-bin/echo', body: 'odd' },
      expected: { status: 200, body: 'odd' },
    },
    {
      title: 'RFC 9110 8.4: Content-Encoding of a body is passed on, and the body is not decoded',
      script: plain('echo "$HTTP_CONTENT_ENCODING $CONTENT_LENGTH"'),
      request: { method: 'POST', body: '\x1f\x8b123', fields: [['Content-Encoding', 'gzip']] },
      expected: { status: 200, body: 'gzip 5\n' },
    },
    {
      title: 'RFC 9110 15.5.14: a body that is announced as too large is 413',
      request: { method: 'POST', target: '/cgi-bin/echo', body: 'x'.repeat(2 * 1024 * 1024 + 1) },
      expected: { status: 413 },
    },
    {
      title: 'RFC 9110 15.5.14: a chunked body that becomes too large is 413',
      not: handlersWord,
      core: true,
      request: { method: 'POST', target: '/cgi-bin/echo', body: 'x'.repeat(2 * 1024 * 1024 + 1), chunked: true },
      expected: { status: 413 },
    },
    {
      title: 'RFC 9110 15.5.14: a body of exactly the largest size is taken',
      request: { method: 'POST', target: '/cgi-bin/count', body: 'x'.repeat(2 * 1024 * 1024) },
      expected: { status: 200, body: 'length=2097152 first=2097152 rest=0\n' },
    },
    {
      title: 'RFC 9110 10.1.1: a client that expects 100 Continue is told to go on, once',
      not: overHttp,
      script: echo,
      wire: `${expectHead(5)}hello`,
      expected: {
        status: 100,
        check: ({ raw }) => {
          assert.equal(raw.match(/HTTP\/1\.1 100 Continue\r\n\r\n/g)?.length, 1)
          assert.match(raw, /HTTP\/1\.1 200 OK\r\n/)
          assert.match(raw, /hello/)
        },
      },
    },
    {
      title: 'RFC 9110 10.1.1: a client whose body is not wanted is not told to go on',
      not: overHttp,
      script: echo,
      ms: 1000,
      wire: expectHead(3 * 1024 * 1024),
      expected: { status: 413 },
    },
    {
      title: 'RFC 9112 8: a body that is shorter than announced never reaches a script as a whole one',
      core: true,
      not: [overHttp, handlersWord],
      script: '#!/bin/sh\necho started >&2\n',
      story: async ({ sendBytes, events, until }) => {
        const sent = sendBytes('POST {script} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nshort', 100)
        assert.equal(await sent, '')
        const ended = await until('the end of the exchange', () => events.find(({ type }) => type === 'request-ended'))
        assert.equal(ended.type === 'request-ended' && ended.clientGone, true)
        assert.equal(
          events.some(({ type }) => type === 'program-started'),
          false,
        )
      },
    },
  ],
}
