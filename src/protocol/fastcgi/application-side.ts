// The application's side of a FastCGI connection: from the web server's records to requests with their variables and
// bodies, and the answers that need nobody's thought. No I/O.

import type { ByteString } from '../../bytes/byte-string.ts'
import { ProtocolError } from '../errors.ts'
import {
  decodeBeginRequest,
  encodeEndRequest,
  encodeUnknownType,
  protocolStatuses,
  roles,
  type RoleName,
} from './messages.ts'
import { encodeNameValues, NameValueDecoder } from './name-values.ts'
import { encodeRecord, managementId, RecordDecoder, recordTypes, type FastCgiRecord } from './record.ts'

/** What an application takes, and what it says of itself. */
export interface ApplicationLimits {
  /** Bytes of one request's name-value pairs, lengths included. */
  readonly maxVariablesBytes: number
  /** Requests under way on one connection; one more is told FCGI_OVERLOADED, or where it is 1, FCGI_CANT_MPX_CONN. */
  readonly maxRequests: number
  /** Roles that are played here; others are told FCGI_UNKNOWN_ROLE. */
  readonly roles: readonly RoleName[]
  /** FastCGI 4.1: what GET_VALUES is told, beside FCGI_MPXS_CONNS; short: all in one record. */
  readonly values: ReadonlyMap<ByteString, ByteString>
}

/** What came from the web server. */
export type ApplicationSideEvent =
  /** The variables are complete; the body follows. Of a name that stands twice the last value counts. */
  | {
      readonly kind: 'request'
      readonly requestId: number
      readonly role: RoleName
      readonly keepsConnection: boolean
      readonly variables: ReadonlyMap<ByteString, ByteString>
    }
  /** Never empty; a view into what was pushed. `data` is a filter's file, after the end of its stdin (FastCGI 6.4). */
  | { readonly kind: 'stdin' | 'data'; readonly requestId: number; readonly content: Uint8Array }
  | { readonly kind: 'stdin-end' | 'data-end'; readonly requestId: number }
  /** FastCGI 5.4: the web server has given the request up. Its FCGI_END_REQUEST is due all the same: `end`. */
  | { readonly kind: 'abort'; readonly requestId: number }
  /** To be written as it is. `closes`: then close; nothing else is under way, and the server keeps no connection. */
  | { readonly kind: 'reply'; readonly bytes: Uint8Array; readonly closes: boolean }

interface Underway {
  readonly role: RoleName
  readonly keepsConnection: boolean
  /** Undefined: they are complete. */
  params: NameValueDecoder | undefined
  stdin: 'open' | 'ended'
  data: 'open' | 'ended'
}

/**
 * The application's side of one connection. What it holds back is bounded: one record, and the variables of `maxRequests`
 * requests. Bodies pass through; comparing them with CONTENT_LENGTH (FastCGI 6.2) is for whoever reads them.
 */
export class ApplicationSide {
  readonly #limits: ApplicationLimits
  readonly #records = new RecordDecoder()
  #isRefusing = false
  readonly #underWay = new Map<number, Underway>()

  constructor(limits: ApplicationLimits) {
    this.#limits = limits
  }

  /** From now on every request that begins is told FCGI_OVERLOADED. */
  refuseFurther(): void {
    this.#isRefusing = true
  }

  /** How many requests have begun and nobody has ended. */
  get underWay(): number {
    return this.#underWay.size
  }

  /**
   * What is in these bytes of the web server, which may be cut anywhere. Throws ProtocolError for what no web server may
   * send, and for variables past the limit; then the connection is worth nothing any more, and what came before it in the
   * same chunk is lost with it.
   */
  push(chunk: Uint8Array): readonly ApplicationSideEvent[] {
    const events: ApplicationSideEvent[] = []
    for (const record of this.#records.push(chunk)) {
      const event = record.requestId === managementId ? this.#readManagement(record) : this.#readRequest(record)
      if (event !== undefined) events.push(event)
    }
    if (this.#records.fault !== undefined) throw this.#records.fault
    return events
  }

  /**
   * FastCGI 5.5: the request is over; the bytes of its FCGI_END_REQUEST. What still comes for it is let pass. `appStatus` is
   * 0 to 2^32 - 1. Throws TypeError for one that is not, and for a request that is not under way.
   */
  end(requestId: number, appStatus: number, protocolStatus: number = protocolStatuses.requestComplete): Buffer {
    const request = this.#underWay.get(requestId)
    if (request === undefined) throw new TypeError(`request ${requestId} is not under way`)
    const bytes = encodeEndRequest(requestId, { appStatus, protocolStatus })
    this.#underWay.delete(requestId)
    return bytes
  }

  #readManagement({ type, content }: FastCgiRecord): ApplicationSideEvent {
    if (type !== recordTypes.getValues) {
      // Security: a request's records on id 0 are refused (HAProxy's "stream ID 0").
      if (type >= recordTypes.beginRequest && type <= recordTypes.data)
        throw new ProtocolError('fastcgi', `a record of type ${type} with request id 0`)
      return { kind: 'reply', bytes: encodeUnknownType(type), closes: false }
    }
    const decoder = new NameValueDecoder(content.length)
    decoder.push(content)
    const known = new Map([
      ['FCGI_MPXS_CONNS', this.#limits.maxRequests > 1 ? '1' : '0'],
      ...this.#limits.values,
    ] as const)
    const values = new Map<ByteString, ByteString>()
    for (const [name] of decoder.finish()) {
      const value = known.get(name)
      if (value !== undefined) values.set(name, value)
    }
    const result = encodeNameValues(values)
    const bytes = encodeRecord({ type: recordTypes.getValuesResult, requestId: managementId, content: result })
    return { kind: 'reply', bytes, closes: false }
  }

  #readRequest({ type, requestId, content }: FastCgiRecord): ApplicationSideEvent | undefined {
    if (type === recordTypes.beginRequest) return this.#begin(requestId, content)
    const request = this.#underWay.get(requestId)
    // FastCGI 3.3: "the application ignores" records of requests that it does not know: refused, or ended before they came.
    if (request === undefined) return undefined
    switch (type) {
      case recordTypes.params:
        return readParams(request, requestId, content)
      case recordTypes.stdin:
      case recordTypes.data:
        return readBody(request, type === recordTypes.stdin ? 'stdin' : 'data', requestId, content)
      case recordTypes.abortRequest:
        return request.params === undefined ? { kind: 'abort', requestId } : this.#abandon(requestId, request)
      default:
        throw new ProtocolError('fastcgi', `a record of type ${type} from a web server`)
    }
  }

  #begin(requestId: number, content: Uint8Array): ApplicationSideEvent | undefined {
    const { role, keepsConnection } = decodeBeginRequest(content)
    if (this.#underWay.has(requestId)) {
      throw new ProtocolError('fastcgi', `request ${requestId} begins again while it is under way`)
    }
    const refuse = (protocolStatus: number): ApplicationSideEvent => {
      const bytes = encodeEndRequest(requestId, { appStatus: 0, protocolStatus })
      return this.#lastReply(bytes, keepsConnection)
    }
    if (this.#isRefusing) return refuse(protocolStatuses.overloaded)
    const name = this.#limits.roles.find((known) => roles[known] === role)
    if (name === undefined) return refuse(protocolStatuses.unknownRole)
    if (this.#underWay.size >= this.#limits.maxRequests) {
      return refuse(this.#limits.maxRequests === 1 ? protocolStatuses.cantMpxConn : protocolStatuses.overloaded)
    }
    const params = new NameValueDecoder(this.#limits.maxVariablesBytes)
    this.#underWay.set(requestId, { role: name, keepsConnection, params, stdin: 'open', data: 'open' })
    return undefined
  }

  /** FastCGI 5.4: given up before its variables were complete. Nobody here has heard of it, so nobody else would end it. */
  #abandon(requestId: number, { keepsConnection }: Underway): ApplicationSideEvent {
    return this.#lastReply(this.end(requestId, 0), keepsConnection)
  }

  #lastReply(bytes: Uint8Array, keepsConnection: boolean): ApplicationSideEvent {
    return { kind: 'reply', bytes, closes: !keepsConnection && this.#underWay.size === 0 }
  }
}

function readParams(request: Underway, requestId: number, content: Uint8Array): ApplicationSideEvent | undefined {
  const { params, role, keepsConnection } = request
  if (params === undefined) throw new ProtocolError('fastcgi', 'more of FCGI_PARAMS after its end')
  if (content.length > 0) {
    params.push(content)
    return undefined
  }
  request.params = undefined
  const variables = new Map(params.finish())
  // Security: FastCGI 6.1: values contain no NUL. Whoever makes an environment of them would be told two different things.
  for (const [name, value] of variables) {
    if (name.includes('\0') || value.includes('\0')) throw new ProtocolError('fastcgi', 'a NUL in FCGI_PARAMS')
  }
  return { kind: 'request', requestId, role, keepsConnection, variables }
}

function readBody(
  request: Underway,
  stream: 'stdin' | 'data',
  requestId: number,
  content: Uint8Array,
): ApplicationSideEvent {
  // FastCGI 6.1: inputs are not interleaved with each other.
  if (request.params !== undefined) throw new ProtocolError('fastcgi', `${stream} before the end of FCGI_PARAMS`)
  if (stream === 'data') {
    if (request.role !== 'filter') throw new ProtocolError('fastcgi', `data for a request to the ${request.role}`)
    if (request.stdin === 'open') throw new ProtocolError('fastcgi', 'data before the end of stdin')
  }
  if (request[stream] === 'ended') throw new ProtocolError('fastcgi', `more of ${stream} after its end`)
  if (content.length > 0) return { kind: stream, requestId, content }
  request[stream] = 'ended'
  return { kind: `${stream}-end`, requestId }
}
