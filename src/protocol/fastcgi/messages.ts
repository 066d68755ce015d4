// FastCGI 1.0, 4, 5 and 6.1: the contents of the records that are not streams. No I/O.

import { ProtocolError } from '../errors.ts'
import { checkWhole, encodeRecord, managementId, recordTypes } from './record.ts'

/** FastCGI 6: a responder answers, an authorizer decides, a filter answers with a file's data at hand. */
export const roles = { responder: 1, authorizer: 2, filter: 3 } as const

/** A name of `roles`. */
export type RoleName = keyof typeof roles

/** FastCGI 5.5: `FCGI_REQUEST_COMPLETE` and so on. */
export const protocolStatuses = { requestComplete: 0, cantMpxConn: 1, overloaded: 2, unknownRole: 3 } as const

const keepConnection = 1

/** FastCGI 5.1: what FCGI_BEGIN_REQUEST says. */
export interface BeginRequest {
  /** 0 to 65535; a number of `roles`, or one that nobody knows. */
  readonly role: number
  /** FCGI_KEEP_CONN: the web server closes the connection, not the application. */
  readonly keepsConnection: boolean
}

/** FastCGI 5.1: the whole record. Throws TypeError for a role or id past 65535. */
export function encodeBeginRequest(requestId: number, { role, keepsConnection }: BeginRequest): Buffer {
  checkWhole('a role', role, 65535)
  const content = Uint8Array.of(role >> 8, role & 255, keepsConnection ? keepConnection : 0, 0, 0, 0, 0, 0)
  return encodeRecord({ type: recordTypes.beginRequest, requestId, content })
}

/** FastCGI 5.1. Throws ProtocolError for a content that has not eight bytes. */
export function decodeBeginRequest(content: Uint8Array): BeginRequest {
  checkLength('FCGI_BEGIN_REQUEST', content)
  return {
    role: (content[0] ?? 0) * 256 + (content[1] ?? 0),
    keepsConnection: ((content[2] ?? 0) & keepConnection) !== 0,
  }
}

/** FastCGI 5.5: what FCGI_END_REQUEST says. */
export interface EndRequest {
  /** 0 to 2^32 - 1; for a CGI program its exit status. */
  readonly appStatus: number
  /** 0 to 255; a number of `protocolStatuses`, or one that nobody knows. */
  readonly protocolStatus: number
}

/** FastCGI 5.5: the whole record. Throws TypeError for a number that does not fit. */
export function encodeEndRequest(requestId: number, { appStatus, protocolStatus }: EndRequest): Buffer {
  checkWhole('an application status', appStatus, 0xffffffff)
  checkWhole('a protocol status', protocolStatus, 255)
  const content = Buffer.alloc(8)
  content.writeUInt32BE(appStatus, 0)
  content.writeUInt8(protocolStatus, 4)
  return encodeRecord({ type: recordTypes.endRequest, requestId, content })
}

/** FastCGI 5.5. Throws ProtocolError for a content that has not eight bytes. */
export function decodeEndRequest(content: Uint8Array): EndRequest {
  checkLength('FCGI_END_REQUEST', content)
  const [a = 0, b = 0, c = 0, d = 0, protocolStatus = 0] = content
  return { appStatus: a * 0x1000000 + b * 0x10000 + c * 0x100 + d, protocolStatus }
}

/** FastCGI 5.4: the whole record; the application's FCGI_END_REQUEST is still to come. Throws TypeError for an id past 65535. */
export function encodeAbortRequest(requestId: number): Buffer {
  return encodeRecord({ type: recordTypes.abortRequest, requestId, content: new Uint8Array(0) })
}

/**
 * FastCGI 4.2: what an application answers to a management record that it does not know; the whole record. Throws TypeError
 * for a type that is no byte.
 */
export function encodeUnknownType(type: number): Buffer {
  checkWhole('a record type', type, 255)
  const content = Uint8Array.of(type, 0, 0, 0, 0, 0, 0, 0)
  return encodeRecord({ type: recordTypes.unknownType, requestId: managementId, content })
}

/** FastCGI 4.2: the type that the application did not know. Throws ProtocolError for a content that has not eight bytes. */
export function decodeUnknownType(content: Uint8Array): number {
  checkLength('FCGI_UNKNOWN_TYPE', content)
  return content[0] ?? 0
}

/** FastCGI 5.1, 5.5, 4.2: these contents all have eight bytes. */
function checkLength(name: string, content: Uint8Array): void {
  if (content.length !== 8) throw new ProtocolError('fastcgi', `${name} has ${content.length} bytes, not 8`)
}
