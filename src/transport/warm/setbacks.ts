// What goes wrong with the warm processes of one interpreter: when the next is tried, what the log is told, and when none
// is tried any more.

import { Backoff } from '../backoff.ts'

/** After a failure nothing is tried for so long; twice as long after the next, and so on. */
const firstPauseMs = 250
const longestPauseMs = 60_000
/** An interpreter whose process has ended of itself so often before it was ready is left alone until its file changes. */
const mostUnfit = 3
/** Failures that come and go are told at most so often. */
const noticeEveryMs = 60_000
/** A process that does not become ready in this time is given up. */
export const startLimitMs: number = 60_000

export interface SetbackWords {
  /** After a failure, what is done meanwhile. */
  readonly meanwhile: string
  /** When it works again. */
  readonly again: string
  /** When nothing is tried any more, before the cause. */
  readonly none: string
}

export interface SetbackEvents {
  /** Something worth a line. */
  notice(text: string): void
  /** The pause is over. */
  tryAgain(): void
}

export function newBackoff(): Backoff {
  return new Backoff(firstPauseMs, longestPauseMs)
}

export class Setbacks {
  readonly #identify: () => string
  readonly #words: SetbackWords
  readonly #events: SetbackEvents
  readonly #backoff = newBackoff()
  #unfit = 0
  /** The interpreter's file, as it was when it was found unfit. */
  #unfitFile: string | undefined
  #toldAt = -Infinity
  #hasTold = false
  #isEnded = false

  /** `identify` says what the interpreter's file is at present: something else after each change. */
  constructor(identify: () => string, words: SetbackWords, events: SetbackEvents) {
    this.#identify = identify
    this.#words = words
    this.#events = events
  }

  /** Milliseconds in which nothing is to be tried. */
  get pauseMs(): number {
    return this.#backoff.leftMs
  }

  /** The last one did not come to life. */
  get isUnfit(): boolean {
    return this.#unfit > 0
  }

  /** Nothing is to be tried, until its file is another one. */
  get isGivenUp(): boolean {
    if (this.#unfitFile !== undefined && this.#unfitFile !== this.#identify()) this.#unfitFile = undefined
    return this.#unfitFile !== undefined
  }

  /** Nothing is tried for a while. Failures in that time are the same one's. Without a cause nothing is said yet. */
  failed(cause: string | undefined): void {
    if (this.#isEnded || this.pauseMs > 0) return
    setTimeout(() => this.#events.tryAgain(), this.#backoff.fail() + 1).unref()
    const now = performance.now()
    if (cause === undefined || this.#hasTold || now - this.#toldAt < noticeEveryMs) return
    this.#hasTold = true
    this.#toldAt = now
    this.#events.notice(`${cause}; ${this.#words.meanwhile}`)
  }

  /** One did not come to life, by its own doing; `isCertain`: the next one will not either. */
  unready(cause: string, isCertain = false): void {
    if (this.#isEnded) return
    if (!isCertain && ++this.#unfit < mostUnfit) return this.failed(undefined)
    this.#unfit = 0
    this.#unfitFile = this.#identify()
    this.#hasTold = false
    this.#events.notice(`${this.#words.none}: ${cause}; scripts are started afresh until the interpreter changes`)
  }

  /** One has come to life. */
  fits(): void {
    this.#unfit = 0
  }

  /** A request is served. */
  works(): void {
    this.#backoff.works()
    if (!this.#hasTold) return
    this.#hasTold = false
    this.#events.notice(this.#words.again)
  }

  end(): void {
    this.#isEnded = true
  }
}
