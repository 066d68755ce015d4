// FastCGI 1.0, 4, 5 and 6.1: the contents of the records that are not streams. No I/O.

import { ProtocolError } from '../errors.ts'
import { encodeRecord, managementId, recordTypes } from './record.ts'

/** FastCGI 6: a responder answers, an authorizer decides, a filter answers with a file's data at hand. */
export const roles = { responder: 1, authorizer: 2, filter: 3 } as const
export type RoleName = keyof typeof roles

/** FastCGI 5.5. */
export const protocolStatuses = { requestComplete: 0, cantMpxConn: 1, overloaded: 2, unknownRole: 3 } as const

const keepConnection = 1

export interface BeginRequest {
  /** A number of `roles`, or one that nobody knows. */
  readonly role: number
  /** FCGI_KEEP_CONN: the web server closes the connection, not the application. */
  readonly keepsConnection: boolean
}

export function encodeBeginRequest(requestId: number, { role, keepsConnection }: BeginRequest): Buffer {
  const content = Uint8Array.of(role >> 8, role & 255, keepsConnection ? keepConnection : 0, 0, 0, 0, 0, 0)
  return encodeRecord({ type: recordTypes.beginRequest, requestId, content })
}

/** FastCGI 5.1. Throws ProtocolError for a content of another length. */
export function decodeBeginRequest(content: Uint8Array): BeginRequest {
  checkLength('FCGI_BEGIN_REQUEST', content)
  return {
    role: (content[0] ?? 0) * 256 + (content[1] ?? 0),
    keepsConnection: ((content[2] ?? 0) & keepConnection) !== 0,
  }
}

export interface EndRequest {
  /** 0 to 2^32 - 1; for a CGI program its exit status. */
  readonly appStatus: number
  /** A number of `protocolStatuses`, or one that nobody knows. */
  readonly protocolStatus: number
}

export function encodeEndRequest(requestId: number, { appStatus, protocolStatus }: EndRequest): Buffer {
  const content = Buffer.alloc(8)
  content.writeUInt32BE(appStatus, 0)
  content.writeUInt8(protocolStatus, 4)
  return encodeRecord({ type: recordTypes.endRequest, requestId, content })
}

/** FastCGI 5.5. Throws ProtocolError for a content of another length. */
export function decodeEndRequest(content: Uint8Array): EndRequest {
  checkLength('FCGI_END_REQUEST', content)
  const [a = 0, b = 0, c = 0, d = 0, protocolStatus = 0] = content
  return { appStatus: a * 0x1000000 + b * 0x10000 + c * 0x100 + d, protocolStatus }
}

/** FastCGI 5.4. */
export function encodeAbortRequest(requestId: number): Buffer {
  return encodeRecord({ type: recordTypes.abortRequest, requestId, content: new Uint8Array(0) })
}

/** FastCGI 4.2: what an application answers to a management record that it does not know. */
export function encodeUnknownType(type: number): Buffer {
  const content = Uint8Array.of(type, 0, 0, 0, 0, 0, 0, 0)
  return encodeRecord({ type: recordTypes.unknownType, requestId: managementId, content })
}

/** The type that the application did not know. Throws ProtocolError for a content of another length. */
export function decodeUnknownType(content: Uint8Array): number {
  checkLength('FCGI_UNKNOWN_TYPE', content)
  return content[0] ?? 0
}

/** FastCGI 5.1, 5.5, 4.2: these contents all have eight bytes. */
function checkLength(name: string, content: Uint8Array): void {
  if (content.length !== 8) throw new ProtocolError('fastcgi', `${name} has ${content.length} bytes, not 8`)
}
