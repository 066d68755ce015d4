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

export interface ApplicationLimits {
  /** Bytes of one request's name-value pairs. */
  readonly maxVariablesBytes: number
  /** Requests under way on one connection; one more is told FCGI_OVERLOADED, or where it is 1, FCGI_CANT_MPX_CONN. */
  readonly maxRequests: number
  /** Roles that are played here; others are told FCGI_UNKNOWN_ROLE. */
  readonly roles: readonly RoleName[]
  /** FastCGI 4.1: what GET_VALUES is told, beside FCGI_MPXS_CONNS. */
  readonly values: ReadonlyMap<ByteString, ByteString>
}

export type ApplicationSideEvent =
  /** The variables are complete; the body follows. */
  | {
      readonly kind: 'request'
      readonly requestId: number
      readonly role: RoleName
      readonly keepsConnection: boolean
      readonly variables: ReadonlyMap<ByteString, ByteString>
    }
  /** Never empty. `data` is a filter's file (FastCGI 6.4). */
  | { readonly kind: 'stdin' | 'data'; readonly requestId: number; readonly content: Uint8Array }
  | { readonly kind: 'stdin-end' | 'data-end'; readonly requestId: number }
  /** FastCGI 5.4: the web server has given the request up. An FCGI_END_REQUEST is due all the same. */
  | { readonly kind: 'abort'; readonly requestId: number }
  /** To be written as it is. `closes`: nothing else is under way, and the server keeps no connection. */
  | { readonly kind: 'reply'; readonly bytes: Uint8Array; readonly closes: boolean }

interface Underway {
  readonly role: RoleName
  readonly keepsConnection: boolean
  /** Undefined: they are complete. */
  params: NameValueDecoder | undefined
  stdin: 'open' | 'ended'
  data: 'open' | 'ended'
}

export class ApplicationSide {
  readonly #limits: ApplicationLimits
  readonly #records = new RecordDecoder()
  readonly #underWay = new Map<number, Underway>()
  /** Refused or ended while its records were still to come; they are let pass. */
  readonly #ignored = new Set<number>()

  constructor(limits: ApplicationLimits) {
    this.#limits = limits
  }

  /** Requests that have begun and that nobody has ended. */
  get underWay(): number {
    return this.#underWay.size
  }

  /** Throws ProtocolError; then the connection is worth nothing any more. */
  push(chunk: Uint8Array): readonly ApplicationSideEvent[] {
    const events: ApplicationSideEvent[] = []
    for (const record of this.#records.push(chunk)) {
      const event = record.requestId === managementId ? this.#readManagement(record) : this.#readRequest(record)
      if (event !== undefined) events.push(event)
    }
    return events
  }

  /** The request is over; the bytes of its FCGI_END_REQUEST. What still comes for it is let pass. */
  end(requestId: number, appStatus: number, protocolStatus: number = protocolStatuses.requestComplete): Buffer {
    const request = this.#underWay.get(requestId)
    if (request === undefined) throw new TypeError(`request ${requestId} is not under way`)
    this.#underWay.delete(requestId)
    if (request.stdin === 'open') this.#ignored.add(requestId)
    return encodeEndRequest(requestId, { appStatus, protocolStatus })
  }

  #readManagement({ type, content }: FastCgiRecord): ApplicationSideEvent {
    if (type !== recordTypes.getValues) {
      // Security: a request's records on id 0 are refused (HAProxy's "stream ID 0").
      if (type < recordTypes.getValues) throw new ProtocolError('fastcgi', `a record of type ${type} with request id 0`)
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
    if (request === undefined) {
      // FastCGI 3.3: "the application ignores" records of requests that it does not know.
      if (type === recordTypes.stdin && content.length === 0) this.#ignored.delete(requestId)
      return undefined
    }
    switch (type) {
      case recordTypes.params:
        return readParams(request, requestId, content)
      case recordTypes.stdin:
      case recordTypes.data:
        return readBody(request, type === recordTypes.stdin ? 'stdin' : 'data', requestId, content)
      case recordTypes.abortRequest:
        return { kind: 'abort', requestId }
      default:
        throw new ProtocolError('fastcgi', `a record of type ${type} from a web server`)
    }
  }

  #begin(requestId: number, content: Uint8Array): ApplicationSideEvent | undefined {
    const { role, keepsConnection } = decodeBeginRequest(content)
    if (this.#underWay.has(requestId)) {
      throw new ProtocolError('fastcgi', `request ${requestId} begins again while it is under way`)
    }
    this.#ignored.delete(requestId)
    const refuse = (protocolStatus: number): ApplicationSideEvent => {
      this.#ignored.add(requestId)
      const bytes = encodeEndRequest(requestId, { appStatus: 0, protocolStatus })
      return { kind: 'reply', bytes, closes: !keepsConnection && this.#underWay.size === 0 }
    }
    const name = this.#limits.roles.find((known) => roles[known] === role)
    if (name === undefined) return refuse(protocolStatuses.unknownRole)
    if (this.#underWay.size >= this.#limits.maxRequests) {
      return refuse(this.#limits.maxRequests === 1 ? protocolStatuses.cantMpxConn : protocolStatuses.overloaded)
    }
    const params = new NameValueDecoder(this.#limits.maxVariablesBytes)
    this.#underWay.set(requestId, { role: name, keepsConnection, params, stdin: 'open', data: 'open' })
    return undefined
  }
}

function readParams(request: Underway, requestId: number, content: Uint8Array): ApplicationSideEvent | undefined {
  const { params, role, keepsConnection } = request
  if (params === undefined) throw new ProtocolError('fastcgi', `more of FCGI_PARAMS after its end`)
  if (content.length > 0) {
    params.push(content)
    return undefined
  }
  request.params = undefined
  return { kind: 'request', requestId, role, keepsConnection, variables: new Map(params.finish()) }
}

function readBody(
  request: Underway,
  stream: 'stdin' | 'data',
  requestId: number,
  content: Uint8Array,
): ApplicationSideEvent {
  if (request.params !== undefined) throw new ProtocolError('fastcgi', `${stream} before the end of FCGI_PARAMS`)
  if (request[stream] === 'ended') throw new ProtocolError('fastcgi', `more of ${stream} after its end`)
  if (content.length > 0) return { kind: stream, requestId, content }
  request[stream] = 'ended'
  return { kind: `${stream}-end`, requestId }
}
