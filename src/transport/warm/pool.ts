// The workers of one interpreter: kept ahead of demand, by one launcher after another. What its scripts load is learnt,
// and a launcher that has loaded it takes the place of the one before.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { LauncherStep } from '../../events/events.ts'
import type { LauncherReport } from '../../protocol/launcher/lines.ts'
import { Demand, type WarmPoolOptions } from './demand.ts'
import type { Launcher, LauncherEvents, LauncherLoss } from './launcher.ts'
import { newBackoff, Setbacks, startLimitMs } from './setbacks.ts'
import type { Worker } from './workers.ts'

/** A launcher, not started yet, that is to load these modules. */
export type LauncherMaker = (modules: readonly ByteString[], events: LauncherEvents) => PooledLauncher

export type PooledLauncher = Pick<
  Launcher,
  'idle' | 'forking' | 'start' | 'fork' | 'give' | 'endIdle' | 'retire' | 'end'
>

export interface WarmPoolEvents {
  /** A launcher is ready: what its start was made of, and the modules that it did not load. */
  ready(steps: readonly LauncherStep[], left: ReadonlyMap<ByteString, ByteString>): void
  /** Something worth a line: why there are no workers at present, what the launcher says. */
  notice(text: string): void
  /** A script that workers cannot be. */
  cold(script: ByteString, reason: ByteString): void
}

/** How long a request waits for a worker that is being forked, before it is started afresh. */
const longestWaitMs = 1000
/** A launcher that has let requests wait so often, and forked nothing meanwhile, is given up. */
const mostSilences = 3
/** What scripts load is gathered for so long, so that one launcher serves for all of it. */
const gatherMs = 300
const mostModules = 2000
const mostComplaints = 20

type Waiting = (worker: Worker | undefined) => void

interface Ask {
  readonly message: Buffer
  readonly descriptors: readonly number[]
  readonly tell: Waiting
}

export class WarmPool {
  readonly #makeLauncher: LauncherMaker
  readonly #options: WarmPoolOptions
  readonly #events: WarmPoolEvents
  readonly #demand: Demand
  readonly #setbacks: Setbacks
  /** Of launchers that should have taken the place of a current one, in vain. */
  readonly #renewals = newBackoff()
  readonly #modules = new Set<ByteString>()
  readonly #left = new Set<ByteString>()
  readonly #asks: Ask[] = []
  readonly #retiring = new Set<PooledLauncher>()
  #current: PooledLauncher | undefined
  /** Being started, to take the place of the current one. */
  #next: PooledLauncher | undefined
  #isRenewedInVain = false
  #silences = 0
  #forkedAt = 0
  #gathering: NodeJS.Timeout | undefined
  #isEnded = false

  /** `identify` says what the interpreter's file is at present: something else after each change. */
  constructor(makeLauncher: LauncherMaker, identify: () => string, options: WarmPoolOptions, events: WarmPoolEvents) {
    this.#makeLauncher = makeLauncher
    this.#options = options
    this.#events = events
    this.#demand = new Demand(options, (isLong) => this.#rest(isLong))
    const words = {
      meanwhile: 'scripts are started afresh for a while',
      again: 'scripts are run by workers again',
      none: 'no launcher can be started',
    }
    this.#setbacks = new Setbacks(identify, words, {
      notice: (text) => this.#events.notice(text),
      tryAgain: () => this.#refill(),
    })
  }

  /** Nothing of it is left but what it has learnt. */
  get isAsleep(): boolean {
    return this.#current === undefined && this.#next === undefined && this.#retiring.size === 0
  }

  /** The worker that has taken the request; undefined: there is none, and the request is to be started afresh. */
  give(message: Buffer, descriptors: readonly number[]): Promise<Worker | undefined> | Worker | undefined {
    this.#demand.asked()
    const launcher = this.#current
    if (launcher === undefined) {
      this.#start()
      return undefined
    }
    const worker = launcher.give(message, descriptors)
    if (worker !== undefined) {
      this.#runs(worker)
      if (launcher.idle === 0) this.#refill()
      return worker
    }
    if (this.#isPaused || this.#isEnded) return undefined
    return new Promise((resolve) => this.#wait(message, descriptors, resolve))
  }

  async end(): Promise<void> {
    this.#isEnded = true
    clearTimeout(this.#gathering)
    this.#demand.end()
    this.#setbacks.end()
    this.#tellAll()
    await Promise.all([this.#current, this.#next, ...this.#retiring].map(async (launcher) => launcher?.end()))
  }

  get #isPaused(): boolean {
    return this.#setbacks.pauseMs > 0
  }

  #wait(message: Buffer, descriptors: readonly number[], resolve: Waiting): void {
    const late = setTimeout(() => {
      this.#asks.splice(this.#asks.indexOf(ask), 1)
      resolve(undefined)
      this.#waitedInVain()
    }, longestWaitMs)
    const tell: Waiting = (worker) => {
      clearTimeout(late)
      resolve(worker)
    }
    const ask: Ask = { message, descriptors, tell }
    this.#asks.push(ask)
    this.#refill()
  }

  #tellAll(): void {
    for (const ask of this.#asks.splice(0)) ask.tell(undefined)
  }

  #waitedInVain(): void {
    const isSilent = performance.now() - this.#forkedAt >= longestWaitMs
    if (!isSilent || this.#isPaused) return
    if (++this.#silences < mostSilences) this.#failed('the launcher does not answer')
    else void this.#current?.end('it does not answer')
  }

  #runs(worker: Worker): void {
    this.#setbacks.fits()
    this.#setbacks.works()
    this.#demand.begins()
    // Not while it runs: a launcher that forks cannot say that a worker has ended, and an answer may wait for that.
    void worker.ending.then(() => {
      this.#demand.ends()
      this.#refill()
    })
  }

  /** As many idle as there were requests at once of late, within the bounds, beside those that somebody waits for. */
  #refill(): void {
    const launcher = this.#current
    if (launcher === undefined || this.#isEnded) return
    const wanted = this.#demand.wanted + this.#asks.length
    const have = launcher.idle + launcher.forking
    if (have >= wanted || this.#isPaused) return
    // A few more than that at once, so that it need not be asked for each.
    launcher.fork(Math.min(wanted + Math.floor(wanted / 2), this.#options.maxIdle + this.#asks.length) - have)
  }

  #start(): void {
    if (this.#next !== undefined || this.#isEnded || this.#isPaused || this.#setbacks.isGivenUp) return
    const steps: LauncherStep[] = []
    const left = new Map<ByteString, ByteString>()
    const startedAt = performance.now()
    let complaints = 0
    const launcher: PooledLauncher = this.#makeLauncher([...this.#modules], {
      report: (report) => {
        if (report.kind === 'hello') steps.push({ name: 'start of the interpreter', ms: performance.now() - startedAt })
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
        if (!this.#setbacks.isUnfit && ++complaints <= mostComplaints) this.#events.notice(`the launcher says: ${line}`)
      },
      gone: (loss) => {
        clearTimeout(limit)
        this.#gone(launcher, loss)
      },
    })
    const limit = setTimeout(() => void launcher.end('it was not ready in time'), startLimitMs).unref()
    this.#next = launcher
    launcher.start()
  }

  #ready(launcher: PooledLauncher, steps: readonly LauncherStep[], left: ReadonlyMap<ByteString, ByteString>): void {
    if (this.#next !== launcher) return
    const before = this.#current
    this.#current = launcher
    this.#next = undefined
    this.#silences = 0
    this.#renewals.works()
    this.#isRenewedInVain = false
    for (const module of left.keys()) {
      this.#modules.delete(module)
      this.#left.add(module)
    }
    this.#events.ready(steps, left)
    if (before !== undefined) this.#retire(before)
    this.#refill()
  }

  #retire(launcher: PooledLauncher): void {
    this.#retiring.add(launcher)
    launcher.retire()
  }

  /** Whoever has waited longest gets the worker that has just come. */
  #serve(launcher: PooledLauncher): void {
    if (launcher !== this.#current) return
    this.#silences = 0
    this.#forkedAt = performance.now()
    const ask = this.#asks.shift()
    if (ask === undefined) return
    const worker = launcher.give(ask.message, ask.descriptors)
    if (worker !== undefined) this.#runs(worker)
    ask.tell(worker)
  }

  #hear(launcher: PooledLauncher, report: LauncherReport): void {
    if (report.kind === 'cold') this.#events.cold(report.script, report.reason)
    if (launcher !== this.#current) return
    if (report.kind === 'learned') {
      const news = report.modules.filter((module) => !this.#left.has(module) && !this.#modules.has(module))
      for (const module of news) if (this.#modules.size < mostModules) this.#modules.add(module)
      if (news.length > 0) this.#renewAfter(gatherMs)
    } else if (report.kind === 'stale') {
      // It has loaded a file that is no more, and so has every worker that it would fork.
      this.#current = undefined
      this.#retire(launcher)
      this.#tellAll()
      this.#renew()
    }
  }

  #renewAfter(ms: number): void {
    this.#gathering ??= setTimeout(() => this.#renew(), ms).unref()
  }

  #renew(): void {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    if (this.#isPaused) this.#renewAfter(this.#setbacks.pauseMs + 1)
    else if (this.#next !== undefined) this.#renewAfter(gatherMs)
    else this.#start()
  }

  /** Nothing is tried for a while; requests are started afresh. */
  #failed(cause: string): void {
    this.#tellAll()
    this.#setbacks.failed(cause)
  }

  #gone(launcher: PooledLauncher, { cause, isUnfit, isCertain }: LauncherLoss): void {
    if (this.#retiring.delete(launcher)) return
    if (this.#current !== launcher && this.#next !== launcher) return
    if (this.#current === launcher) this.#current = undefined
    else {
      this.#next = undefined
      if (this.#current !== undefined) return this.#renewedInVain(cause)
    }
    if (!isUnfit) return this.#failed(`the launcher is gone: ${cause}`)
    this.#tellAll()
    this.#setbacks.unready(cause, isCertain)
  }

  /** The current launcher is none the worse for it. */
  #renewedInVain(cause: string): void {
    if (this.#isEnded) return
    if (!this.#isRenewedInVain) {
      this.#events.notice(`the launcher goes on without what scripts have loaded since: the next one is gone: ${cause}`)
    }
    this.#isRenewedInVain = true
    this.#renewAfter(this.#renewals.fail())
  }

  #rest(isLong: boolean): void {
    const launcher = this.#current
    if (launcher === undefined) return
    const { minIdle } = this.#options
    if (isLong) {
      this.#current = undefined
      this.#retire(launcher)
    } else if (launcher.idle > minIdle) launcher.endIdle(launcher.idle - minIdle)
  }
}
