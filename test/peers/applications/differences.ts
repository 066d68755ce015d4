// What a server does otherwise than the others, all in one place, each with its reason. What is listed must be so: a test
// fails where it is no more.

import { said, type ReferenceAnswer, type RequestTitle } from './requests.ts'
import type { ScenarioTitle } from './scenarios.ts'
import type { ApplicationName } from './way.ts'

export type ServerName =
  | 'alone'
  | 'Apache mod_cgid'
  | 'Apache mod_fcgid'
  | 'nginx fastcgi_pass'
  | 'nginx fastcgi_pass below a mount'
  | 'lighttpd SCGI'
  | 'lighttpd SCGI below a mount'
  | 'nginx uwsgi_pass'
  | 'nginx uwsgi_pass below a mount'
  | 'postern serve, CGI'
  | 'postern serve, FastCGI'
  | 'postern app()'

export interface RequestDifference {
  readonly servers: readonly ServerName[]
  readonly requests: readonly RequestTitle[]
  /** Default: all applications. */
  readonly names?: readonly ApplicationName[]
  readonly answer: Partial<ReferenceAnswer>
  readonly reason: string
}

export interface ScenarioDifference {
  readonly servers: readonly ServerName[]
  /** These cannot be. */
  readonly scenarios: readonly ScenarioTitle[]
  readonly reason: string
}

/** Fields that a server adds to answers of applications. */
export interface OwnFields {
  readonly servers: readonly ServerName[]
  readonly fields: readonly string[]
  readonly reason: string
}

const lighttpd: readonly ServerName[] = ['lighttpd SCGI', 'lighttpd SCGI below a mount']
const overUnixSockets: readonly ServerName[] = [...lighttpd, 'nginx uwsgi_pass', 'nginx uwsgi_pass below a mount']

export const ownFields: readonly OwnFields[] = [
  {
    servers: lighttpd,
    fields: ['accept-ranges: bytes'],
    reason: 'lighttpd offers parts of what it has whole, of any answer to GET',
  },
]

export const requestDifferences: readonly RequestDifference[] = [
  {
    servers: ['Apache mod_cgid'],
    requests: ['RFC 9112 7.1: POST of a body in chunks'],
    answer: { status: 411, fields: [], body: undefined },
    reason: 'Apache tells programs no length of such a body, and without CONTENT_LENGTH there is none (RFC 3875 4.2)',
  },
  {
    servers: lighttpd,
    requests: ['a query with encoded bytes that are no UTF-8'],
    answer: { status: 400, fields: [], body: undefined },
    reason: 'lighttpd refuses an encoded NUL',
  },
  {
    servers: lighttpd,
    requests: ['a query with a bare bracket and a bar'],
    answer: said('GET', { path: '/said/q', query: '?a%5B%5D=1%7C2' }),
    reason: 'lighttpd encodes what should have been encoded',
  },
  {
    servers: ['postern serve, CGI', 'postern serve, FastCGI'],
    requests: ['an encoded slash in the path'],
    answer: { status: 404, fields: ['cache-control: no-store'], body: undefined },
    reason:
      'PATH_INFO is decoded, and could not tell it from a slash (RFC 3875 4.1.5); `encodedSlashes` lets it through',
  },
  {
    servers: ['postern app()'],
    requests: ['a handler that throws'],
    names: ['bare'],
    answer: {
      status: 502,
      fields: ['cache-control: no-store', 'proxy-status: postern; error=http_response_incomplete'],
    },
    reason: 'the gateway says what has failed; Hono itself answers what its routes throw',
  },
]

const whileWaiting: ScenarioTitle = 'context.signal is aborted when the client leaves before the answer begins'
const brokenOff: ScenarioTitle = 'an answer that breaks off in the middle is not taken for whole'

export const scenarioDifferences: readonly ScenarioDifference[] = [
  {
    servers: lighttpd,
    scenarios: [whileWaiting],
    reason: 'lighttpd learns that a client has left where it writes to it, and not before',
  },
  {
    servers: ['Apache mod_cgid', 'Apache mod_fcgid'],
    scenarios: [whileWaiting],
    reason: 'Apache learns that a client has left where it writes to it, and not before',
  },
  {
    servers: overUnixSockets,
    scenarios: [brokenOff],
    reason:
      'SCGI and uwsgi have no end of an answer but that of the connection; a reset could say it, and Unix sockets have none',
  },
  {
    servers: ['Apache mod_fcgid'],
    scenarios: [brokenOff],
    reason: 'mod_fcgid puts a page of its own at the end of such an answer, and ends it in order',
  },
  {
    servers: ['Apache mod_cgid', 'postern serve, CGI'],
    scenarios: [brokenOff],
    reason: 'the server takes the end of standard output for the end of the answer, whatever the exit code says',
  },
  {
    servers: ['postern app()'],
    scenarios: [
      'the handler sees the meta-variables, the mount and the peer',
      'what waitUntil was given goes on after the answer',
    ],
    reason: 'the context of app() has variables, diagnostics and signal: the embedding program knows the rest',
  },
]
