// Between web streams and byte iterations, for what speaks fetch: the fetch frontend and functions that answer. Web
// streams appear here and in frontends/fetch.ts alone: inside, a body is an AsyncIterable.

import { ReadableStream } from 'node:stream/web'
import { bytesOf, type Bytes } from '../bytes/byte-string.ts'

/** The chunks of a stream, which is locked from now on. Leaving the loop cancels it, also while a chunk is awaited. */
export class StreamChunks implements Bytes, AsyncIterator<Uint8Array> {
  readonly #reader: ReadableStreamDefaultReader<unknown>

  /** Throws TypeError where somebody has read it, or reads it. */
  constructor(stream: NonNullable<Request['body']>) {
    this.#reader = stream.getReader()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const { done, value } = await this.#reader.read()
    if (done) return { done, value: undefined }
    if (typeof value === 'string') return { done, value: bytesOf(value) }
    if (value instanceof Uint8Array) return { done, value }
    void this.return()
    throw new TypeError(`a body is a stream of Uint8Array, not of ${typeof value}`)
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#reader.cancel().catch(() => {}) // It has failed already.
    return Promise.resolve({ done: true, value: undefined })
  }
}

export interface LentStream {
  /** As the platform's Request has it: the type of whoever imports this, with or without the DOM's. */
  readonly stream: NonNullable<Request['body']>
  /** Takes it back, wherever its reader is; nothing more of the source is read. */
  leave(): void
}

/** A stream that reads its source when it is read itself, and not before. */
export function lendStream(source: Bytes): LentStream {
  const iterator = source[Symbol.asyncIterator]()
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  let isOver = false
  const stop = (): void => {
    isOver = true
    iterator.return?.().catch(() => {}) // Its reader has been told, or has gone.
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (its) => {
        controller = its
      },
      async pull(its) {
        try {
          const result = await iterator.next()
          if (isOver) return
          isOver = result.done === true
          if (result.done === true) its.close()
          else its.enqueue(result.value)
        } catch (error) {
          isOver = true
          its.error(error)
        }
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  )
  const leave = (): void => {
    if (isOver) return
    stop()
    controller?.error(new Error('the request is over'))
  }
  return { stream, leave }
}
