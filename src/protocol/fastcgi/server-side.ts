// The web server's side of a FastCGI connection: which requests are under way on it, and what the application's records
// mean for them. No I/O. Security: a record for a request that is not under way is refused, never guessed at: answers
// must not mix (FastCGI 3.3, 5).

import type { ByteString } from '../../bytes/byte-string.ts'
import { ProtocolError } from '../errors.ts'
import { decodeEndRequest, decodeUnknownType, type EndRequest } from './messages.ts'
import { encodeNameValues, NameValueDecoder } from './name-values.ts'
import { encodeRecord, managementId, RecordDecoder, recordTypes, type FastCgiRecord } from './record.ts'

export type ServerSideEvent =
  /** Never empty. */
  | { readonly kind: 'stdout' | 'stderr'; readonly requestId: number; readonly content: Uint8Array }
  /** The last of a request. */
  | { readonly kind: 'end'; readonly requestId: number; readonly end: EndRequest }
  /** The answer to GET_VALUES: those that the application knows. */
  | { readonly kind: 'values'; readonly values: ReadonlyMap<ByteString, ByteString> }
  /** FastCGI 4.2: the application knows no management record of this type. */
  | { readonly kind: 'unknown-type'; readonly type: number }

interface Streams {
  stdout: 'open' | 'ended'
  stderr: 'open' | 'ended'
}

/** FastCGI 4.1: what a server asks an application. */
export const valueNames = ['FCGI_MAX_CONNS', 'FCGI_MAX_REQS', 'FCGI_MPXS_CONNS'] as const

const mostValueBytes = 4096

export class ServerSide {
  readonly #records = new RecordDecoder()
  readonly #underWay = new Map<number, Streams>()

  /** Requests whose FCGI_END_REQUEST has not come. */
  get underWay(): number {
    return this.#underWay.size
  }

  /** The application may close here without having cut anything off. */
  get isAtRest(): boolean {
    return this.#underWay.size === 0 && this.#records.isBetweenRecords
  }

  /** The smallest free id, from 1 on; the request counts as under way from now. Throws TypeError past 65535. */
  begin(): number {
    let id = 1
    while (this.#underWay.has(id)) id++
    if (id > 65535) throw new TypeError('65535 requests are under way on one connection')
    this.#underWay.set(id, { stdout: 'open', stderr: 'open' })
    return id
  }

  /** Throws ProtocolError; then the connection is worth nothing any more. */
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
      this.#underWay.delete(requestId)
      return { kind: 'end', requestId, end: decodeEndRequest(content) }
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

/** FastCGI 4.1. */
export function encodeGetValues(names: readonly ByteString[] = valueNames): Buffer {
  const content = encodeNameValues(names.map((name) => [name, ''] as const))
  return encodeRecord({ type: recordTypes.getValues, requestId: managementId, content })
}
