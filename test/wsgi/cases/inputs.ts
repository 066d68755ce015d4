// wsgi.input: every way to read it, and its end.

import { createHash } from 'node:crypto'
import type { PeerRequest } from '../../peers/client.ts'
import type { Cases, Expected, WsgiCase } from '../case.ts'

const section = 'PEP 3333 Input and Error Streams'
const three = 'one\ntwo\nthree'

function post(body: string, ...fields: readonly string[]): Partial<PeerRequest> {
  return { method: 'POST', body, fields: [`Content-Length: ${body.length}`, ...fields] }
}

function chunked(...parts: readonly string[]): Partial<PeerRequest> {
  const body = [...parts, ''].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')
  return { method: 'POST', body, fields: ['Transfer-Encoding: chunked'] }
}

/** Each application says what it got as a list in JSON. */
function got(...items: readonly (string | boolean)[]): Expected {
  return { status: '200', body: pythonJson(items) }
}

function pythonJson(items: readonly (string | boolean)[]): string {
  const texts = items.map((item) =>
    JSON.stringify(item).replace(/[\x7f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
  return `[${texts.join(', ')}]`
}

function reads(rule: string, request: Partial<PeerRequest>, ...items: readonly (string | boolean)[]): WsgiCase {
  return { title: `${section}: ${rule}`, request, expected: got(...items) }
}

const mebibyte = Array.from({ length: 65536 }, (_, line) => `line of text ${line % 10}\n\xff`)
  .join('')
  .slice(0, 1048576)
const hash = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex')
const everyByte = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')

export const inputs: Cases = {
  'inputs/read': reads('read() gives the whole body', post(three), three),
  'inputs/read-minus-one': reads('read(-1) gives the whole body, as of every file', post(three), three),
  'inputs/read-parts': reads(
    'read(n) gives no more than n bytes, and nothing at the end',
    post('hello, you'),
    'hell',
    'o, y',
    'ou',
    '',
  ),
  'inputs/read-zero': reads('read(0) gives nothing and takes nothing', post('hello'), '', 'he', '', 'llo'),
  'inputs/read-more': reads('read(n) of more than there is does not wait past the end of the body', post(three), three),
  'inputs/readline': reads(
    'readline() gives line by line, the last one without an end',
    post(three),
    'one\n',
    'two\n',
    'three',
    '',
  ),
  'inputs/readline-size': reads(
    'readline(n) gives no more than n bytes of the line',
    post(three),
    'on',
    'e\n',
    '',
    'two',
  ),
  'inputs/readlines': reads('readlines() gives all lines', post(three), 'one\n', 'two\n', 'three'),
  'inputs/readlines-hint': {
    title: `${section}: readlines(hint) may stop after the hint, and loses nothing`,
    request: post(three),
    expected: got('one\n', 'two\n', 'three'),
  },
  'inputs/iteration': reads('iteration gives line by line', post(three), 'one\n', 'two\n', 'three'),
  'inputs/mixed': reads('the ways to read can be mixed', post(three), 'one\n', 'two', '\n', 'three'),
  'inputs/past-end': reads('past the end every way to read gives nothing', post('hello'), 'hello', '', '', ''),
  'inputs/types': reads('it gives bytes', post(three), 'bytes', 'bytes', 'list', 'bytes'),
  'inputs: only line ends': {
    title: `${section}: only LF ends a line; CR is a byte of it`,
    request: { target: '/inputs/readlines', ...post('a\r\n\n\rb\n') },
    expected: got('a\r\n', '\n', '\rb\n'),
  },
  'inputs: every byte': {
    title: `${section}: every byte comes as it was sent`,
    request: { target: '/inputs/read', ...post(everyByte) },
    expected: got(everyByte),
  },
  'inputs: zero': {
    title: `${section}: a body of length zero is at its end`,
    request: { target: '/inputs/past-end', ...post('') },
    expected: got('', '', '', ''),
  },
  'inputs: GET': {
    title: `${section}: a request without a body is at its end, and is not waited for`,
    request: { target: '/inputs/past-end' },
    expected: got('', '', '', ''),
  },
  'inputs: GET on an open connection': {
    title: `${section}: a request without a body is at its end also where the connection stays open`,
    story: async ({ connect }) => {
      using connection = await connect()
      connection.send('GET /inputs/past-end HTTP/1.1\r\nHost: a.example\r\n\r\n')
      const text = await connection.until((all) => all.includes(']'), 4_000)
      return { answer: text.includes('["", "", "", ""]') ? 'at its end' : 'waited' }
    },
    expected: { answer: 'at its end' },
  },
  'inputs: body on an open connection': {
    title: `${section}: reading does not go past Content-Length, also where the connection stays open`,
    story: async ({ connect }) => {
      using connection = await connect()
      connection.send('POST /inputs/past-end HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nhello')
      const text = await connection.until((all) => all.includes(']'), 4_000)
      return { answer: text.includes('["hello", "", "", ""]') ? 'at its end' : 'waited' }
    },
    expected: { answer: 'at its end' },
  },
  'inputs/length': {
    title: `${section}: CONTENT_LENGTH bytes can be read`,
    request: post('hello'),
    expected: { status: '200', body: '["5", "hello"]' },
  },
  'inputs/digest': reads('a mebibyte is read part by part', post(mebibyte), '1048576', hash(mebibyte)),
  'inputs/whole-digest': reads('a mebibyte is read at once, and all of it', post(mebibyte), '1048576', hash(mebibyte)),
  'inputs/late': {
    title: `${section}: the body can be read by the iteration`,
    request: post('hello'),
    expected: { status: '200', body: 'hello' },
  },
  'inputs: chunked': {
    title: 'RFC 9112 7.1: a chunked body comes without its framing',
    request: { target: '/inputs/read', ...chunked('hel', 'lo\n', 'you') },
    expected: got('hello\nyou'),
  },
  'inputs: chunked lines': {
    title: 'RFC 9112 7.1: lines go over the borders of chunks',
    request: { target: '/inputs/readlines', ...chunked('on', 'e\ntw', 'o\n') },
    expected: got('one\n', 'two\n'),
  },
  'inputs: chunked past the end': {
    title: 'RFC 9112 7.1: past the end of a chunked body every way to read gives nothing',
    request: { target: '/inputs/past-end', ...chunked('hello') },
    expected: got('hello', '', '', ''),
  },
  'inputs: chunked and empty': {
    title: 'RFC 9112 7.1: a chunked body of no chunk is at its end',
    request: { target: '/inputs/past-end', ...chunked() },
    expected: got('', '', '', ''),
  },
  'inputs: large and chunked': {
    title: 'RFC 9112 7.1: a chunked mebibyte comes whole',
    request: {
      target: '/inputs/digest',
      ...chunked(...Array.from({ length: 32 }, (_, at) => mebibyte.slice(at * 32768, (at + 1) * 32768))),
    },
    expected: got('1048576', hash(mebibyte)),
  },
  'inputs/terminated': {
    title: 'Postern: that the end of a chunked body can be read to is told, by CONTENT_LENGTH or wsgi.input_terminated',
    request: chunked('hel', 'lo'),
    expected: got(true, 'hello'),
  },
  'inputs/unread': {
    title: `${section}: a body need not be read`,
    request: post('x'.repeat(100_000)),
    expected: { status: '200', body: 'not read', ending: 'whole' },
  },
  'inputs/partly': {
    title: `${section}: a body need not be read to its end`,
    request: post(`abc${'x'.repeat(100_000)}`),
    expected: { status: '200', body: 'abc', ending: 'whole' },
  },
}
