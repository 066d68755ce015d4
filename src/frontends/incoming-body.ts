// A request's body as node:http brings it: asked for only when somebody reads it, and never from a sender too slow.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Bytes } from '../bytes/byte-string.ts'
import { BodyError } from '../gateway/request-body.ts'

export interface IncomingBodyLimits {
  /** Milliseconds between two parts of a body; 0 is no limit. */
  readonly bodyTimeoutMs: number
  /** Bytes a second that a sender must reach on average, after the first `bodyTimeoutMs`; 0 is no limit. */
  readonly minBodyRate: number
}

export class IncomingBody implements Bytes {
  readonly length: number | undefined
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #limits: IncomingBodyLimits
  #isRead = false

  constructor(request: IncomingMessage, response: ServerResponse, limits: IncomingBodyLimits) {
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

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#isRead || this.#request.readableEnded) {
      throw new Error('the body has been read already: mount postern before anything that parses bodies')
    }
    this.#isRead = true
    // RFC 9110 10.1.1: only now is it certain that the body is wanted.
    const { headers, httpVersion } = this.#request
    if (/^100-continue$/i.test(headers.expect ?? '') && httpVersion === '1.1') this.#response.writeContinue()
    yield* this.#timed()
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

  async *#timed(): AsyncGenerator<Uint8Array> {
    const request = this.#request
    const { bodyTimeoutMs, minBodyRate } = this.#limits
    let waitedMs = 0
    let bytes = 0
    // Not `for await` on the request: leaving that loop would destroy the connection with it.
    const iterator = request.iterator({ destroyOnReturn: false })
    try {
      while (true) {
        const since = performance.now()
        const result = await this.#next(iterator, bodyTimeoutMs)
        if (result.done === true) return
        // Only the time that we waited for the sender counts, not the time that the script took.
        waitedMs += performance.now() - since
        bytes += result.value.length
        if (bodyTimeoutMs > 0 && waitedMs > bodyTimeoutMs && bytes * 1000 < minBodyRate * waitedMs) {
          throw new BodyError(408, 'the body comes too slowly (minBodyRate)')
        }
        yield result.value
      }
    } finally {
      // Not awaited: it waits itself for a part that may never come.
      iterator.return?.().catch(() => undefined)
    }
  }

  async #next(iterator: AsyncIterator<Uint8Array>, limitMs: number): Promise<IteratorResult<Uint8Array>> {
    let timer: NodeJS.Timeout | undefined
    const expiry = new Promise<never>((_, reject) => {
      if (limitMs === 0) return
      timer = setTimeout(() => reject(new BodyError(408, 'the body stopped coming (bodyTimeout)')), limitMs)
    })
    try {
      return await Promise.race([iterator.next(), expiry])
    } catch (error) {
      throw error instanceof BodyError ? error : new BodyError(400, 'the client broke the body off')
    } finally {
      clearTimeout(timer)
    }
  }
}
