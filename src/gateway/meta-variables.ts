// RFC 3875 4.1: the meta-variables of a request, and those that users expect beyond them. Decided here once; each
// protocol only encodes them. No I/O.

import type { ByteString } from '../bytes/byte-string.ts'
import { percentEncode } from '../protocol/http/request-target.ts'
import { firstValue } from '../protocol/http/fields.ts'
import type { ScriptPolicy, ScriptResolution } from './destination.ts'
import type { Endpoint, RequestFacts } from './request-facts.ts'

export const serverSoftware = 'postern/0.1.0'

/** The client as the settings let us believe it (trusted-proxies.ts). */
export interface Origin {
  readonly scheme: 'http' | 'https'
  readonly serverName: string
  readonly serverPort: number
  readonly peer: Endpoint
  /** That of an absolute-form target. */
  readonly authority: ByteString | undefined
}

/** The request before a local redirect led here (RFC 3875 6.2.2). */
export interface RedirectedFrom {
  readonly script: ByteString
  readonly scriptName: ByteString
  readonly pathInfo: ByteString
  readonly query: ByteString
  readonly method: string
}

export interface ScriptCall {
  readonly id: string
  readonly facts: RequestFacts
  readonly origin: Origin
  readonly resolution: ScriptResolution
  readonly method: string
  readonly query: ByteString
  /** HTTP_*, by request-policy.ts. */
  readonly fieldVariables: ReadonlyMap<string, ByteString>
  /** Of the route's authorizer. None of the gateway's own names but REMOTE_USER and AUTH_TYPE. */
  readonly granted: ReadonlyMap<string, ByteString>
  /** Undefined: the request has no body. */
  readonly bodyLength: number | undefined
  readonly redirectedFrom: RedirectedFrom | undefined
}

export function metaVariables(call: ScriptCall): Map<string, ByteString> {
  const { facts, origin, resolution, method, query, bodyLength } = call
  const variables = new Map(resolution.policy.variables)
  const set = (name: string, value: ByteString | undefined): void => {
    if (value !== undefined) variables.set(name, value)
  }
  set('AUTH_TYPE', facts.user?.authType)
  set('CONTENT_LENGTH', bodyLength === undefined ? undefined : String(bodyLength))
  // RFC 3875 4.1.3: whenever the client sent the field; but not with the GET that a local redirect makes of a request.
  set('CONTENT_TYPE', call.redirectedFrom === undefined ? firstValue(facts.fields, 'content-type') : undefined)
  set('GATEWAY_INTERFACE', 'CGI/1.1')
  // An empty one would become PHP_SELF where cgi.fix_pathinfo is 0; Apache leaves it out too.
  set('PATH_INFO', resolution.isInterpreted && resolution.pathInfo === '' ? undefined : resolution.pathInfo)
  set('PATH_TRANSLATED', translated(resolution))
  set('QUERY_STRING', query)
  set('REMOTE_ADDR', origin.peer.address)
  set('REMOTE_USER', facts.user?.name)
  set('REQUEST_METHOD', method)
  set('SCRIPT_NAME', resolution.scriptName)
  set('SERVER_NAME', origin.serverName)
  set('SERVER_PORT', String(origin.serverPort))
  set('SERVER_PROTOCOL', facts.protocol)
  set('SERVER_SOFTWARE', serverSoftware)

  set('REQUEST_URI', originForm(facts.front?.requestUri ?? facts.target))
  set('REQUEST_SCHEME', origin.scheme)
  set('HTTPS', origin.scheme === 'https' ? 'on' : undefined)
  set('DOCUMENT_ROOT', resolution.documentRoot)
  set('SCRIPT_FILENAME', resolution.scriptFilename)
  set('REMOTE_PORT', String(origin.peer.port))
  set('SERVER_ADDR', facts.local.address)
  set('UNIQUE_ID', call.id)
  // php-cgi answers only where a server has set it; the value is ours, never a client's (CVE-2024-8927).
  set('REDIRECT_STATUS', '200')
  if (call.redirectedFrom !== undefined) {
    const { scriptName, pathInfo, query: query_, method: method_ } = call.redirectedFrom
    set('REDIRECT_URL', scriptName + pathInfo)
    set('REDIRECT_QUERY_STRING', query_)
    set('REDIRECT_REQUEST_METHOD', method_)
    set('REDIRECT_SCRIPT_NAME', scriptName)
    set('REDIRECT_PATH_INFO', pathInfo)
  }
  for (const [name, value] of facts.front?.variables ?? []) {
    if (!variables.has(name) && !phpSettings.has(name)) variables.set(name, value)
  }
  for (const [name, value] of call.granted) variables.set(name, value)
  for (const [name, value] of call.fieldVariables) variables.set(name, value)
  // RFC 9112 3.2.2: the authority of an absolute target stands for Host, whatever Host said.
  set('HTTP_HOST', origin.authority)
  return variables
}

/** Security: php-fpm takes them for settings, so that whoever may send them may run code. Only our own settings may. */
const phpSettings = new Set(['PHP_VALUE', 'PHP_ADMIN_VALUE'])

const none: ReadonlySet<string> = new Set()

/** Those that are the same for no two requests, though their names do not tell. */
export function ofRequestAlone(
  { front }: RequestFacts,
  { variables }: Pick<ScriptPolicy, 'variables'>,
  granted: ReadonlyMap<string, ByteString>,
): ReadonlySet<string> {
  if (front === undefined && granted.size === 0) return none
  const names = new Set(granted.keys())
  for (const name of front?.variables.keys() ?? []) if (!variables.has(name)) names.add(name)
  return names
}

/** RFC 3875 4.1.6: PATH_INFO as a path of the document tree, dot segments already gone. */
function translated({ documentRoot, pathInfo, hidesPathTranslated }: ScriptResolution): ByteString | undefined {
  if (hidesPathTranslated || documentRoot === undefined || pathInfo === '') return undefined
  return (documentRoot === '/' ? '' : documentRoot) + pathInfo
}

/** Scripts expect path and query, as nginx gives them, also for an absolute-form target. */
function originForm(target: ByteString): ByteString {
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1]
  return absolute === undefined ? target : absolute.startsWith('/') ? absolute : `/${absolute}`
}

/** The bytes that the variables take in an environment. */
export function variablesBytes(variables: ReadonlyMap<string, ByteString>): number {
  let bytes = 0
  for (const [name, value] of variables) bytes += name.length + value.length + 2
  return bytes
}

/** A decoded path as it may stand in a Location. */
export function encodePath(path: ByteString): string {
  return path.split('/').map(percentEncode).join('/')
}
