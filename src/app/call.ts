// One request on its way to a handler, and what a handler's side of it is.

import type { ByteString, Bytes } from '../bytes/byte-string.ts'
import type { Part } from '../executors/executor.ts'
import type { GatewayAnswer } from '../gateway/request-facts.ts'
import type { Field } from '../protocol/http/fields.ts'
import type { AppContext } from './context.ts'

export interface Call {
  readonly method: string
  /** Path and query behind the mount, in origin form. */
  readonly target: ByteString
  readonly scheme: 'http' | 'https'
  /** Of the URL: a host, with a port where the client named one. */
  readonly authority: ByteString
  /** Without those of the connection (RFC 9110 7.6.1). */
  readonly fields: readonly Field[]
  readonly body: Bytes
  /** Undefined: nobody said. */
  readonly bodyLength: number | undefined
  readonly local: { readonly address: string; readonly port: number }
  readonly context: AppContext
  /** FastCGI 6. Undefined: a responder's. */
  readonly part: Part | undefined
}

export type HandlerAnswer = Omit<GatewayAnswer, 'delivered'>

/** Gives the answer of a handler. What it rejects with is told, and answered with 500. */
export interface Callee {
  answer(call: Call): Promise<HandlerAnswer>
}
