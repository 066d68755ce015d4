// A request's body as a connection brings it: what has come and nobody has read yet is held, up to a bound.

import type { Bytes } from '../bytes/byte-string.ts'
import { BodyError } from '../gateway/request-body.ts'
import { paced, type BodyPace } from './body-pace.ts'

/** Beyond this nothing more is taken from a connection until the body is read. */
const heldBytes = 256 * 1024
/** What a part costs beside its bytes, so that many small ones do not take more memory than large ones. */
const partCost = 128

export class FedBody implements Bytes {
  readonly #length: number | undefined
  readonly #pace: BodyPace
  readonly #onRoom: () => void
  readonly #parts: Uint8Array[] = []
  #held = 0
  /** Of those that are due. */
  #taken = 0
  #state: 'open' | 'ended' | 'dropped' | BodyError = 'open'
  #wake: (() => void) | undefined
  #isRead = false

  /** `length` undefined: until its end. `onRoom` is called when a full body is so no more. */
  constructor(length: number | undefined, pace: BodyPace, onRoom: () => void) {
    this.#length = length
    this.#pace = pace
    this.#onRoom = onRoom
  }

  get isFull(): boolean {
    return this.#held > heldBytes
  }

  /** All that was announced has come, or its end. */
  get isComplete(): boolean {
    return this.#state === 'ended' || this.#taken === this.#length
  }

  /** RFC 3875 4.2: what exceeds the announced length is let pass. */
  push(chunk: Uint8Array): void {
    if (this.#state !== 'open') return
    const due = this.#length === undefined ? chunk.length : Math.min(chunk.length, this.#length - this.#taken)
    if (due <= 0) return
    this.#taken += due
    this.#parts.push(due === chunk.length ? chunk : chunk.subarray(0, due))
    this.#held += due + partCost
    this.#awake()
  }

  /** The sender's own end of it. */
  end(): void {
    if (this.#state !== 'open') return
    const isShort = this.#length !== undefined && this.#taken < this.#length
    this.#state = isShort ? new BodyError(400, 'the body is shorter than announced') : 'ended'
    this.#awake()
  }

  /** The connection is gone. */
  breakOff(): void {
    if (this.#state !== 'open') return
    this.#state = this.isComplete ? 'ended' : new BodyError(400, 'the client broke the body off')
    this.#awake()
  }

  /** Nobody will read it any more. */
  drop(): void {
    const wasFull = this.isFull
    this.#state = 'dropped'
    this.#parts.length = 0
    this.#held = 0
    this.#awake()
    if (wasFull) this.#onRoom()
  }

  /** Resolves to whether a part has come, or the body ended without one. */
  async hasBegun(): Promise<boolean> {
    if (this.#taken === 0 && this.#state === 'open') await this.#wait()
    return this.#taken > 0
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#isRead) throw new Error('the body has been read already')
    this.#isRead = true
    yield* paced(this.#takeParts(), this.#pace)
  }

  async *#takeParts(): AsyncGenerator<Uint8Array> {
    while (true) {
      const part = this.#parts.shift()
      if (part !== undefined) {
        const wasFull = this.isFull
        this.#held -= part.length + partCost
        if (wasFull && !this.isFull) this.#onRoom()
        yield part
      } else if (this.#state instanceof BodyError) {
        throw this.#state
      } else if (this.#state !== 'open' || this.#taken === this.#length) {
        return
      } else {
        await this.#wait()
      }
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake
      this.#wake = () => {
        before?.()
        resolve()
      }
    })
  }

  #awake(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
