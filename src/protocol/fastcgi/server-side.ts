// The web server's side of a FastCGI connection: which requests are under way on it, and what the application's records
// mean for them. No I/O. Security: a record for a request that is not under way is refused, never guessed at: answers
// must not mix (FastCGI 3.3, 5).

import type { ByteString } from '../../bytes/byte-string.ts'
import { ProtocolError } from '../errors.ts'
import { decodeEndRequest, decodeUnknownType, type EndRequest } from './messages.ts'
import { encodeNameValues, NameValueDecoder } from './name-values.ts'
import {
  encodeRecord,
  largestRequestId,
  managementId,
  RecordDecoder,
  recordTypes,
  type FastCgiRecord,
} from './record.ts'

/** What came from the application. */
export type ServerSideEvent =
  /** Never empty; a view into what was pushed. The ends of these streams give no event: `end` follows. */
  | { readonly kind: 'stdout' | 'stderr'; readonly requestId: number; readonly content: Uint8Array }
  /** FastCGI 5.5: the last of a request; its id may be used again. */
  | { readonly kind: 'end'; readonly requestId: number; readonly end: EndRequest }
  /** FastCGI 4.1: the answer to GET_VALUES: those that the application knows. */
  | { readonly kind: 'values'; readonly values: ReadonlyMap<ByteString, ByteString> }
  /** FastCGI 4.2: the application knows no management record of this type. */
  | { readonly kind: 'unknown-type'; readonly type: number }

interface Streams {
  stdout: 'open' | 'ended'
  stderr: 'open' | 'ended'
}

/** FastCGI 4.1: what a server asks an application. */
export const valueNames = ['FCGI_MAX_CONNS', 'FCGI_MAX_REQS', 'FCGI_MPXS_CONNS'] as const

/** Of an answer to GET_VALUES. */
const mostValueBytes = 4096

/**
 * The web server's side of one connection. It makes no bytes: write `encodeBeginRequest` with the id that `begin` gave,
 * then the streams. It holds back at most one record of 65535 bytes.
 */
export class ServerSide {
  readonly #records = new RecordDecoder()
  readonly #underWay = new Map<number, Streams>()
  /** All ids below are taken. */
  #lowestFree = 1

  /** How many requests' FCGI_END_REQUEST has not come. */
  get underWay(): number {
    return this.#underWay.size
  }

  /** The application may close here without having cut anything off. */
  get isAtRest(): boolean {
    return this.#underWay.size === 0 && this.#records.isBetweenRecords
  }

  /**
   * FastCGI 3.3: the smallest free id, from 1 on; the request counts as under way from now until its `end`. Throws TypeError
   * where all 65535 are taken.
   */
  begin(): number {
    let id = this.#lowestFree
    while (this.#underWay.has(id)) id++
    if (id > largestRequestId) throw new TypeError(`${largestRequestId} requests are under way on one connection`)
    this.#underWay.set(id, { stdout: 'open', stderr: 'open' })
    this.#lowestFree = id + 1
    return id
  }

  /**
   * What is in these bytes of the application, which may be cut anywhere. Throws ProtocolError for what no application may
   * send; then the connection is worth nothing any more, and what came before it in the same chunk is lost with it.
   */
  push(chunk: Uint8Array): readonly ServerSideEvent[] {
    const events: ServerSideEvent[] = []
    for (const record of this.#records.push(chunk)) {
      const event = record.requestId === managementId ? readManagement(record) : this.#readApplication(record)
      if (event !== undefined) events.push(event)
    }
    return events
  }

  #readApplication({ type, requestId, content }: FastCgiRecord): ServerSideEvent | undefined {
    const streams = this.#underWay.get(requestId)
    if (streams === undefined) {
      throw new ProtocolError('fastcgi', `a record of type ${type} for request ${requestId}, which is not under way`)
    }
    if (type === recordTypes.endRequest) {
      const end = decodeEndRequest(content)
      this.#underWay.delete(requestId)
      this.#lowestFree = Math.min(this.#lowestFree, requestId)
      return { kind: 'end', requestId, end }
    }
    if (type !== recordTypes.stdout && type !== recordTypes.stderr) {
      throw new ProtocolError('fastcgi', `a record of type ${type} from an application`)
    }
    const kind = type === recordTypes.stdout ? 'stdout' : 'stderr'
    if (content.length === 0) {
      streams[kind] = 'ended'
      return undefined
    }
    if (streams[kind] === 'ended') throw new ProtocolError('fastcgi', `more of ${kind} after its end`)
    return { kind, requestId, content }
  }
}

function readManagement({ type, content }: FastCgiRecord): ServerSideEvent {
  if (type === recordTypes.getValuesResult) {
    const decoder = new NameValueDecoder(mostValueBytes)
    decoder.push(content)
    return { kind: 'values', values: new Map(decoder.finish()) }
  }
  if (type === recordTypes.unknownType) return { kind: 'unknown-type', type: decodeUnknownType(content) }
  // Security: "stream ID 0" of HAProxy: records of a request on id 0.
  throw new ProtocolError('fastcgi', `a record of type ${type} with request id 0`)
}

/** FastCGI 4.1: asks for these values; the whole record. Throws TypeError for names of more than 65535 bytes in all. */
export function encodeGetValues(names: readonly ByteString[] = valueNames): Buffer {
  const content = encodeNameValues(names.map((name) => [name, ''] as const))
  return encodeRecord({ type: recordTypes.getValues, requestId: managementId, content })
}
