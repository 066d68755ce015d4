// A gateway request as the Request of a function: method, URL, fields and body from the meta-variables of RFC 3875 4.1.
// What a Request cannot say is refused with a status of its own; nothing is changed to make it fit.

import type { ByteString, Bytes } from '../bytes/byte-string.ts'
import type { Field } from '../protocol/http/fields.ts'
import { lendStream, type LentStream } from '../transport/web-streams.ts'
import type { GatewayRequest } from './executor.ts'
import { percentEncodeBytes, urlPath } from '../protocol/http/url-path.ts'

export interface FunctionRequest {
  readonly request: Request
  /** The request is over: nothing more of its body is read. */
  leave(): void
}

export interface Unspeakable {
  readonly status: 400 | 501
  readonly why: string
}

export interface RequestParts {
  readonly method: string
  readonly url: string
  readonly fields: Iterable<Field>
  readonly body: Uint8Array | Bytes
  /** Undefined: nobody said. */
  readonly bodyLength: number | undefined
}

export function functionRequest(
  { variables, body, bodyLength, part }: GatewayRequest,
  signal: AbortSignal,
): FunctionRequest | Unspeakable {
  const method = variables.get('REQUEST_METHOD') ?? 'GET'
  const url = urlOf(variables, part?.role === 'authorizer')
  return requestOf({ method, url, fields: fieldsOf(variables), body, bodyLength }, signal)
}

export function requestOf(
  { method, url, fields, body, bodyLength }: RequestParts,
  signal: AbortSignal,
): FunctionRequest | Unspeakable {
  // The fetch standard forbids all three; the gateway itself answers TRACE and CONNECT.
  if (/^(?:TRACK|TRACE|CONNECT)$/i.test(method))
    return { status: 501, why: `a Request cannot have the method ${method}` }
  // The fetch standard: a Request of these has no body, and the client may have sent one (RFC 9110 9.3.1).
  const hasBody = bodyLength !== 0 && method !== 'GET' && method !== 'HEAD'
  const lent: LentStream | undefined = hasBody && !(body instanceof Uint8Array) ? lendStream(body) : undefined
  try {
    const headers = new Headers()
    for (const [name, value] of fields) headers.append(name, value)
    const whole = hasBody && body instanceof Uint8Array ? body : null
    const init: RequestInit = {
      method,
      headers,
      signal,
      redirect: 'manual',
      body: lent?.stream ?? whole,
      duplex: 'half',
    }
    return { request: new Request(url, init), leave: () => lent?.leave() }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return { status: 400, why: 'its URL or a field of it cannot stand in a Request' }
  }
}

/**
 * As the client knows it; but after a local redirect (RFC 3875 6.2.2) where that led. Security: an authorizer's has the
 * path in the one spelling that it has in DOCUMENT_URI.
 */
function urlOf(variables: ReadonlyMap<string, ByteString>, isAuthorizer: boolean): string {
  const value = (name: string): ByteString => variables.get(name) ?? ''
  const host = value('HTTP_HOST') === '' ? `${value('SERVER_NAME')}:${value('SERVER_PORT')}` : value('HTTP_HOST')
  const scheme = variables.get('REQUEST_SCHEME') ?? (value('HTTPS') === 'on' ? 'https' : 'http')
  const asked = variables.has('REDIRECT_URL') || isAuthorizer ? undefined : variables.get('REQUEST_URI')
  const query = value('QUERY_STRING') === '' ? '' : `?${value('QUERY_STRING')}`
  const named = isAuthorizer ? value('DOCUMENT_URI') : `${value('SCRIPT_NAME')}${value('PATH_INFO')}`
  const target = asked ?? percentEncodeBytes(named, /[?%]/g) + query
  const path = target.startsWith('/') ? target : `/${target}`
  return `${scheme}://${host}${urlPath(path)}`
}

function* fieldsOf(variables: ReadonlyMap<string, ByteString>): Generator<Field> {
  for (const [name, value] of variables) {
    if (name === 'CONTENT_TYPE' || name === 'CONTENT_LENGTH') yield [fieldName(name), value]
    else if (name.startsWith('HTTP_')) yield [fieldName(name.slice('HTTP_'.length)), value]
  }
}

function fieldName(variable: string): string {
  return variable.toLowerCase().replaceAll('_', '-')
}
