// What a frontend tells the gateway about a request, and what it gets back to write.

import type { ByteString, Bytes } from '../bytes/byte-string.ts'
import type { Cancellation, Part } from '../executors/executor.ts'
import type { Field } from '../protocol/http/fields.ts'

export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** Somebody who proved who they are, to the embedding program. */
export interface AuthenticatedUser {
  readonly name: ByteString
  /** RFC 3875 4.1.1: `Basic`, `Digest` or another scheme's token. */
  readonly authType: string
}

/** What a web server in front of a gateway interface says beyond the request itself, and what it wants to hear. */
export interface FrontServer {
  /** Its own id of the request, which becomes ours, so that one id stands in both logs. */
  readonly id: string | undefined
  /** REQUEST_URI, where the server has rewritten the target since. */
  readonly requestUri: ByteString | undefined
  /** Variables that the settings let it add for scripts. None of the gateway's own names. */
  readonly variables: ReadonlyMap<string, ByteString>
  /** All that it sent, for an application that answers in this process; scripts get `variables`. */
  readonly received: ReadonlyMap<string, ByteString>
  /** Told each line of a script's standard error. */
  readonly onDiagnostic: ((line: ByteString) => void) | undefined
}

export interface RequestFacts {
  readonly method: string
  /** As it stood on the request line: origin form, absolute form or `*`. */
  readonly target: ByteString
  /** The part of the path that the embedding program took for itself, such as an Express mount; usually empty. */
  readonly mount: ByteString
  /** `HTTP/1.1` and the like. */
  readonly protocol: string
  /** In the client's order, one entry a line. */
  readonly fields: readonly Field[]
  readonly scheme: 'http' | 'https'
  readonly peer: Endpoint
  readonly local: Endpoint
  readonly user: AuthenticatedUser | undefined
  /** Of the frontends that a web server asks: cgi, fastcgi, scgi, uwsgi. */
  readonly front?: FrontServer | undefined
  /** FastCGI 6: what the web server asks for. Absent: an answer, as of a responder. */
  readonly part?: Part | undefined
  /** Without its transfer coding. It is read at most once, and need not be read at all. */
  readonly body: Bytes
  /** Undefined: the client did not say (chunked). */
  readonly bodyLength: number | undefined
  /** RFC 9110 10.1.1: the client waits to be told that its body is wanted, which reading it tells. */
  readonly awaitsContinue?: boolean
  /** Aborted when the client goes away before its answer is complete. */
  readonly signal: Cancellation
}

/** Who answers what frontends bring: the gateway, or an application in its place. */
export interface Answering {
  /** Never rejects: whatever goes wrong is an answer. */
  handle(facts: RequestFacts): Promise<GatewayAnswer>
  /** FastCGI 6: the parts that can be asked for, beside a responder's. Absent: none. */
  readonly parts?: ReadonlySet<Part['role']>
}

export interface Delivery {
  /** Bytes of the body that were handed to the client's connection. */
  readonly bodyBytes: number
  readonly clientGone: boolean
}

export interface GatewayAnswer {
  readonly status: number
  readonly reason: string | undefined
  /** With Content-Length where the length is known; the framing is otherwise the frontend's. */
  readonly fields: readonly Field[]
  /** Undefined: none, because of HEAD, 204 or 304. An iteration that throws means: break the connection off. */
  readonly body: Uint8Array | Bytes | undefined
  /** To be called once, when the answer has been written or cannot be. */
  delivered(delivery: Delivery): void
}
