// The parked processes of one interpreter: as many wait as there were requests at once of late, and each that is taken
// is replaced. Where none waits the request is started afresh, at once.

import { availableParallelism } from 'node:os'
import type { LauncherStep } from '../../events/events.ts'
import type { ProgramProcess } from '../program-process.ts'
import type { Parked, ParkedEvents } from './parked.ts'
import { backoffOf, demandMs, mostUnfit, noticeEveryMs, startLimitMs, type WarmPoolOptions } from './pool.ts'

export type PooledParked = Pick<Parked, 'start' | 'give' | 'end'>

/** A process, not started yet, that is to load these built-in modules. */
export type ParkedMaker = (modules: readonly string[], events: ParkedEvents) => PooledParked

export interface ParkedPoolEvents {
  /** The first one waits: what its start was made of. */
  ready(steps: readonly LauncherStep[]): void
  /** Something worth a line. */
  notice(text: string): void
}

/** A whole start for each: more at once than there are processors would only hold up what runs. */
const mostStarting = Math.max(1, availableParallelism())
/** Between two looks whether the interpreter is still the same file. */
const lookEveryMs = 1000

export class ParkedPool {
  readonly #make: ParkedMaker
  readonly #identify: () => string
  readonly #options: WarmPoolOptions
  readonly #events: ParkedPoolEvents
  readonly #modules = new Set<string>()
  readonly #starting = new Set<PooledParked>()
  /** The longest waiting first. */
  readonly #idle: PooledParked[] = []
  /** Being ended. */
  readonly #ending = new Set<Promise<void>>()
  #running = 0
  #keepsAlive: NodeJS.Timeout | undefined
  #demand = { peak: 0, since: 0 }
  #failures = 0
  #unfit = 0
  /** The interpreter's file, as it was when it was found unfit. */
  #unfitFile: string | undefined
  #identity: string | undefined
  #lookedAt = -Infinity
  #pausedUntil = 0
  #toldAt = -Infinity
  #hasTold = false
  #isKnown = false
  #lastAsked = 0
  #idling: NodeJS.Timeout | undefined
  #isEnded = false

  /** `identify` says what the interpreter's file is at present: something else after each change. */
  constructor(make: ParkedMaker, identify: () => string, options: WarmPoolOptions, events: ParkedPoolEvents) {
    this.#make = make
    this.#identify = identify
    this.#options = options
    this.#events = events
  }

  get isAsleep(): boolean {
    return this.#starting.size === 0 && this.#idle.length === 0 && this.#running === 0
  }

  /** Those that are started from now on load these as well. */
  learn(modules: readonly string[]): void {
    for (const module of modules) this.#modules.add(module)
  }

  /** The process that has taken the request; undefined: there is none, and the request is to be started afresh. */
  async give(message: Buffer, stdin: 'pipe' | Uint8Array | undefined): Promise<ProgramProcess | undefined> {
    this.#lastAsked = performance.now()
    this.#idling ??= this.#watchIdle()
    this.#dropOutdated()
    for (let parked = this.#idle.pop(); parked !== undefined; parked = this.#idle.pop()) {
      if (this.#idle.length === 0) this.#refill()
      const process = await parked.give(message, stdin)
      if (process === undefined) continue // It has done nothing, and has ended.
      this.#works()
      return process
    }
    this.#refill()
    return undefined
  }

  /** A request of this interpreter's runs, parked before or not: it counts for how many are to wait. */
  runs(ending: Promise<unknown>): void {
    const now = performance.now()
    // The event loop stays alive while one runs.
    if (this.#running++ === 0) this.#keepsAlive = setInterval(() => {}, lookEveryMs)
    if (this.#running >= this.#demand.peak || now - this.#demand.since > demandMs) {
      this.#demand = { peak: this.#running, since: now }
    }
    void ending.then(() => {
      if (--this.#running === 0) clearInterval(this.#keepsAlive)
      this.#refill()
    })
  }

  async end(): Promise<void> {
    this.#isEnded = true
    clearInterval(this.#idling)
    this.#endWaiting()
    await Promise.all(this.#ending)
  }

  #endWaiting(keep = 0): void {
    const tooMany = this.#idle.splice(0, Math.max(0, this.#idle.length - keep))
    if (keep === 0) {
      tooMany.push(...this.#starting)
      this.#starting.clear()
    }
    for (const parked of tooMany) {
      const ending = parked.end().finally(() => this.#ending.delete(ending))
      this.#ending.add(ending)
    }
  }

  /** After an upgrade nobody gets a process of before it. */
  #dropOutdated(): void {
    const now = performance.now()
    if (now - this.#lookedAt < lookEveryMs) return
    this.#lookedAt = now
    const identity = this.#identify()
    if (this.#identity !== undefined && this.#identity !== identity) this.#endWaiting()
    this.#identity = identity
  }

  #refill(): void {
    if (this.#isEnded || this.#pausedUntil > performance.now() || this.#lastAsked === 0) return
    if (this.#unfitFile !== undefined && this.#unfitFile === this.#identity) return
    this.#unfitFile = undefined
    const { minIdle, maxIdle } = this.#options
    const wanted = Math.min(Math.max(this.#demand.peak, minIdle), maxIdle)
    while (this.#starting.size < mostStarting && this.#idle.length + this.#starting.size < wanted) this.#start()
  }

  #start(): void {
    const startedAt = performance.now()
    let isReady = false
    const parked = this.#make([...this.#modules], {
      ready: (loadMs) => {
        clearTimeout(limit)
        isReady = true
        this.#unfit = 0
        this.#tellReady(performance.now() - startedAt, loadMs)
        if (this.#starting.delete(parked)) this.#idle.push(parked)
        this.#refill()
      },
      gone: (cause) => {
        clearTimeout(limit)
        const isAwaited = isReady ? this.#take(parked) : this.#starting.delete(parked)
        if (!isAwaited) return
        if (isReady) this.#failed(`a process died while it waited: ${cause}`)
        else this.#unready(cause)
      },
    })
    const limit = setTimeout(() => void parked.end(), startLimitMs).unref()
    this.#starting.add(parked)
    parked.start()
  }

  #take(parked: PooledParked): boolean {
    const at = this.#idle.indexOf(parked)
    if (at !== -1) this.#idle.splice(at, 1)
    return at !== -1
  }

  #tellReady(readyMs: number, loadMs: number): void {
    if (this.#isKnown) return
    this.#isKnown = true
    this.#events.ready([
      { name: 'start of the interpreter', ms: Math.max(0, readyMs - loadMs) },
      { name: 'ready', ms: readyMs },
    ])
  }

  #works(): void {
    this.#failures = 0
    if (!this.#hasTold) return
    this.#hasTold = false
    this.#events.notice('scripts are run by waiting processes again')
  }

  #unready(cause: string): void {
    if (++this.#unfit < mostUnfit) return this.#failed(undefined)
    this.#unfit = 0
    this.#identity = this.#identify()
    this.#unfitFile = this.#identity
    if (this.#isEnded) return
    this.#events.notice(
      `no process can wait for requests: ${cause}; scripts are started afresh until the interpreter changes`,
    )
    this.#hasTold = false
  }

  /** Nothing is started for a while. Without a cause nothing is said yet. */
  #failed(cause: string | undefined): void {
    const now = performance.now()
    if (this.#isEnded || this.#pausedUntil > now) return
    const pause = backoffOf(this.#failures++)
    this.#pausedUntil = now + pause
    setTimeout(() => this.#refill(), pause + 1).unref()
    if (cause === undefined || this.#hasTold || now - this.#toldAt < noticeEveryMs) return
    this.#hasTold = true
    this.#toldAt = now
    this.#events.notice(`${cause}; fewer wait for a while`)
  }

  #watchIdle(): NodeJS.Timeout {
    const { idleTimeoutMs, minIdle } = this.#options
    const look = (): void => {
      const silence = performance.now() - this.#lastAsked
      if (this.#running > 0 || idleTimeoutMs === 0 || silence < idleTimeoutMs) return
      this.#demand = { peak: 0, since: 0 }
      const isAsleep = silence >= 10 * idleTimeoutMs
      // Until the next request nothing is started again.
      if (isAsleep) this.#lastAsked = 0
      this.#endWaiting(isAsleep ? 0 : minIdle)
    }
    return setInterval(look, Math.max(idleTimeoutMs, 100)).unref()
  }
}
