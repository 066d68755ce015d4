// The parked processes of one interpreter: as many wait as there were requests at once of late, and each that is taken
// is replaced. Where none waits the request is started afresh, at once.

import { availableParallelism } from 'node:os'
import type { LauncherStep } from '../../events/events.ts'
import type { ProgramProcess } from '../program-process.ts'
import { Demand, type WarmPoolOptions } from './demand.ts'
import type { Parked, ParkedEvents } from './parked.ts'
import { Setbacks, startLimitMs } from './setbacks.ts'

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
  readonly #demand: Demand
  readonly #setbacks: Setbacks
  readonly #modules = new Set<string>()
  readonly #starting = new Set<PooledParked>()
  /** The longest waiting first. */
  readonly #idle: PooledParked[] = []
  /** Being ended. */
  readonly #ending = new Set<Promise<void>>()
  #keepsAlive: NodeJS.Timeout | undefined
  #identity: string | undefined
  #lookedAt = -Infinity
  #isKnown = false
  /** Before the first request, and after a long time without any, none is started. */
  #isAwake = false
  #isEnded = false

  /** `identify` says what the interpreter's file is at present: something else after each change. */
  constructor(make: ParkedMaker, identify: () => string, options: WarmPoolOptions, events: ParkedPoolEvents) {
    this.#make = make
    this.#identify = identify
    this.#options = options
    this.#events = events
    this.#demand = new Demand(options, (isLong) => this.#rest(isLong))
    const words = {
      meanwhile: 'fewer wait for a while',
      again: 'scripts are run by waiting processes again',
      none: 'no process can wait for requests',
    }
    this.#setbacks = new Setbacks(identify, words, {
      notice: (text) => this.#events.notice(text),
      tryAgain: () => this.#refill(),
    })
  }

  get isAsleep(): boolean {
    return this.#starting.size === 0 && this.#idle.length === 0 && this.#demand.running === 0
  }

  /** Those that are started from now on load these as well. */
  learn(modules: readonly string[]): void {
    for (const module of modules) this.#modules.add(module)
  }

  /** The process that has taken the request; undefined: there is none, and the request is to be started afresh. */
  async give(message: Buffer, stdin: 'pipe' | Uint8Array | undefined): Promise<ProgramProcess | undefined> {
    this.#isAwake = true
    this.#demand.asked()
    this.#dropOutdated()
    for (let parked = this.#idle.pop(); parked !== undefined; parked = this.#idle.pop()) {
      if (this.#idle.length === 0) this.#refill()
      const process = await parked.give(message, stdin)
      if (process === undefined) continue // It has done nothing, and has ended.
      this.#setbacks.works()
      return process
    }
    this.#refill()
    return undefined
  }

  /** A request of this interpreter's runs, parked before or not: it counts for how many are to wait. */
  runs(ending: Promise<unknown>): void {
    // The event loop stays alive while one runs.
    if (this.#demand.running === 0) this.#keepsAlive = setInterval(() => {}, lookEveryMs)
    this.#demand.begins()
    void ending.then(() => {
      this.#demand.ends()
      if (this.#demand.running === 0) clearInterval(this.#keepsAlive)
      this.#refill()
    })
  }

  async end(): Promise<void> {
    this.#isEnded = true
    this.#demand.end()
    this.#setbacks.end()
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
    if (this.#isEnded || this.#setbacks.pauseMs > 0 || !this.#isAwake || this.#setbacks.isGivenUp) return
    const { wanted } = this.#demand
    while (this.#starting.size < mostStarting && this.#idle.length + this.#starting.size < wanted) this.#start()
  }

  #start(): void {
    const startedAt = performance.now()
    let isReady = false
    const parked = this.#make([...this.#modules], {
      ready: (loadMs) => {
        clearTimeout(limit)
        isReady = true
        this.#setbacks.fits()
        this.#tellReady(performance.now() - startedAt, loadMs)
        if (this.#starting.delete(parked)) this.#idle.push(parked)
        this.#refill()
      },
      gone: (cause) => {
        clearTimeout(limit)
        const isAwaited = isReady ? this.#take(parked) : this.#starting.delete(parked)
        if (!isAwaited) return
        if (isReady) this.#setbacks.failed(`a process died while it waited: ${cause}`)
        else this.#setbacks.unready(cause)
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

  #rest(isLong: boolean): void {
    this.#isAwake = !isLong
    this.#endWaiting(isLong ? 0 : this.#options.minIdle)
  }
}
