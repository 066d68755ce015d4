// Starts of workers that have failed: when the next trial is, and what the log is told of them. The same failure of many
// workers, again and again, is told whole once.

import type { GatewayFailure } from '../../events/failures.ts'
import { StartTrouble } from '../fastcgi-programs/start-trouble.ts'

export interface LoadTroublesOptions {
  /** Each request is a trial: somebody may have mended it. */
  readonly reload: boolean
  readonly tell: (text: string, details?: string) => void
  /** It is time for another trial. */
  readonly tryAgain: () => void
  /** What MODULE:NAME names is not there, and never was: trials do not help. Called once. */
  readonly onMissing: (lastWords: string) => void
}

/** That a worker ends with where it is not there what MODULE:NAME names (launchers/wsgi/README.md). */
const missing = 'exit code 4'
/** A deployment under way may put it there. */
const trialsOfMissing = 4
/** Kinds of failures that are known at a time. */
const mostKnown = 20

export class LoadTroubles {
  readonly #options: LoadTroublesOptions
  readonly #trouble = new StartTrouble()
  /** The last failure, of the clock. */
  #since = 0
  #retry: NodeJS.Timeout | undefined
  /** How often each was met since a worker was last ready. */
  readonly #known = new Map<string, number>()
  #missing = 0
  #wasReady = false

  constructor(options: LoadTroublesOptions) {
    this.#options = options
  }

  get isThere(): boolean {
    return this.#trouble.isThere
  }

  get last(): GatewayFailure | undefined {
    return this.#trouble.last
  }

  /** What a request is told now; undefined: it may be tried. */
  get now(): GatewayFailure | undefined {
    return this.#trouble.now
  }

  /** The last one took too long. */
  get isLate(): boolean {
    return isLate(this.#trouble.last)
  }

  ready(): void {
    this.#wasReady = true
    this.afresh()
  }

  /** It may be another application by now. */
  afresh(): void {
    this.#known.clear()
    this.forget()
  }

  /** A trial at once, of what may be the same application. */
  forget(): void {
    this.#trouble.forget()
  }

  add(failure: GatewayFailure, startedAt: number): void {
    const likeness = likenessOf(failure)
    const times = (this.#known.get(likeness) ?? 0) + 1
    if (this.#known.size < mostKnown) this.#known.set(likeness, times)
    const how = 'code' in failure ? failure.code : failure.kind
    const details = times === 1 && 'lastWords' in failure ? failure.lastWords : undefined
    // What was started before the last failure has mostly failed for the same reason.
    if (this.#trouble.isThere && startedAt < this.#since) {
      if (times === 1) this.#options.tell(`another worker could not be started (${how})`, details)
      return
    }
    this.#since = Date.now()
    this.#trouble.add(failure, isLate(failure))
    const { reload, tell } = this.#options
    const next = reload ? 'with the next request' : this.#trouble.nextTrial
    const what = times === 1 ? `(${how})` : `, as before (${how}; ${times} by now)`
    tell(`a worker could not be started ${what}; it is tried again ${next}`.replace(' ,', ','), details)
    if (!this.#wasReady && how === missing && ++this.#missing === trialsOfMissing) {
      this.#options.onMissing('lastWords' in failure ? (failure.lastWords ?? '') : '')
    }
    if (!reload) this.#tryAgain()
  }

  close(): void {
    clearTimeout(this.#retry)
  }

  #tryAgain(): void {
    clearTimeout(this.#retry)
    // A timer may be early.
    const again = (): void => (this.#trouble.now === undefined ? this.#options.tryAgain() : this.#tryAgain())
    this.#retry = setTimeout(again, Math.ceil(this.#trouble.pauseMs) + 1).unref()
  }
}

function isLate(failure: GatewayFailure | undefined): boolean {
  return failure?.kind === 'application-not-loaded' && failure.afterMs !== undefined
}

/** Processes, times and addresses are others each time. */
function likenessOf(failure: GatewayFailure): string {
  const how = 'code' in failure ? failure.code : ''
  const words = 'lastWords' in failure ? (failure.lastWords ?? '') : ''
  return `${failure.kind} ${how} ${words.replace(/0x[0-9a-f]+|\d+/gi, '0')}`
}
