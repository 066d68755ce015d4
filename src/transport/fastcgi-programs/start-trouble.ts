// A program that ends as soon as it is started: it is tried again after ever longer pauses, and requests meanwhile are told
// at once what is wrong with it.

import type { GatewayFailure } from '../../events/failures.ts'

const firstPauseMs = 250
const longestPauseMs = 30_000

export class StartTrouble {
  readonly #clock: () => number
  #failure: GatewayFailure | undefined
  #times = 0
  #until = 0

  /** Milliseconds that only go forward. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock
  }

  /** Whether the last start failed. */
  get isThere(): boolean {
    return this.#failure !== undefined
  }

  /** Of the last start. */
  get last(): GatewayFailure | undefined {
    return this.#failure
  }

  /** Milliseconds until it may be tried again. */
  get pauseMs(): number {
    return Math.max(0, this.#until - this.#clock())
  }

  /** The pause, for people. */
  get nextTrial(): string {
    return this.pauseMs === 0 ? 'at once' : `in ${Math.ceil(this.pauseMs / 1000)} s`
  }

  /** What a request is told now; undefined: it may be tried. */
  get now(): GatewayFailure | undefined {
    return this.#clock() < this.#until ? this.#failure : undefined
  }

  /** The first failure is followed by another trial at once, unless that would be sure to fail too. */
  add(failure: GatewayFailure, isSure = false): void {
    this.#failure = failure
    if (isSure) this.#times = Math.max(1, this.#times)
    const pause = this.#times === 0 ? 0 : firstPauseMs * 2 ** Math.min(this.#times - 1, 16)
    this.#times++
    this.#until = this.#clock() + Math.min(pause, longestPauseMs)
  }

  /** It has served a request, or is another program now. */
  forget(): void {
    this.#failure = undefined
    this.#times = 0
    this.#until = 0
  }
}
