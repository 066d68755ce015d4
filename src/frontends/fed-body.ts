// A request's body as a connection brings it. It is taken whether or not its script reads: web servers write all of a
// body before they listen (Caddy), or give up writing once they hear an answer (nginx), and on a connection with several
// requests the others would wait. What is not read yet lies in memory, then in a file.

import type { Bytes } from '../bytes/byte-string.ts'
import { BodyError } from '../gateway/request-body.ts'
import { Overflow } from '../transport/overflow.ts'
import { paced, type BodyPace } from './body-pace.ts'

/** Held in memory; more goes to a file. */
const heldBytes = 256 * 1024

export class FedBody implements Bytes {
  readonly #length: number | undefined
  readonly #pace: BodyPace
  readonly #onRoom: () => void
  readonly #waiting: Overflow
  /** Of those that are due. */
  #taken = 0
  /** Of those that were taken. */
  #given = 0
  readonly #mostUnread: number
  #state: 'open' | 'ended' | 'dropped' | BodyError = 'open'
  #wake: (() => void) | undefined
  #changes = 0
  #wasFull = false
  #isRead = false

  /**
   * `length` undefined: until its end. `onRoom` is called when a full body is so no more. `mostUnread`: bytes that may lie
   * in the file.
   */
  constructor(
    length: number | undefined,
    pace: BodyPace,
    onRoom: () => void,
    mostUnread: number = Number.POSITIVE_INFINITY,
  ) {
    this.#mostUnread = mostUnread
    this.#length = length
    this.#pace = pace
    this.#onRoom = onRoom
    this.#waiting = new Overflow(heldBytes, () => this.#awake())
  }

  /** The disk does not keep up, or the reader: nothing more should be taken from the connection now. */
  get isFull(): boolean {
    if (this.#state === 'dropped') return false
    return this.#waiting.isBehind || this.#taken - this.#given > this.#mostUnread
  }

  /** All that was announced has come, or its end, or nothing more will. */
  get isComplete(): boolean {
    return this.#state !== 'open' || this.#taken === this.#length
  }

  /** Less has come than was announced, and no more will. */
  get isBroken(): boolean {
    return this.#state instanceof BodyError
  }

  /** RFC 3875 4.2: what exceeds the announced length is let pass. */
  push(chunk: Uint8Array): void {
    if (this.#state !== 'open') return
    const due = this.#length === undefined ? chunk.length : Math.min(chunk.length, this.#length - this.#taken)
    if (due <= 0) return
    this.#taken += due
    this.#waiting.push(due === chunk.length ? chunk : chunk.subarray(0, due))
    this.#wasFull ||= this.isFull
    this.#awake()
  }

  /** The sender's own end of it. */
  end(): void {
    if (this.#state !== 'open') return
    this.#state = this.#isShort ? new BodyError(400, 'the body is shorter than announced') : 'ended'
    this.#awake()
  }

  /** The connection is gone. */
  breakOff(): void {
    if (this.#state !== 'open') return
    this.#state = this.#taken === this.#length ? 'ended' : new BodyError(400, 'the client broke the body off')
    this.#awake()
  }

  /** Nobody will read it any more. */
  async drop(): Promise<void> {
    this.#state = 'dropped'
    const closed = this.#waiting.close()
    this.#awake()
    await closed
  }

  /** Resolves to whether a part has come, or the body ended without one. */
  async hasBegun(): Promise<boolean> {
    if (this.#taken === 0 && this.#state === 'open') await this.#change()
    return this.#taken > 0
  }

  /** Resolves when all of it has come, or when nothing has for the limit's time. */
  async completed(): Promise<void> {
    const { bodyTimeoutMs } = this.#pace
    while (!this.isComplete) {
      let timer: NodeJS.Timeout | undefined
      const limit = new Promise<'late'>((resolve) => {
        if (bodyTimeoutMs > 0) timer = setTimeout(() => resolve('late'), bodyTimeoutMs)
      })
      const result = await Promise.race([this.#change(), limit])
      clearTimeout(timer)
      if (result === 'late') return
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#isRead) throw new Error('the body has been read already')
    this.#isRead = true
    yield* paced(this.#parts(), this.#pace)
  }

  get #isShort(): boolean {
    return this.#length !== undefined && this.#taken < this.#length
  }

  async *#parts(): AsyncGenerator<Uint8Array> {
    while (true) {
      const seen = this.#changes
      const part = await this.#waiting.take()
      if (part !== undefined) {
        this.#given += part.length
        if (this.#wasFull) this.#awake()
        yield part
      }
      // Something has come meanwhile.
      else if (seen !== this.#changes) continue
      else if (this.#waiting.fault !== undefined) throw this.#waiting.fault
      else if (!this.#waiting.isEmpty) await this.#change()
      else if (this.#state instanceof BodyError) throw this.#state
      else if (this.isComplete) return
      else await this.#change()
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const before = this.#wake
      this.#wake = () => {
        before?.()
        resolve()
      }
    })
  }

  #awake(): void {
    this.#changes++
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
    if (!this.#wasFull || this.isFull) return
    this.#wasFull = false
    this.#onRoom()
  }
}
