// The table: requests, each with the one answer that every application gives to it under every server.

import { createHash } from 'node:crypto'
import type { PeerRequest } from '../client.ts'

export interface ReferenceAnswer {
  readonly status: number
  /** Those that the application has set, by their lower-case names, in order; media types without parameters. */
  readonly fields: readonly string[]
  /** One character is one byte; undefined: it is the application's own. */
  readonly body: string | undefined
  /** Of the answer to GET, where the server says it; default: of the body. */
  readonly length?: number | undefined
}

export interface TableEntry {
  /** `target` is behind the mount. */
  readonly request: PeerRequest
  readonly answer: ReferenceAnswer
}

const text = (body: string, status = 200, more: readonly string[] = []): ReferenceAnswer => ({
  status,
  fields: ['content-type: text/plain', ...more],
  body,
})

/** What `/said/` tells of a request. */
export interface Said {
  readonly path: string
  readonly query?: string
  readonly type?: string
  readonly cookie?: string
  readonly test?: string
}

export function said(method: string, asked: Said, body = ''): ReferenceAnswer {
  const { path, query = '', type = null, cookie = null, test = null } = asked
  const sha256 = createHash('sha256').update(Buffer.from(body, 'latin1')).digest('hex')
  const told = { method, path, query, fields: [type, cookie, test], bytes: body.length, sha256 }
  return { status: 200, fields: ['content-type: application/json'], body: JSON.stringify(told) }
}

function sending(method: string, path: string, body: string, type = 'application/octet-stream'): TableEntry {
  const fields = [`Content-Type: ${type}`, `Content-Length: ${body.length}`]
  return { request: { method, target: path, fields, body }, answer: said(method, { path, type }, body) }
}

const headOf = ({ answer, request }: TableEntry): TableEntry => ({
  request: { ...request, method: 'HEAD' },
  answer: { ...answer, body: '', length: answer.length ?? answer.body?.length },
})

/** Every byte, several times. */
const bytes = (count: number): string => {
  const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('')
  return all.repeat(Math.ceil(count / 256)).slice(0, count)
}

const get = (target: string, answer: ReferenceAnswer, fields: readonly string[] = []): TableEntry => ({
  request: { target, fields },
  answer,
})

const hello = get('/hello?a=1&b=2', text('GET /hello ?a=1&b=2\n'))
const big: TableEntry = get('/big', {
  status: 200,
  fields: ['content-type: application/octet-stream'],
  body: 'a'.repeat(1024 * 1024),
})
const chunks = ['a', 'bc'.repeat(40_000), 'd']
const chunkedBody = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
const megabytes = bytes(5 * 1024 * 1024)

export const table = {
  'GET with a query': hello,
  'HEAD of it': {
    request: { ...hello.request, method: 'HEAD' },
    // It says its own method, which is a byte longer.
    answer: { ...text(''), length: 'HEAD /hello ?a=1&b=2\n'.length },
  },
  'a question mark and no query': get('/hello?', text('GET /hello \n')),
  'an encoded space in the path': get('/said/a%20b', said('GET', { path: '/said/a%20b' })),
  'UTF-8 in the path': get('/said/caf%C3%A9/%E2%82%AC', said('GET', { path: '/said/caf%C3%A9/%E2%82%AC' })),
  'letters of a path that mean something elsewhere': get(
    "/said/a+b,c;d=e:f@g&h!i'j(k)*l",
    said('GET', { path: "/said/a+b,c;d=e:f@g&h!i'j(k)*l" }),
  ),
  'an encoded percent sign in the path': get('/said/100%25', said('GET', { path: '/said/100%25' })),
  'an encoded question mark in the path': get('/said/a%3Fb', said('GET', { path: '/said/a%3Fb' })),
  'an encoded slash in the path': get('/said/a%2Fb', said('GET', { path: '/said/a%2Fb' })),
  'a slash at the end of the path': get('/said/a/', said('GET', { path: '/said/a/' })),
  'a query with all that may stand there': get(
    "/said/q?a=b%20c+d&e=%26%3D&f=/?:@!$'()*,;&g",
    said('GET', { path: '/said/q', query: '?a=b%20c+d&e=%26%3D&f=/?:@!$%27()*,;&g' }),
  ),
  'a query with encoded bytes that are no UTF-8': get(
    '/said/q?a=%FF%00%C3',
    said('GET', { path: '/said/q', query: '?a=%FF%00%C3' }),
  ),
  'a query with a bare bracket and a bar': get('/said/q?a[]=1|2', said('GET', { path: '/said/q', query: '?a[]=1|2' })),
  'RFC 6265 5.4: a cookie from the client': get(
    '/said/cookie',
    said('GET', { path: '/said/cookie', cookie: 'one=1; two="2"' }),
    ['Cookie: one=1; two="2"'],
  ),
  'a field of the client’s own': get('/said/field', said('GET', { path: '/said/field', test: 'one, two; three="4"' }), [
    'X-Test: one, two; three="4"',
  ]),
  'RFC 6265 3: two cookies from the application': get(
    '/cookies',
    text('two cookies\n', 200, ['set-cookie: one=1; Path=/', 'set-cookie: two=2; Path=/']),
  ),
  'RFC 9110 9.3.3: POST of a form': sending('POST', '/said/form', 'a=1&b=%C3%A9', 'application/x-www-form-urlencoded'),
  'POST with an empty body': sending('POST', '/said/none', ''),
  'POST without a body': {
    request: { method: 'POST', target: '/said/none', fields: ['Content-Length: 0'] },
    answer: said('POST', { path: '/said/none' }),
  },
  'POST of one byte': sending('POST', '/said/one', '\xff'),
  'POST of 70,000 bytes': sending('POST', '/said/more', bytes(70_000)),
  'POST of five megabytes': sending('POST', '/said/most', megabytes),
  'POST of 70,000 bytes, and all of them back': {
    request: {
      method: 'POST',
      target: '/echo',
      fields: ['Content-Type: application/x-bytes', 'Content-Length: 70000'],
      body: bytes(70_000),
    },
    answer: { status: 200, fields: ['content-type: application/x-bytes', 'x-length: 70000'], body: bytes(70_000) },
  },
  'RFC 9112 7.1: POST of a body in chunks': {
    request: {
      method: 'POST',
      target: '/said/chunks',
      fields: ['Content-Type: text/x-chunks', 'Transfer-Encoding: chunked'],
      body: `${chunkedBody}0\r\n\r\n`,
    },
    answer: said('POST', { path: '/said/chunks', type: 'text/x-chunks' }, chunks.join('')),
  },
  'RFC 9110 9.3.4: PUT': sending('PUT', '/said/7', '{"title":"a"}', 'application/json'),
  'RFC 5789 2: PATCH': sending('PATCH', '/said/7', '[{"op":"remove"}]', 'application/json-patch+json'),
  'RFC 9110 9.3.5: DELETE': {
    request: { method: 'DELETE', target: '/said/7' },
    answer: said('DELETE', { path: '/said/7' }),
  },
  'DELETE with a body': sending('DELETE', '/said/7', 'why', 'text/plain'),
  'RFC 9110 9.3.7: OPTIONS': {
    request: { method: 'OPTIONS', target: '/said/7' },
    answer: said('OPTIONS', { path: '/said/7' }),
  },
  'RFC 9110 15.4.3: a redirect': get('/redirect', {
    status: 302,
    fields: ['location: /hello?redirected'],
    body: undefined,
  }),
  'a status of its own': get('/status/418', text('a teapot\n', 418)),
  'RFC 9110 15.5.5: a path that it does not know': get('/unknown', text('not found\n', 404)),
  'RFC 9110 15.3.5: 204 has no body': get('/nothing', { status: 204, fields: [], body: '' }),
  'RFC 9110 13.1.2: a condition that holds not': get('/etag', text('fresh\n', 200, ['etag: "one"']), [
    'If-None-Match: "two"',
  ]),
  'RFC 9110 15.4.5: 304 has its ETag and no body': get(
    '/etag',
    { status: 304, fields: ['etag: "one"'], body: '', length: 6 },
    ['If-None-Match: "one"'],
  ),
  'HEAD of what has an ETag': headOf(get('/etag', text('fresh\n', 200, ['etag: "one"']))),
  'an answer in five parts': get('/stream', text([1, 2, 3, 4, 5].map((at) => `chunk ${at}\n`).join(''))),
  'HEAD of an answer in parts': headOf(get('/stream', { ...text(''), length: 40 })),
  'an answer of a megabyte': big,
  'HEAD of an answer of a megabyte': headOf(big),
  'a handler that throws': get('/throw', { status: 500, fields: [], body: undefined }),
} as const satisfies Record<string, TableEntry>

export type RequestTitle = keyof typeof table
