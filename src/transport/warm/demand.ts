// How many requests of one interpreter there were at once of late: so many processes are to wait.

export interface WarmPoolOptions {
  readonly minIdle: number
  readonly maxIdle: number
  /** Milliseconds without a request until idle workers beyond `minIdle` end, and ten times that for the launcher; 0: never. */
  readonly idleTimeoutMs: number
}

/** Demand of the last so many milliseconds decides how many workers are kept. */
const demandMs = 10_000

export class Demand {
  readonly #options: WarmPoolOptions
  readonly #rest: (isLong: boolean) => void
  #running = 0
  #peak = { count: 0, since: 0 }
  #lastAsked = 0
  #idling: NodeJS.Timeout | undefined

  /** `rest` is called now and then while there is no demand, at last with `isLong`: nothing need be kept. */
  constructor(options: WarmPoolOptions, rest: (isLong: boolean) => void) {
    this.#options = options
    this.#rest = rest
  }

  get running(): number {
    return this.#running
  }

  /** How many are to wait. */
  get wanted(): number {
    const { minIdle, maxIdle } = this.#options
    return Math.min(Math.max(this.#peak.count, minIdle), maxIdle)
  }

  /** There is a request. */
  asked(): void {
    this.#lastAsked = performance.now()
    this.#idling ??= setInterval(() => this.#look(), Math.max(this.#options.idleTimeoutMs, 100)).unref()
  }

  /** One runs. */
  begins(): void {
    const now = performance.now()
    this.#running++
    if (this.#running >= this.#peak.count || now - this.#peak.since > demandMs) {
      this.#peak = { count: this.#running, since: now }
    }
  }

  ends(): void {
    this.#running--
  }

  end(): void {
    clearInterval(this.#idling)
  }

  #look(): void {
    const { idleTimeoutMs } = this.#options
    const silence = performance.now() - this.#lastAsked
    if (this.#running > 0 || idleTimeoutMs === 0 || silence < idleTimeoutMs) return
    this.#peak = { count: 0, since: 0 }
    this.#rest(silence >= 10 * idleTimeoutMs)
  }
}
