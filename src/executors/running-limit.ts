// An executor around another: at most so many programs at once, a bounded queue in front of them, a limit on the wait.
// A full server says so at once (503, Retry-After) instead of letting everybody wait.

import type { GatewayFailure } from '../events/failures.ts'
import type { Cancellation, Executor, GatewayRequest, Started } from './executor.ts'

export interface RunningLimits {
  readonly maxRunning: number
  readonly maxQueue: number
  /** Milliseconds in the queue; 0 is no limit. */
  readonly queueTimeoutMs: number
}

interface Waiting {
  readonly admit: (failure: GatewayFailure | undefined) => void
}

export class RunningLimitExecutor implements Executor {
  readonly #inner: Executor
  readonly #limits: RunningLimits
  readonly #queue = new Set<Waiting>()
  #running = 0
  #isClosed = false

  constructor(inner: Executor, limits: RunningLimits) {
    this.#inner = inner
    this.#limits = limits
  }

  get running(): number {
    return this.#running
  }

  get waiting(): number {
    return this.#queue.size
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    if (this.#isClosed) return { kind: 'failed', failure: { kind: 'shutting-down' } }
    const failure = this.#running < this.#limits.maxRunning ? this.#take() : await this.#wait(signal)
    if (failure !== undefined) return { kind: 'failed', failure }
    try {
      const started = await this.#inner.run(request, signal)
      if (started.kind === 'running') void started.running.ending.then(() => this.#release())
      else this.#release()
      return started
    } catch (error) {
      this.#release()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    for (const waiting of this.#queue) waiting.admit({ kind: 'shutting-down' })
    await this.#inner[Symbol.asyncDispose]()
  }

  #take(): undefined {
    this.#running++
  }

  #wait(signal: Cancellation): Promise<GatewayFailure | undefined> {
    const { maxQueue, queueTimeoutMs } = this.#limits
    if (signal.aborted) return Promise.resolve({ kind: 'client-gone' })
    if (this.#queue.size >= maxQueue) return Promise.resolve({ kind: 'queue-full', waiting: this.#queue.size })
    return new Promise((resolve) => {
      const onAbort = (): void => waiting.admit({ kind: 'client-gone' })
      const timer =
        queueTimeoutMs === 0
          ? undefined
          : setTimeout(() => waiting.admit({ kind: 'queue-timed-out', afterMs: queueTimeoutMs }), queueTimeoutMs)
      const waiting: Waiting = {
        admit: (failure) => {
          this.#queue.delete(waiting)
          clearTimeout(timer)
          signal.removeEventListener('abort', onAbort)
          resolve(failure)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#queue.add(waiting)
    })
  }

  /** First come, first served: the slot goes to the one that has waited longest. */
  #release(): void {
    const next = this.#queue.values().next()
    if (next.done === true) this.#running--
    else next.value.admit(undefined)
  }
}
