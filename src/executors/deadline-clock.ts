// One clock for all that run under the same limits of time, so that no request makes a timer of its own.

import type { TimeoutPhase } from '../events/failures.ts'
import type { Deadlines } from './deadlines.ts'

/** Milliseconds between two looks at the time, where a limit is not much shorter. */
const longestLookMs = 250
const shortestLookMs = 20

/** A run as the clock finds it; times are those of `performance.now()`. */
export interface Timed {
  readonly startedAt: number
  /** When something last happened that was its doing, or was done for it. Undefined: it waits, and that is not its fault. */
  readonly movedAt: number | undefined
  /** Whether there has been output. */
  readonly hasBegun: boolean
}

export interface Expiry {
  readonly phase: Exclude<TimeoutPhase, 'connect'>
  readonly afterMs: number
}

/** Asked now and then whether its time is over. */
export interface Clocked {
  look(now: number, deadlines: Deadlines): void
}

/** The limit that has been passed, if one has. */
export function expiryOf(
  { startedAt, movedAt, hasBegun }: Timed,
  now: number,
  deadlines: Deadlines,
): Expiry | undefined {
  const { firstByteMs, idleMs, totalMs } = deadlines
  if (totalMs > 0 && now - startedAt > totalMs) return { phase: 'total', afterMs: totalMs }
  if (movedAt === undefined) return undefined
  const phase = hasBegun ? 'idle' : 'first-byte'
  const afterMs = hasBegun ? idleMs : firstByteMs
  return afterMs > 0 && now - movedAt > afterMs ? { phase, afterMs } : undefined
}

/** It keeps no process alive, and stands still while nothing runs. */
export class DeadlineClock<Run extends Clocked> {
  /** What runs now. */
  readonly running: ReadonlySet<Run>
  readonly #running = new Set<Run>()
  readonly #deadlines: Deadlines
  /** 0: there is no limit. */
  readonly #everyMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(deadlines: Deadlines) {
    const { firstByteMs, idleMs, totalMs } = deadlines
    const shortest = Math.min(...[firstByteMs, idleMs, totalMs].filter((ms) => ms > 0))
    this.#everyMs = shortest === Infinity ? 0 : Math.min(Math.max(shortestLookMs, shortest / 10), longestLookMs)
    this.#deadlines = deadlines
    this.running = this.#running
  }

  add(run: Run): void {
    this.#running.add(run)
    if (this.#timer !== undefined || this.#everyMs === 0) return
    // What has come while the process was busy is read before the look, and is not late.
    this.#timer = setInterval(() => setImmediate(() => this.#look()), this.#everyMs).unref()
  }

  delete(run: Run): void {
    this.#running.delete(run)
  }

  #look(): void {
    if (this.#running.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
      return
    }
    const now = performance.now()
    for (const run of this.#running) run.look(now, this.#deadlines)
  }
}
