// After a failure nothing is tried for a while, twice as long after the next, and so on.

export class Backoff {
  readonly #firstMs: number
  readonly #longestMs: number
  readonly #clock: () => number
  #failures = 0
  #until = 0

  /** Of a clock whose milliseconds only go forward. */
  constructor(firstMs: number, longestMs: number, clock: () => number = () => performance.now()) {
    this.#firstMs = firstMs
    this.#longestMs = longestMs
    this.#clock = clock
  }

  /** Milliseconds until it may be tried again. */
  get leftMs(): number {
    return Math.max(0, this.#until - this.#clock())
  }

  /** Returns the pause in milliseconds. */
  fail(): number {
    const pause = Math.min(this.#firstMs * 2 ** this.#failures++, this.#longestMs)
    this.#until = this.#clock() + pause
    return pause
  }

  /** The next failure is the first one again. A pause that has begun goes on. */
  works(): void {
    this.#failures = 0
  }

  /** As if nothing had ever failed. */
  forget(): void {
    this.#failures = 0
    this.#until = 0
  }
}
