// An executor around another: time limits for the first byte, for silence and for the whole run.
// Only the script's own time counts: while nobody asks for output, because the client is slow, silence is not its fault.

import type { Bytes } from '../bytes/byte-string.ts'
import { FailureError, type TimeoutPhase } from '../events/failures.ts'
import type { Cancellation, Executor, GatewayRequest, Running, Started } from './executor.ts'

export interface Deadlines {
  /** Milliseconds from start to first output; 0 is no limit. */
  readonly firstByteMs: number
  /** Milliseconds between outputs; 0 is no limit. */
  readonly idleMs: number
  /** Milliseconds from start to end; 0 is no limit. */
  readonly totalMs: number
}

export class DeadlineExecutor implements Executor {
  readonly #inner: Executor
  readonly #deadlines: Deadlines

  constructor(inner: Executor, deadlines: Deadlines) {
    this.#inner = inner
    this.#deadlines = deadlines
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    const started = await this.#inner.run(request, signal)
    if (started.kind !== 'running') return started
    const { running } = started
    return { kind: 'running', running: { ...running, output: new LimitedOutput(running, this.#deadlines) } }
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#inner[Symbol.asyncDispose]()
  }
}

class LimitedOutput implements Bytes, AsyncIterator<Uint8Array> {
  readonly #running: Running
  readonly #deadlines: Deadlines
  readonly #output: AsyncIterator<Uint8Array>
  #phase: 'first-byte' | 'idle' = 'first-byte'
  #silence: NodeJS.Timeout | undefined
  #hasEnded = false
  #isLeft = false
  #expired: FailureError | undefined
  #fail: ((error: FailureError) => void) | undefined

  /** The total time counts from now. */
  constructor(running: Running, deadlines: Deadlines) {
    this.#running = running
    this.#deadlines = deadlines
    this.#output = running.output[Symbol.asyncIterator]()
    const total = this.#after('total', deadlines.totalMs)
    void running.ending.then(() => {
      this.#hasEnded = true
      clearTimeout(total)
      if (this.#isLeft) clearTimeout(this.#silence)
    })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#expired !== undefined) return Promise.reject(this.#expired)
    const { firstByteMs, idleMs } = this.#deadlines
    this.#silence = this.#after(this.#phase, this.#phase === 'idle' ? idleMs : firstByteMs)
    return new Promise((resolve, reject) => {
      this.#fail = reject
      this.#output.next().then(
        (result) => {
          clearTimeout(this.#silence)
          this.#phase = 'idle'
          if (result.done === true) this.#leave()
          resolve(result)
        },
        (error: unknown) => {
          this.#leave()
          reject(error)
        },
      )
    })
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#leave()
    await this.#output.return?.()
    return { done: true, value: undefined }
  }

  /** What goes on after its answer must not hold its place among the running for ever. */
  #leave(): void {
    if (this.#isLeft) return
    this.#isLeft = true
    clearTimeout(this.#silence)
    if (!this.#hasEnded) this.#silence = this.#after('idle', this.#deadlines.idleMs)
  }

  #after(phase: TimeoutPhase, afterMs: number): NodeJS.Timeout | undefined {
    if (afterMs === 0) return undefined
    return setTimeout(() => {
      this.#expired ??= new FailureError({ kind: 'timed-out', phase, afterMs })
      this.#running.end()
      this.#fail?.(this.#expired)
      void this.#output.return?.()
    }, afterMs)
  }
}
