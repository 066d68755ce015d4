// The workers of one interpreter: kept ahead of demand, by one launcher after another. What its scripts load is learnt,
// and a launcher that has loaded it takes the place of the one before.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { LauncherStep } from '../../events/events.ts'
import type { LauncherReport } from '../../protocol/launcher/lines.ts'
import { Launcher, type LauncherOptions, type Worker } from './launcher.ts'

export interface WarmPoolOptions {
  readonly minIdle: number
  readonly maxIdle: number
  /** Milliseconds without a request until idle workers beyond `minIdle` end, and ten times that for the launcher. */
  readonly idleTimeoutMs: number
}

export interface WarmPoolEvents {
  /** A launcher is ready: what its start was made of, and the modules that it did not load. */
  ready(steps: readonly LauncherStep[], left: ReadonlyMap<ByteString, ByteString>): void
  /** Something worth a line: why there are no workers at present, what the launcher says. */
  notice(text: string): void
}

/** How long a request waits for a worker that is being forked, before it is started afresh. */
const longestWaitMs = 1000
/** After a failure nothing is tried for so long; twice as long after the next, and so on. */
const backoffMs = { first: 250, most: 60_000 }
/** What scripts load is gathered for so long, so that one launcher serves for all of it. */
const gatherMs = 300
/** Demand of the last so many milliseconds decides how many workers are kept. */
const demandMs = 10_000
const mostModules = 2000
const mostComplaints = 20
/** A launcher that does not become ready in this time is given up. */
const startLimitMs = 60_000

type Waiting = (worker: Worker | undefined) => void

interface Ask {
  readonly message: Buffer
  readonly descriptors: readonly number[]
  readonly tell: Waiting
}

export class WarmPool {
  readonly #launcherOptions: Omit<LauncherOptions, 'modules'>
  readonly #options: WarmPoolOptions
  readonly #events: WarmPoolEvents
  readonly #modules = new Set<ByteString>()
  readonly #left = new Set<ByteString>()
  readonly #asks: Ask[] = []
  #current: Launcher | undefined
  /** Being started, to take the place of the current one. */
  #next: Launcher | undefined
  #retiring = new Set<Launcher>()
  #running = 0
  #demand = { peak: 0, since: 0 }
  #failures = 0
  #pausedUntil = 0
  #gathering: NodeJS.Timeout | undefined
  #idling: NodeJS.Timeout | undefined
  #lastAsked = 0
  #isEnded = false

  constructor(launcher: Omit<LauncherOptions, 'modules'>, options: WarmPoolOptions, events: WarmPoolEvents) {
    this.#launcherOptions = launcher
    this.#options = options
    this.#events = events
  }

  /** The worker that has taken the request; undefined: there is none, and the request is to be started afresh. */
  give(message: Buffer, descriptors: readonly number[]): Promise<Worker | undefined> | Worker | undefined {
    this.#lastAsked = performance.now()
    this.#idling ??= this.#watchIdle()
    const launcher = this.#current
    if (launcher === undefined) {
      this.#start()
      return undefined
    }
    const worker = launcher.give(message, descriptors)
    if (worker !== undefined) {
      this.#runs(worker)
      this.#refill()
      return worker
    }
    if (this.#pausedUntil > this.#lastAsked) return undefined
    return new Promise((resolve) => this.#wait(message, descriptors, resolve))
  }

  async end(): Promise<void> {
    this.#isEnded = true
    clearTimeout(this.#gathering)
    clearInterval(this.#idling)
    for (const ask of this.#asks.splice(0)) ask.tell(undefined)
    await Promise.all([this.#current, this.#next, ...this.#retiring].map((launcher) => launcher?.end()))
  }

  #wait(message: Buffer, descriptors: readonly number[], resolve: Waiting): void {
    const late = setTimeout(() => {
      this.#asks.splice(this.#asks.indexOf(ask), 1)
      resolve(undefined)
    }, longestWaitMs)
    const tell: Waiting = (worker) => {
      clearTimeout(late)
      resolve(worker)
    }
    const ask: Ask = { message, descriptors, tell }
    this.#asks.push(ask)
    this.#refill()
  }

  #runs(worker: Worker): void {
    const now = performance.now()
    this.#running++
    if (this.#running >= this.#demand.peak || now - this.#demand.since > demandMs) {
      this.#demand = { peak: this.#running, since: now }
    }
    void worker.ending.then(() => {
      this.#running--
    })
  }

  /** As many idle as there were requests at once of late, within the bounds, beside those that somebody waits for. */
  #refill(): void {
    const launcher = this.#current
    if (launcher === undefined || this.#isEnded || this.#pausedUntil > performance.now()) return
    const { minIdle, maxIdle } = this.#options
    const wanted = Math.min(Math.max(this.#demand.peak, minIdle), maxIdle) + this.#asks.length
    for (let have = launcher.idle + launcher.forking; have < wanted; have++) launcher.fork()
  }

  #start(): void {
    if (this.#next !== undefined || this.#isEnded || this.#pausedUntil > performance.now()) return
    const steps: LauncherStep[] = []
    const left = new Map<ByteString, ByteString>()
    const startedAt = performance.now()
    let complaints = 0
    const launcher: Launcher = new Launcher(
      { ...this.#launcherOptions, modules: [...this.#modules] },
      {
        report: (report) => {
          if (report.kind === 'hello')
            steps.push({ name: 'start of the interpreter', ms: performance.now() - startedAt })
          else if (report.kind === 'step') steps.push({ name: report.name, ms: report.ms })
          else if (report.kind === 'left') left.set(report.module, report.reason)
          else if (report.kind === 'ready') {
            clearTimeout(limit)
            steps.push({ name: 'ready', ms: performance.now() - startedAt })
            this.#ready(launcher, steps, left)
          } else this.#hear(launcher, report)
        },
        idle: () => this.#serve(launcher),
        unforked: (code) => this.#failed(`no worker could be forked: ${code}`),
        idleDied: () => this.#failed('a worker died while it waited'),
        complaint: (line) => {
          if (++complaints <= mostComplaints) this.#events.notice(`the launcher says: ${line}`)
        },
        gone: (cause) => this.#gone(launcher, cause),
      },
    )
    const limit = setTimeout(() => void launcher.end(), startLimitMs).unref()
    this.#next = launcher
    void launcher.start()
  }

  #ready(launcher: Launcher, steps: readonly LauncherStep[], left: ReadonlyMap<ByteString, ByteString>): void {
    if (this.#next !== launcher) return
    const before = this.#current
    this.#current = launcher
    this.#next = undefined
    for (const module of left.keys()) {
      this.#modules.delete(module)
      this.#left.add(module)
    }
    this.#events.ready(steps, left)
    if (before !== undefined) {
      this.#retiring.add(before)
      before.retire()
    }
    this.#refill()
  }

  /** Whoever has waited longest gets the worker that has just come. */
  #serve(launcher: Launcher): void {
    this.#failures = 0
    const ask = launcher === this.#current ? this.#asks.shift() : undefined
    if (ask === undefined) return
    const worker = launcher.give(ask.message, ask.descriptors)
    if (worker !== undefined) this.#runs(worker)
    ask.tell(worker)
  }

  #hear(launcher: Launcher, report: LauncherReport): void {
    if (launcher !== this.#current) return
    if (report.kind === 'learned') {
      const news = report.modules.filter((module) => !this.#left.has(module) && !this.#modules.has(module))
      for (const module of news) if (this.#modules.size < mostModules) this.#modules.add(module)
      if (news.length > 0) this.#gathering ??= setTimeout(() => this.#renew(), gatherMs).unref()
    } else if (report.kind === 'stale') {
      // What is idle has loaded a file that is no more; nothing of it may be seen.
      launcher.endIdle(launcher.idle)
      this.#renew()
    }
  }

  #renew(): void {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    if (this.#next === undefined) this.#start()
    else this.#gathering = setTimeout(() => this.#renew(), gatherMs).unref()
  }

  /** Nothing is tried for a while; requests are started afresh. */
  #failed(cause: string): void {
    if (this.#isEnded) return
    const pause = Math.min(backoffMs.first * 2 ** this.#failures++, backoffMs.most)
    this.#pausedUntil = performance.now() + pause
    if (this.#failures === 1) this.#events.notice(`${cause}; scripts are started afresh for a while`)
    for (const ask of this.#asks.splice(0)) ask.tell(undefined)
    setTimeout(() => this.#refill(), pause + 1).unref()
  }

  #gone(launcher: Launcher, cause: string): void {
    if (this.#retiring.delete(launcher)) return
    if (this.#current !== launcher && this.#next !== launcher) return
    if (this.#current === launcher) this.#current = undefined
    else this.#next = undefined
    this.#failed(`the launcher is gone: ${cause}`)
  }

  #watchIdle(): NodeJS.Timeout {
    const { idleTimeoutMs, minIdle } = this.#options
    const look = (): void => {
      const silence = performance.now() - this.#lastAsked
      if (this.#running > 0 || silence < idleTimeoutMs) return
      this.#demand = { peak: 0, since: 0 }
      const launcher = this.#current
      if (launcher === undefined) return
      if (silence >= 10 * idleTimeoutMs) {
        this.#current = undefined
        this.#retiring.add(launcher)
        launcher.retire()
      } else if (launcher.idle > minIdle) launcher.endIdle(launcher.idle - minIdle)
    }
    return setInterval(look, Math.max(idleTimeoutMs, 100)).unref()
  }
}
