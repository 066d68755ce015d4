// A request's body as node:http brings it: asked for only when somebody reads it, and never from a sender too slow.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Bytes } from '../bytes/byte-string.ts'
import { BodyError } from '../gateway/request-body.ts'
import { paced, type BodyPace } from './body-pace.ts'

export class IncomingBody implements Bytes {
  readonly length: number | undefined
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #limits: BodyPace
  #isRead = false

  constructor(request: IncomingMessage, response: ServerResponse, limits: BodyPace) {
    this.#request = request
    this.#response = response
    this.#limits = limits
    const { headers } = request
    const announced = headers['content-length']
    this.length = headers['transfer-encoding'] !== undefined ? undefined : Number(announced ?? 0)
  }

  /** All of it has come in; the connection can take another request. */
  get isComplete(): boolean {
    return this.length === 0 || this.#request.complete
  }

  /** RFC 9110 10.1.1: its sender waits until it is wanted. */
  get awaitsContinue(): boolean {
    const { headers, httpVersion } = this.#request
    return headers.expect !== undefined && /^100-continue$/i.test(headers.expect) && httpVersion === '1.1'
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#isRead || this.#request.readableEnded) {
      throw new Error('the body has been read already: mount postern before anything that parses bodies')
    }
    this.#isRead = true
    // RFC 9110 10.1.1: only now is it certain that the body is wanted.
    if (this.awaitsContinue) this.#response.writeContinue()
    // Not `for await` on the request: leaving that loop would destroy the connection with it.
    yield* paced(this.#request.iterator({ destroyOnReturn: false }), this.#limits)
    if (!this.#request.complete) throw new BodyError(400, 'the client broke the body off')
  }

  /** Reads what is left and throws it away, up to a limit of time and size. */
  async discard(maxBytes: number, maxMs: number): Promise<void> {
    const request = this.#request
    if (this.isComplete || request.destroyed) return
    let bytes = 0
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, maxMs)
      const end = (): void => {
        clearTimeout(timer)
        resolve()
      }
      request.on('data', (chunk: Uint8Array) => {
        bytes += chunk.length
        if (bytes > maxBytes) end()
      })
      request.once('end', end).once('close', end).once('error', end)
    })
    request.pause()
  }
}
