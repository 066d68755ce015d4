// A program that ends as soon as it is started: it is tried again after ever longer pauses, and requests meanwhile are told
// at once what is wrong with it.

import type { GatewayFailure } from '../../events/failures.ts'
import { Backoff } from '../backoff.ts'

const firstPauseMs = 250
const longestPauseMs = 30_000

export class StartTrouble {
  readonly #backoff: Backoff
  #failure: GatewayFailure | undefined

  /** Milliseconds that only go forward. */
  constructor(clock?: () => number) {
    this.#backoff = new Backoff(firstPauseMs, longestPauseMs, clock)
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
    return this.#backoff.leftMs
  }

  /** The pause, for people. */
  get nextTrial(): string {
    return this.pauseMs === 0 ? 'at once' : `in ${Math.ceil(this.pauseMs / 1000)} s`
  }

  /** What a request is told now; undefined: it may be tried. */
  get now(): GatewayFailure | undefined {
    return this.pauseMs > 0 ? this.#failure : undefined
  }

  /** The first failure is followed by another trial at once, unless that would be sure to fail too. */
  add(failure: GatewayFailure, isSure = false): void {
    if (this.isThere || isSure) this.#backoff.fail()
    this.#failure = failure
  }

  /** It has served a request, or is another program now. */
  forget(): void {
    this.#failure = undefined
    this.#backoff.forget()
  }
}
