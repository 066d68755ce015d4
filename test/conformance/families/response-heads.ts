// RFC 3875 6.1, 6.2.1 and 6.3: what a script may write before its body, and what is refused.

import assert from 'node:assert/strict'
import type { ConformanceCase, Expected, Family } from '../case.ts'
import { gathered } from '../left-out.ts'
import { hello, plain, printing } from '../scripts.ts'

const type = 'Content-Type: text/plain\n'

function good(
  title: string,
  output: string,
  expected: Omit<Expected, 'status'> & { status?: number },
): ConformanceCase {
  return { title, script: printing(output), expected: { status: 200, ...expected } }
}

function bad(title: string, output: string, status = 502): ConformanceCase {
  return { title, script: printing(output), expected: { status } }
}

const everyByte = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')

export const responseHeads: Family = {
  name: 'response heads',
  files: { 'cgi-bin/hello': hello },
  options: { maxResponseHead: '4KiB' },
  cases: [
    good('RFC 3875 6.1: lines of the head end in LF', 'Content-Type: text/plain\nX-A: b\n\nhello', {
      body: 'hello',
      fields: { 'content-type': 'text/plain', 'x-a': 'b' },
    }),
    good('RFC 3875 6.1: lines of the head end in CRLF', 'Content-Type: text/plain\r\nX-A: b\r\n\r\nhello', {
      body: 'hello',
      fields: { 'content-type': 'text/plain', 'x-a': 'b' },
    }),
    good('RFC 3875 6.1: each line of the head ends in its own way', 'Content-Type: text/plain\r\nX-A: b\n\r\nhello', {
      body: 'hello',
      fields: { 'x-a': 'b' },
    }),
    good(
      'RFC 3875 6.1: the first blank line ends the head, whatever the body holds',
      'Content-Type: text/html\r\n\r\n<p>\n\n</p>',
      {
        body: '<p>\n\n</p>',
      },
    ),
    good('RFC 3875 6.1: a body that begins with blank lines keeps them', `${type}\n\n\nhello`, { body: '\n\nhello' }),
    good('RFC 3875 6.2.1: every byte of a body passes unchanged', `${type}\n${everyByte}`, { body: everyByte }),
    good('RFC 3875 6.2.1: an empty body is an empty answer', `${type}\n`, { body: '' }),
    good('RFC 3875 6.3: names of fields are read in any case', 'CONTENT-TYPE: text/plain\nsTaTuS: 404 Gone away\n\n', {
      status: 404,
      reason: 'Gone away',
      fields: { 'content-type': 'text/plain', status: null },
    }),
    good('RFC 3875 6.3: white space around a value does not count', 'Content-Type: \t text/plain \t\nX-A:b\n\n', {
      fields: { 'content-type': 'text/plain', 'x-a': 'b' },
    }),
    good(
      'RFC 3875 6.3.1: Content-Type is passed on with its parameters',
      'Content-Type: text/html; charset="ISO-8859-1"\n\n',
      {
        fields: { 'content-type': 'text/html; charset="ISO-8859-1"' },
      },
    ),
    good('RFC 3875 6.3.4: fields of HTTP pass', `${type}Cache-Control: no-store\nETag: "a"\nLast-Modified: x\n\n`, {
      fields: { 'cache-control': 'no-store', etag: '"a"', 'last-modified': 'x' },
    }),
    good('RFC 3875 6.3.5: fields that nobody knows pass', `${type}X-CGI-Thing: a: b; c\n\n`, {
      fields: { 'x-cgi-thing': 'a: b; c' },
    }),
    good('RFC 3875 6.3.4: an empty field passes', `${type}X-Empty:\n\n`, { fields: { 'x-empty': '' } }),
    good(
      'RFC 3875 6.3.4: every Set-Cookie passes, in its order',
      `Set-Cookie: a=1\n${type}Set-Cookie: b=2\nSet-Cookie: a=3\n\n`,
      {
        check: ({ fields }) => {
          const cookies = fields.filter(([name]) => name === 'set-cookie').map(([, value]) => value)
          assert.deepEqual(cookies, ['a=1', 'b=2', 'a=3'])
        },
      },
    ),
    good('RFC 9110 5.5: bytes of a value that are not ASCII pass unchanged', `${type}X-Name: Ren\xe9e \xc3\xa9\n\n`, {
      fields: { 'x-name': 'Ren\xe9e \xc3\xa9' },
    }),
    good('RFC 9110 5.6.2: a name may hold every character of a token', `${type}X!#$%&'*+.^_\`|~9: odd\n\n`, {
      fields: { "x!#$%&'*+.^_`|~9": 'odd' },
    }),
    good('RFC 9110 8.6: a Content-Length of the script passes', `${type}Content-Length: 5\n\nhello`, {
      body: 'hello',
      fields: { 'content-length': '5' },
    }),
    good(
      'RFC 9110 8.6: of a body longer than its Content-Length as much is sent as was announced',
      `${type}Content-Length: 3\n\nhello`,
      {
        body: 'hel',
        fields: { 'content-length': '3' },
        check: async ({ status }, { events, until }) => {
          assert.equal(status, 200)
          const seen = await until('the failure', () => events.find((event) => event.type === 'script-failed'))
          assert.equal(seen.type === 'script-failed' && seen.failure.kind, 'body-too-long')
        },
      },
    ),
    {
      ...good(
        'RFC 9112 8: a body shorter than its Content-Length breaks the connection off',
        `${type}Content-Length: 9\n\nhello`,
        { body: 'hello', broken: true },
      ),
      not: gathered,
    },
    good('RFC 3875 6.3: the same Content-Type twice does no harm', `${type}${type}\nhello`, { body: 'hello' }),
    good(
      'RFC 9110 7.6.1: fields of the connection are not the script’s to set',
      [
        'Connection: X-Private, close',
        'X-Private: 1',
        'Keep-Alive: timeout=99',
        'Upgrade: h2c',
        'Trailer: X',
        type,
        'hello',
      ].join('\n'),
      {
        body: 'hello',
        fields: { 'x-private': null, upgrade: null, trailer: null },
      },
    ),
    good(
      'Postern: instructions to servers do not reach the client',
      `${type}X-Sendfile: /etc/passwd\nX-Accel-Redirect: /x\n\n`,
      {
        fields: { 'x-sendfile': null, 'x-accel-redirect': null },
      },
    ),
    good('RFC 9110 6.6.1: a Date of the script is kept', `${type}Date: Tue, 15 Nov 1994 08:12:31 GMT\n\n`, {
      fields: { date: 'Tue, 15 Nov 1994 08:12:31 GMT' },
    }),
    {
      title: 'RFC 3875 6.1: a head that comes byte by byte is the same head',
      script:
        '#!/bin/sh\nfor part in Con tent- Type : " text/" plain; do printf %s "$part"; sleep 0.01; done\nprintf "\\n"\nsleep 0.01\nprintf "\\nhello"\n',
      expected: { status: 200, body: 'hello', fields: { 'content-type': 'text/plain' } },
    },
    {
      title: 'Postern: an exit code of a script that has answered does not change its answer',
      script: plain('echo fine', 'exit 3'),
      expected: { status: 200, body: 'fine\n' },
    },
    bad('RFC 3875 6.2: no output at all is 502', ''),
    bad('RFC 3875 6.1: a head without a blank line is 502', 'Content-Type: text/plain\nhello'),
    bad('RFC 3875 6.1: a head that ends in the middle of a line is 502', 'Content-Ty'),
    bad('RFC 3875 6.2: a blank line without a field before it is 502', '\nhello'),
    bad('RFC 3875 6.3: a body where the head should be is 502', '<html>\n<p>hello\n\n'),
    bad('RFC 3875 6.3: a line without a colon is 502', `${type}no colon here\n\nhello`),
    bad('RFC 3875 6.3: a name with a space is 502', `${type}X Y: z\n\nhello`),
    bad('RFC 9112 5.1: white space between name and colon is 502', 'Content-Type : text/plain\n\nhello'),
    bad('RFC 9112 5.2: a folded line is 502', `${type}X-Folded: a\n b\n\nhello`),
    bad('RFC 9110 5.5: a CR inside a value is 502 (CVE-2023-38709)', `${type}X-A: b\rX-B: c\n\nhello`),
    bad('RFC 9110 5.5: a NUL inside a value is 502', `${type}X-A: b\0c\n\nhello`),
    bad('RFC 9110 5.5: a control character inside a value is 502', `${type}X-A: b\x1b[0m\n\nhello`),
    bad(
      'RFC 3875 6.3.1: a body without a Content-Type is 502, and never guessed at (CVE-2020-24553)',
      'X-A: b\n\n<p>hello',
    ),
    bad('RFC 3875 6.3: two different Content-Types are 502', `${type}Content-Type: text/html\n\nhello`),
    bad(
      'RFC 3875 6.3: two different Locations are 502',
      'Location: http://a.example/\nLocation: http://b.example/\n\n',
    ),
    bad('RFC 9110 8.6: two different Content-Lengths are 502', `${type}Content-Length: 5\nContent-Length: 6\n\nhello`),
    bad('RFC 9110 8.6: a Content-Length that is no number is 502', `${type}Content-Length: five\n\nhello`),
    bad('RFC 9110 8.6: a negative Content-Length is 502', `${type}Content-Length: -5\n\nhello`),
    bad('RFC 9110 8.6: a list of Content-Lengths is 502', `${type}Content-Length: 5, 5\n\nhello`),
    bad(
      'RFC 3875 6.3: Transfer-Encoding is not the script’s to set (CVE-2024-42516)',
      `${type}Transfer-Encoding: chunked\n\n5\r\nhello\r\n0\r\n\r\n`,
    ),
    bad('RFC 3875 6.3: an HTTP status line from a script that is not NPH is 502', `HTTP/1.1 200 OK\n${type}\nhello`),
    bad('Postern: a head larger than maxResponseHead is 502', `${type}${'X-A: 0123456789\n'.repeat(300)}\nhello`),
    bad('Postern: a line without an end is 502 once it is larger than maxResponseHead', 'x'.repeat(10_000)),
    {
      title: 'RFC 3875 6.2: a script that is killed before its answer is 502',
      script: '#!/bin/sh\nkill -9 $$\n',
      expected: { status: 502 },
    },
    {
      title: 'RFC 9112 8: a script that is killed in the middle of its answer breaks the connection off',
      not: gathered,
      script: plain('echo half', 'sleep 0.05', 'kill -9 $$'),
      expected: { status: 200, body: 'half\n', broken: true },
    },
    {
      title: 'RFC 9209 2.3: Proxy-Status names the kind of failure',
      script: printing('nonsense\n\n'),
      expected: { status: 502, fields: { 'proxy-status': 'postern; error=http_protocol_error' } },
    },
    {
      title: 'RFC 9209 2.3: an answer that is not ours has no Proxy-Status',
      request: { target: '/cgi-bin/hello' },
      expected: { status: 200, fields: { 'proxy-status': null } },
    },
  ],
}

export const untypedBodies: Family = {
  name: 'bodies without a Content-Type as plain text',
  options: { untyped: 'plain' },
  cases: [
    {
      title: 'RFC 3875 6.3.1: where the settings allow it, a body without a Content-Type is text/plain, never HTML',
      script: printing('X-A: b\n\n<p>hello'),
      expected: {
        status: 200,
        body: '<p>hello',
        fields: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff', 'x-a': 'b' },
      },
    },
    {
      title: 'RFC 3875 6.3.1: an answer without a body needs no Content-Type',
      script: printing('X-A: b\n\n'),
      expected: { status: 200, body: '', fields: { 'content-type': null } },
    },
  ],
}
