// The workers of one interpreter: kept ahead of demand, by one launcher after another. What its scripts load is learnt,
// and a launcher that has loaded it takes the place of the one before.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { LauncherStep } from '../../events/events.ts'
import type { LauncherReport } from '../../protocol/launcher/lines.ts'
import type { Launcher, LauncherEvents, LauncherLoss } from './launcher.ts'
import type { Worker } from './workers.ts'

/** A launcher, not started yet, that is to load these modules. */
export type LauncherMaker = (modules: readonly ByteString[], events: LauncherEvents) => PooledLauncher

export type PooledLauncher = Pick<
  Launcher,
  'idle' | 'forking' | 'start' | 'fork' | 'give' | 'endIdle' | 'retire' | 'end'
>

export interface WarmPoolOptions {
  readonly minIdle: number
  readonly maxIdle: number
  /** Milliseconds without a request until idle workers beyond `minIdle` end, and ten times that for the launcher; 0: never. */
  readonly idleTimeoutMs: number
}

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
/** After a failure nothing is tried for so long; twice as long after the next, and so on. */
const backoffMs = { first: 250, most: 60_000 }
/** An interpreter whose launcher has ended of itself so often before it was ready is left alone until its file changes. */
export const mostUnfit: number = 3
/** Failures that come and go are told at most so often. */
export const noticeEveryMs: number = 60_000
/** What scripts load is gathered for so long, so that one launcher serves for all of it. */
const gatherMs = 300
/** Demand of the last so many milliseconds decides how many workers are kept. */
export const demandMs: number = 10_000
const mostModules = 2000
const mostComplaints = 20
/** A launcher that does not become ready in this time is given up. */
export const startLimitMs: number = 60_000

type Waiting = (worker: Worker | undefined) => void

interface Ask {
  readonly message: Buffer
  readonly descriptors: readonly number[]
  readonly tell: Waiting
}

export class WarmPool {
  readonly #makeLauncher: LauncherMaker
  readonly #identify: () => string
  readonly #options: WarmPoolOptions
  readonly #events: WarmPoolEvents
  readonly #modules = new Set<ByteString>()
  readonly #left = new Set<ByteString>()
  readonly #asks: Ask[] = []
  readonly #retiring = new Set<PooledLauncher>()
  #current: PooledLauncher | undefined
  /** Being started, to take the place of the current one. */
  #next: PooledLauncher | undefined
  #running = 0
  #demand = { peak: 0, since: 0 }
  #failures = 0
  /** Launchers that should have taken the place of a current one, one after another, in vain. */
  #vainRenewals = 0
  #silences = 0
  #forkedAt = 0
  #unfit = 0
  /** The interpreter's file, as it was when it was found unfit. */
  #unfitFile: string | undefined
  #pausedUntil = 0
  #toldAt = -Infinity
  #hasTold = false
  #gathering: NodeJS.Timeout | undefined
  #idling: NodeJS.Timeout | undefined
  #lastAsked = 0
  #isEnded = false

  /** `identify` says what the interpreter's file is at present: something else after each change. */
  constructor(makeLauncher: LauncherMaker, identify: () => string, options: WarmPoolOptions, events: WarmPoolEvents) {
    this.#makeLauncher = makeLauncher
    this.#identify = identify
    this.#options = options
    this.#events = events
  }

  /** Nothing of it is left but what it has learnt. */
  get isAsleep(): boolean {
    return this.#current === undefined && this.#next === undefined && this.#retiring.size === 0
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
      if (launcher.idle === 0) this.#refill()
      return worker
    }
    if (this.#isPaused || this.#isEnded) return undefined
    return new Promise((resolve) => this.#wait(message, descriptors, resolve))
  }

  async end(): Promise<void> {
    this.#isEnded = true
    clearTimeout(this.#gathering)
    clearInterval(this.#idling)
    this.#tellAll()
    await Promise.all([this.#current, this.#next, ...this.#retiring].map(async (launcher) => launcher?.end()))
  }

  get #isPaused(): boolean {
    return this.#pausedUntil > performance.now()
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
    const now = performance.now()
    this.#works()
    this.#running++
    if (this.#running >= this.#demand.peak || now - this.#demand.since > demandMs) {
      this.#demand = { peak: this.#running, since: now }
    }
    // Not while it runs: a launcher that forks cannot say that a worker has ended, and an answer may wait for that.
    void worker.ending.then(() => {
      this.#running--
      this.#refill()
    })
  }

  #works(): void {
    this.#failures = 0
    this.#unfit = 0
    if (!this.#hasTold) return
    this.#hasTold = false
    this.#events.notice('scripts are run by workers again')
  }

  /** As many idle as there were requests at once of late, within the bounds, beside those that somebody waits for. */
  #refill(): void {
    const launcher = this.#current
    if (launcher === undefined || this.#isEnded) return
    const { minIdle, maxIdle } = this.#options
    const wanted = Math.min(Math.max(this.#demand.peak, minIdle), maxIdle) + this.#asks.length
    const have = launcher.idle + launcher.forking
    if (have >= wanted || this.#isPaused) return
    // A few more than that at once, so that it need not be asked for each.
    launcher.fork(Math.min(wanted + Math.floor(wanted / 2), maxIdle + this.#asks.length) - have)
  }

  #start(): void {
    if (this.#next !== undefined || this.#isEnded || this.#isPaused) return
    if (this.#unfitFile !== undefined && this.#unfitFile === this.#identify()) return
    this.#unfitFile = undefined
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
        if (this.#unfit === 0 && ++complaints <= mostComplaints) this.#events.notice(`the launcher says: ${line}`)
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
    this.#vainRenewals = 0
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
    if (this.#isPaused) this.#renewAfter(this.#pausedUntil - performance.now() + 1)
    else if (this.#next !== undefined) this.#renewAfter(gatherMs)
    else this.#start()
  }

  /**
   * Nothing is tried for a while; requests are started afresh. Failures in that time are the same one's. Without a
   * cause nothing is said yet.
   */
  #failed(cause: string | undefined): void {
    this.#tellAll()
    if (this.#isEnded || this.#isPaused) return
    const now = performance.now()
    const pause = backoffOf(this.#failures++)
    this.#pausedUntil = now + pause
    setTimeout(() => this.#refill(), pause + 1).unref()
    if (cause === undefined || this.#hasTold || now - this.#toldAt < noticeEveryMs) return
    this.#hasTold = true
    this.#toldAt = now
    this.#events.notice(`${cause}; scripts are started afresh for a while`)
  }

  #gone(launcher: PooledLauncher, { cause, isUnfit, isCertain }: LauncherLoss): void {
    if (this.#retiring.delete(launcher)) return
    if (this.#current !== launcher && this.#next !== launcher) return
    if (this.#current === launcher) this.#current = undefined
    else {
      this.#next = undefined
      if (this.#current !== undefined) return this.#renewedInVain(cause)
    }
    if (!isUnfit) this.#failed(`the launcher is gone: ${cause}`)
    else if (!isCertain && ++this.#unfit < mostUnfit) this.#failed(undefined)
    else if (!this.#isEnded) this.#giveUp(cause)
  }

  /** The current launcher is none the worse for it. */
  #renewedInVain(cause: string): void {
    if (this.#isEnded) return
    if (this.#vainRenewals === 0) {
      this.#events.notice(`the launcher goes on without what scripts have loaded since: the next one is gone: ${cause}`)
    }
    this.#renewAfter(backoffOf(this.#vainRenewals++))
  }

  #giveUp(cause: string): void {
    this.#unfit = 0
    this.#unfitFile = this.#identify()
    this.#events.notice(
      `no launcher can be started: ${cause}; scripts are started afresh until the interpreter changes`,
    )
    this.#hasTold = false
    this.#tellAll()
  }

  #watchIdle(): NodeJS.Timeout {
    const { idleTimeoutMs, minIdle } = this.#options
    const look = (): void => {
      const silence = performance.now() - this.#lastAsked
      if (this.#running > 0 || idleTimeoutMs === 0 || silence < idleTimeoutMs) return
      this.#demand = { peak: 0, since: 0 }
      const launcher = this.#current
      if (launcher === undefined) return
      if (silence >= 10 * idleTimeoutMs) {
        this.#current = undefined
        this.#retire(launcher)
      } else if (launcher.idle > minIdle) launcher.endIdle(launcher.idle - minIdle)
    }
    return setInterval(look, Math.max(idleTimeoutMs, 100)).unref()
  }
}

/** How long to wait after so many failures before. */
export function backoffOf(failures: number): number {
  return Math.min(backoffMs.first * 2 ** failures, backoffMs.most)
}
