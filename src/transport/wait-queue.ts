// Requests that wait for something of a pool to be free, the one that came first at the head.

import type { Cancellation } from '../events/cancellation.ts'
import { FailureError, type GatewayFailure } from '../events/failures.ts'

export class WaitQueue {
  readonly #waiting = new Set<() => void>()
  readonly #limitMs: number

  /** Milliseconds that a request waits in all; 0 is no limit. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs
  }

  get size(): number {
    return this.#waiting.size
  }

  wakeOne(): void {
    for (const wake of this.#waiting) {
      wake()
      return
    }
  }

  wakeAll(): void {
    for (const wake of this.#waiting) wake()
  }

  /** Resolves when woken. Throws FailureError: `since` is too long ago, or nobody wants it any more. */
  wait(signal: Cancellation, since: number): Promise<void> {
    const limitMs = this.#limitMs
    return new Promise((resolve, reject) => {
      const settle = (failure: GatewayFailure | undefined): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', onAbort)
        if (failure === undefined) resolve()
        else reject(new FailureError(failure))
      }
      const wake = (): void => settle(undefined)
      const onAbort = (): void => settle({ kind: 'client-gone' })
      const left = Math.max(1, limitMs - (performance.now() - since))
      const late = (): void => settle({ kind: 'queue-timed-out', afterMs: limitMs })
      const timer = limitMs === 0 ? undefined : setTimeout(late, left)
      this.#waiting.add(wake)
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) onAbort()
    })
  }
}
