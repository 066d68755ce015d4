// RFC 9112: requests that two servers could read differently are read by neither; and those that are too large.

import type { Family, WireCase } from '../case.ts'
import { wireOnly } from '../left-out.ts'
import { echo, hello } from '../scripts.ts'

const echoTarget = '/cgi-bin/echo'

function wire(title: string, bytes: string, status: number, more: Partial<WireCase['expected']> = {}): WireCase {
  return { title, not: wireOnly, wire: bytes, expected: { status, ...more } }
}

const get = (...lines: readonly string[]): string =>
  `GET /cgi-bin/hello HTTP/1.1\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`
const post = (...lines: readonly string[]): string => get(...lines).replace('GET /cgi-bin/hello', `POST ${echoTarget}`)
const host = 'Host: a'
const end = 'Connection: close'

export const strictRequests: Family = {
  name: 'requests that are refused',
  files: { 'cgi-bin/hello': hello, 'cgi-bin/echo': echo },
  options: { maxTarget: '2KiB', maxHeader: '8KiB', maxFields: 20 },
  cases: [
    wire('RFC 9112 2.2: empty lines before a request are ignored', `\r\n\r\n${get(host, end)}`, 200),
    wire(
      'RFC 9112 6.1: Transfer-Encoding with Content-Length is 400',
      `${post(host, 'Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
      400,
    ),
    wire(
      'RFC 9112 6.3: two Content-Lengths are 400',
      `${post(host, 'Content-Length: 5', 'Content-Length: 6')}hello`,
      400,
    ),
    wire(
      'RFC 9112 6.3: the same Content-Length twice is 400',
      `${post(host, 'Content-Length: 5', 'Content-Length: 5')}hello`,
      400,
    ),
    wire('RFC 9112 6.3: a list of Content-Lengths is 400', `${post(host, 'Content-Length: 5, 5')}hello`, 400),
    wire('RFC 9110 8.6: a Content-Length with a sign is 400', `${post(host, 'Content-Length: +5')}hello`, 400),
    wire('RFC 9110 8.6: a hexadecimal Content-Length is 400', `${post(host, 'Content-Length: 0x5')}hello`, 400),
    wire('RFC 9110 8.6: an empty Content-Length is 400', post(host, 'Content-Length:'), 400),
    wire(
      'RFC 9112 6.1: a transfer coding that is not understood is 501',
      `${post(host, 'Transfer-Encoding: gzip, chunked')}0\r\n\r\n`,
      501,
    ),
    wire(
      'RFC 9112 6.3: a body whose last transfer coding is not chunked has no end that both sides know: 400',
      `${post(host, 'Transfer-Encoding: xchunked')}0\r\n\r\n`,
      400,
    ),
    wire(
      'RFC 9112 6.1: Transfer-Encoding in HTTP/1.0 is 400',
      `POST ${echoTarget} HTTP/1.0\r\n${host}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ),
    wire(
      'RFC 9112 7.1: a chunk size that is no number is 400',
      `${post(host, 'Transfer-Encoding: chunked')}zz\r\nhello\r\n0\r\n\r\n`,
      400,
    ),
    wire(
      'RFC 9112 7.1: a chunk longer than its size is 400',
      `${post(host, 'Transfer-Encoding: chunked')}3\r\nhello\r\n0\r\n\r\n`,
      400,
    ),
    wire('RFC 9112 5.1: white space between name and colon is 400', get(host, 'X-A : b'), 400),
    wire('RFC 9112 5.1: a name with a space is 400', get(host, 'X A: b'), 400),
    wire('RFC 9112 5.2: a folded field is 400', get(host, 'X-A: b', ' c'), 400),
    wire('RFC 9110 5.5: a NUL in a value is 400', get(host, 'X-A: b\0c'), 400),
    wire('RFC 9110 5.5: a CR inside a value is 400', get(host, 'X-A: b\rX-B: c'), 400),
    wire('RFC 9112 3.2: a request of HTTP/1.1 without Host is 400', get('X-A: b', end), 400),
    wire('RFC 9112 3.2: two Hosts are 400', get(host, 'Host: b', end), 400),
    wire('RFC 9112 3.2: a Host that is none is 400', get('Host: a b', end), 400),
    wire('RFC 9112 3.2: a Host with a user is 400', get('Host: user@a', end), 400),
    wire('RFC 9112 3.2: a Host with a path is 400', get('Host: a/b', end), 400),
    wire('RFC 9112 3.2: a Host with a port that is none is 400', get('Host: a:99999', end), 400),
    wire('RFC 9112 3.2: an empty Host is allowed', get('Host:', end), 200),
    wire('RFC 9112 3: a raw space in the target is 400', `GET /cgi-bin/hello x HTTP/1.1\r\n${host}\r\n\r\n`, 400),
    wire('RFC 9112 3.2: a target that is no path is 400', `GET cgi-bin/hello HTTP/1.1\r\n${host}\r\n\r\n`, 400),
    wire(
      'RFC 9112 3.2: a raw byte in the target that is not ASCII is 400',
      `GET /cgi-bin/hello?caf\xe9 HTTP/1.1\r\n${host}\r\n\r\n`,
      400,
    ),
    wire(
      'RFC 9112 3.2: a fragment in the target is 400',
      `GET /cgi-bin/hello#x HTTP/1.1\r\n${host}\r\n${end}\r\n\r\n`,
      400,
    ),
    wire(
      'RFC 9112 3.2.2: an absolute target of another scheme is 400',
      `GET ftp://a/cgi-bin/hello HTTP/1.1\r\n${host}\r\n${end}\r\n\r\n`,
      400,
    ),
    wire('RFC 9112 3.2.3: CONNECT is 405', `CONNECT a:80 HTTP/1.1\r\n${host}\r\n\r\n`, 405),
    wire('RFC 9112 3: a method in lower case is not GET', `get /cgi-bin/hello HTTP/1.1\r\n${host}\r\n\r\n`, 400),
    wire('RFC 9110 15.6.6: another major version is 505', `GET /cgi-bin/hello HTTP/3.0\r\n${host}\r\n\r\n`, 505),
    wire('RFC 9110 10.1.1: an expectation that is not understood is 417', get(host, 'Expect: 200-ok', end), 417),
    wire(
      'RFC 9110 15.5.15: a target longer than maxTarget is 414',
      `GET /cgi-bin/hello?${'x'.repeat(2048)} HTTP/1.1\r\n${host}\r\n${end}\r\n\r\n`,
      414,
    ),
    wire('RFC 6585 5: fields larger than maxHeader are 431', get(host, `X-A: ${'x'.repeat(9000)}`), 431),
    wire(
      'RFC 6585 5: more fields than maxFields are 431',
      get(host, ...Array.from({ length: 21 }, (_, at) => `X-${at}: a`)),
      431,
    ),
    wire('RFC 9112 3: what is not HTTP at all is 400', 'hello there\r\n\r\n', 400),
  ],
}
