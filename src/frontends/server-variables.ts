// From the meta-variables of a web server in front (RFC 3875 4.1, and what servers add) to the facts of a request. The
// same for cgi, fastcgi, scgi and uwsgi. No I/O.
//
// How servers say the path, by default:
//
//                          SCRIPT_NAME                PATH_INFO             DOCUMENT_URI   REQUEST_URI
//   nginx fastcgi_params   decoded, rewritten         –                     as SCRIPT_NAME as the client sent it
//   nginx scgi_params      –                          –                     decoded        as the client sent it
//   nginx uwsgi_params     –                          decoded, rewritten    –              as the client sent it
//   Apache mod_proxy_*     what ProxyPass, SetHandler and rewriting left    –              as the client sent it
//   lighttpd               decoded; "" at the root    the rest of the path  –              as the client sent it
//   Caddy                  "", or up to split_path    decoded               like it        as the client sent it
//   a CGI server           the program's own          decoded               –              mostly, as it was sent
//
// Security: SCRIPT_FILENAME, PATH_TRANSLATED and DOCUMENT_ROOT from the wire are never looked at: which file is run is
// found by our own routes ("open port 9000", fcgiwrap). Nor are UWSGI_FILE and its kin (CVE-2020-11984), or PHP_VALUE.

import { ipVersion } from '../protocol/http/ip-version.ts'
import type { ByteString } from '../bytes/byte-string.ts'
import { encodePath } from '../gateway/meta-variables.ts'
import type { AuthenticatedUser, Endpoint, FrontServer, RequestFacts } from '../gateway/request-facts.ts'
import { isToken, type Field } from '../protocol/http/fields.ts'
import { isRejected, readRequestTarget, readSegments } from '../protocol/http/request-target.ts'

export type ServerVariables = ReadonlyMap<string, ByteString>

type NamedFacts = 'method' | 'target' | 'mount' | 'protocol' | 'fields' | 'scheme' | 'peer' | 'local' | 'user'

export interface ServerRequest extends Pick<RequestFacts, NamedFacts> {
  readonly id: string | undefined
  readonly requestUri: ByteString | undefined
  readonly passed: ServerVariables
  readonly received: ServerVariables
  /** Undefined: CONTENT_LENGTH is missing or empty. */
  readonly contentLength: number | undefined
}

/**
 * `passVariables`: names that may go on to scripts; the settings have checked them (config/listen-options.ts).
 * `frontMounts`: SCRIPT_NAME is what the server has taken off the path already, so that the routes begin behind it.
 */
export function readServerVariables(
  variables: ServerVariables,
  passVariables: ReadonlySet<string>,
  frontMounts = false,
): ServerRequest | { readonly rejected: string } {
  for (const [name, value] of variables) {
    // Security: lines of a log, of an environment or of a head would be split.
    if (/[\0\r\n]/.test(name) || /[\0\r\n]/.test(value)) {
      return { rejected: `the variable ${JSON.stringify(name)} holds a NUL, CR or LF` }
    }
  }
  const of = (name: string): ByteString => variables.get(name) ?? ''
  const method = of('REQUEST_METHOD')
  if (method === '') return { rejected: 'there is no REQUEST_METHOD' }
  const length = readLength(variables)
  if (!/^\d{0,15}$/.test(length)) return { rejected: 'CONTENT_LENGTH is no number' }
  const contentLength = length === '' ? undefined : Number(length)
  const place = readPlace(variables)
  if ('rejected' in place) return place
  const scheme = readScheme(variables)
  const port = readPort(of('SERVER_PORT'))
  return {
    method,
    target: place.target,
    mount: frontMounts ? of('SCRIPT_NAME') : '',
    protocol: /^HTTP\/\d(?:\.\d)?$/.test(of('SERVER_PROTOCOL')) ? of('SERVER_PROTOCOL') : 'HTTP/1.0',
    fields: readFields(variables, method, scheme),
    scheme,
    peer: readEndpoint(of('REMOTE_ADDR'), readPort(of('REMOTE_PORT')) ?? 0),
    local: readEndpoint(of('SERVER_ADDR'), port ?? defaultPorts[scheme]),
    user: readUser(variables),
    requestUri: place.requestUri,
    id: [of('UNIQUE_ID'), of('REQUEST_ID')].find((id) => /^[A-Za-z0-9_@.-]{1,64}$/.test(id)),
    passed: new Map([...variables].filter(([name]) => passVariables.has(name))),
    received: variables,
    contentLength,
  }
}

/** What the gateway is told of it. `onDiagnostic`: as `FrontServer` has it. */
export function factsOf(
  read: ServerRequest,
  {
    part,
    onDiagnostic,
    body,
    bodyLength,
    signal,
  }: Pick<RequestFacts, 'part' | 'body' | 'bodyLength' | 'signal'> & Pick<FrontServer, 'onDiagnostic'>,
): RequestFacts {
  const { id, requestUri, passed, received } = read
  return {
    method: read.method,
    target: read.target,
    mount: read.mount,
    protocol: read.protocol,
    fields: read.fields,
    scheme: read.scheme,
    peer: read.peer,
    local: read.local,
    user: read.user,
    front: { id, requestUri, variables: passed, received, onDiagnostic },
    part,
    body,
    bodyLength,
    awaitsContinue: false,
    signal,
  }
}

const defaultPorts = { http: 80, https: 443 }

interface Place {
  readonly target: ByteString
  readonly requestUri: ByteString | undefined
}

/**
 * The path is what the server says that it is, which may have rewritten it; REQUEST_URI is what the client wrote. Where
 * both are the same path the client's spelling is kept, so that escapes survive.
 */
function readPlace(variables: ServerVariables): Place | { readonly rejected: string } {
  const of = (name: string): ByteString => variables.get(name) ?? ''
  const sent = readSent(of('REQUEST_URI'))
  const query = variables.get('QUERY_STRING') ?? sent?.query ?? ''
  const path = readPath(variables, sent?.path)
  if (path === undefined) {
    if (sent === undefined) return { rejected: 'no variable says the path (SCRIPT_NAME, PATH_INFO or REQUEST_URI)' }
    // `OPTIONS *` comes as "*", and the gateway says what is wrong with anything else.
    return sameQuery(sent.raw, sent, query)
  }
  if (!path.startsWith('/')) return { rejected: `the path ${JSON.stringify(path)} does not begin with a slash` }
  if (sent?.path === path) return sameQuery(sent.raw, sent, query)
  const target = withQuery(encodePath(path), query)
  return { target, requestUri: of('REQUEST_URI') === '' ? undefined : of('REQUEST_URI') }
}

interface Sent {
  /** Without the query. */
  readonly raw: ByteString
  /** Decoded and normalised; undefined where it is no path. */
  readonly path: ByteString | undefined
  readonly query: ByteString
}

function readSent(requestUri: ByteString): Sent | undefined {
  if (requestUri === '') return undefined
  const target = readRequestTarget(requestUri)
  if (isRejected(target)) return { raw: requestUri, path: undefined, query: '' }
  const segments = readSegments(target.rawPath)
  const path = isRejected(segments) ? undefined : `/${segments.map(({ decoded }) => decoded).join('/')}`
  return { raw: target.rawPath, path, query: target.query }
}

function sameQuery(raw: ByteString, sent: Sent, query: ByteString): Place {
  const target = withQuery(raw, query)
  return { target, requestUri: query === sent.query ? undefined : withQuery(raw, sent.query) }
}

function withQuery(path: ByteString, query: ByteString): ByteString {
  return query === '' ? path : `${path}?${query}`
}

/** As the server has decoded it; undefined: it says none but REQUEST_URI. */
function readPath(variables: ServerVariables, sentPath: ByteString | undefined): ByteString | undefined {
  const scriptName = variables.get('SCRIPT_NAME') ?? ''
  const pathInfo = variables.get('PATH_INFO') ?? ''
  const documentUri = variables.get('DOCUMENT_URI') ?? ''
  if (scriptName === '' && pathInfo === '') return documentUri === '' ? undefined : documentUri
  // Often copied: SCRIPT_NAME and PATH_INFO both say the whole path.
  if (scriptName === pathInfo && scriptName === sentPath) return scriptName
  const path = scriptName + pathInfo
  if (path === sentPath || sentPath === undefined || !path.includes('%')) return path
  // Apache's mod_proxy_* leave escapes in what they got from ProxyPass.
  const segments = readSegments(path)
  if (isRejected(segments)) return path
  return `/${segments.map(({ decoded }) => decoded).join('/')}` === sentPath ? sentPath : path
}

/** Fields that come as variables of their own; nginx sends them as HTTP_* too. */
const notFields = new Set(['HTTP_CONTENT_LENGTH', 'HTTP_CONTENT_TYPE'])

function readFields(variables: ServerVariables, method: string, scheme: 'http' | 'https'): Field[] {
  const fields: Field[] = []
  for (const [name, value] of variables) {
    if (/^HTTP_[A-Z0-9_]+$/.test(name) && !notFields.has(name)) fields.push([fieldName(name.slice(5)), value])
  }
  if (!variables.has('HTTP_HOST')) {
    const host = nameOf(variables, scheme)
    if (host !== '') fields.unshift(['Host', host])
  }
  const type = variables.get('CONTENT_TYPE') ?? ''
  if (type !== '') fields.push(['Content-Type', type])
  const length = readLength(variables)
  // SCGI must say 0 where there is no body; a script is told only of a client's own 0.
  if (length !== '' && !(/^0+$/.test(length) && /^(?:GET|HEAD)$/.test(method))) fields.push(['Content-Length', length])
  return fields
}

/** Caddy says -1 of a body whose length it does not know. */
function readLength(variables: ServerVariables): ByteString {
  const length = variables.get('CONTENT_LENGTH') ?? ''
  return length === '-1' ? '' : length
}

/** `ACCEPT_LANGUAGE` is `Accept-Language`. */
function fieldName(variable: string): string {
  return variable
    .split('_')
    .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
    .join('-')
}

/** HTTP/3 and HTTP/2 have no Host field of their own, and HTTP/1.0 need not have one. */
function nameOf(variables: ServerVariables, scheme: 'http' | 'https'): string {
  const name = variables.get('SERVER_NAME') ?? ''
  if (name === '') return ''
  const host = ipVersion(name) === 6 ? `[${name}]` : name
  const port = readPort(variables.get('SERVER_PORT') ?? '')
  return port === undefined || port === defaultPorts[scheme] ? host : `${host}:${port}`
}

function readScheme(variables: ServerVariables): 'http' | 'https' {
  const isOn = /^(?:on|1|https)$/i.test(variables.get('HTTPS') ?? '')
  const names = ['REQUEST_SCHEME', 'UWSGI_SCHEME'].map((name) => variables.get(name) ?? '')
  return isOn || names.some((name) => /^https$/i.test(name)) ? 'https' : 'http'
}

/**
 * RFC 3875 4.1.1, 4.1.11: the server in front has verified who it is. Security: AUTH_TYPE must say how. nginx's stock
 * fastcgi_params send REMOTE_USER of any Authorization field, verified or not; AUTH_TYPE only stands where somebody set it.
 */
function readUser(variables: ServerVariables): AuthenticatedUser | undefined {
  const name = variables.get('REMOTE_USER') ?? ''
  const authType = variables.get('AUTH_TYPE') ?? ''
  return name === '' || !isToken(authType) ? undefined : { name, authType }
}

/** nginx says `unix:` of a client on a Unix socket, which has no address. */
function readEndpoint(address: ByteString, port: number): Endpoint {
  const plain = address.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:(?=\d+\.)/i, '')
  return { address: ipVersion(plain) === 0 ? '' : plain, port }
}

function readPort(text: ByteString): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined
}
