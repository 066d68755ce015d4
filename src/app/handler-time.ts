// The time of one handler: what of it counts, and whether it is over. Only its own time does: while it waits for its
// client's body, or its client for more than it takes, silence is not its fault.

import type { Bytes } from '../bytes/byte-string.ts'
import { expiryOf, type Clocked, type Expiry } from '../executors/deadline-clock.ts'
import type { Deadlines } from '../executors/deadlines.ts'

export class HandlerTime implements Clocked {
  readonly #onOver: (expiry: Expiry) => void
  readonly #startedAt = performance.now()
  /** When it was its turn again. */
  #movedAt = this.#startedAt
  #hasAnswered = false
  #isOutputWanted = true
  #isInputAwaited = false
  #isOver = false

  /** `onOver` is called once at most. */
  constructor(onOver: (expiry: Expiry) => void) {
    this.#onOver = onOver
  }

  look(now: number, deadlines: Deadlines): void {
    if (this.#isOver) return
    const movedAt = this.#isOutputWanted && !this.#isInputAwaited ? this.#movedAt : undefined
    const expiry = expiryOf({ startedAt: this.#startedAt, movedAt, hasBegun: this.#hasAnswered }, now, deadlines)
    if (expiry === undefined) return
    this.#isOver = true
    this.#onOver(expiry)
  }

  /** The head is there. */
  answered(): void {
    this.#hasAnswered = true
    this.wantsOutput(false)
  }

  /** Whether somebody waits for more of the answer. */
  wantsOutput(isWanted: boolean): void {
    this.#isOutputWanted = isWanted
    if (isWanted) this.#movedAt = performance.now()
  }

  /** Whether more of the request's body is awaited. */
  awaitsInput(isAwaited: boolean): void {
    this.#isInputAwaited = isAwaited
    if (!isAwaited) this.#movedAt = performance.now()
  }
}

/** The handler broke its answer off. */
export interface Failure {
  readonly error: unknown
}

/** The body of an answer, under a handler's time. */
export class TimedBody implements Bytes, AsyncIterator<Uint8Array> {
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #time: HandlerTime
  readonly #onEnd: (failure?: Failure) => void
  #broken: Error | undefined
  #fail: (error: Error) => void = () => {}

  /** `onEnd` hears of the end, and may hear of it again. */
  constructor(body: Bytes, time: HandlerTime, onEnd: (failure?: Failure) => void) {
    this.#chunks = body[Symbol.asyncIterator]()
    this.#time = time
    this.#onEnd = onEnd
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken)
    this.#time.wantsOutput(true)
    return new Promise((resolve, reject) => {
      this.#fail = reject
      this.#chunks.next().then(
        (result) => {
          this.#time.wantsOutput(false)
          if (result.done === true) this.#onEnd()
          resolve(result)
        },
        (error: unknown) => {
          if (this.#broken === undefined) this.#onEnd({ error })
          reject(error)
        },
      )
    })
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#onEnd()
    await this.#chunks.return?.()
    return { done: true, value: undefined }
  }

  /** Whoever reads it hears why, also while a chunk is awaited. */
  breakOff(why: Error): void {
    this.#broken = why
    this.#fail(why)
    this.#chunks.return?.().catch(() => {}) // It has failed already.
  }
}
