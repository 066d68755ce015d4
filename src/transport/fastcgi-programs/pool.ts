// The processes of one FastCGI program that we start ourselves: from `minProcesses` to `maxProcesses` of them, one request
// at a time each. The first comes with the first request. One that ends with status 0 asks to be started again; one that
// misbehaved, or has served its number of requests, is ended and replaced.

import { statSync } from 'node:fs'
import { textOf, type ByteString } from '../../bytes/byte-string.ts'
import type { Cancellation } from '../../events/cancellation.ts'
import type { Observer } from '../../events/events.ts'
import { FailureError, type GatewayFailure } from '../../events/failures.ts'
import type { FastCgiLease, FastCgiSource, LeaseOutcome, ProcessEnd } from '../fastcgi/source.ts'
import { identityOf } from '../file-identity.ts'
import type { Native } from '../native.ts'
import { StartError, type Spawner } from '../program-process.ts'
import { WaitQueue } from '../wait-queue.ts'
import type { ProgramGuard } from './guard.ts'
import { startFastCgiProgram, type FastCgiProgram, type FastCgiProgramStart } from './program.ts'
import { StartTrouble } from './start-trouble.ts'
import { IdleWords } from './words.ts'

/** How many processes, and for how long. */
export interface FastCgiProgramLimits {
  /** Kept once there has been a request; 0: on demand. */
  readonly min: number
  /** The same as `min`: a fixed number. */
  readonly max: number
  /** Without a request, for those beyond `min`; 0 is for ever. */
  readonly idleTimeoutMs: number
  /** That one process answers; 0 is no limit. */
  readonly maxRequests: number
  readonly killGraceMs: number
  /** Milliseconds that a request waits for a process. */
  readonly queueTimeoutMs: number
}

export interface FastCgiProgramPoolOptions extends FastCgiProgramLimits {
  readonly start: FastCgiProgramStart
  readonly spawner: Spawner
  readonly native: Native | undefined
  readonly guard: ProgramGuard
  readonly observe: Observer
}

/** Between two looks at the program's file. */
const lookEveryMs = 1000

export class FastCgiProgramPool implements FastCgiSource {
  readonly name: string
  readonly #options: FastCgiProgramPoolOptions
  /** Those that take requests; the one used last is at the end. */
  readonly #programs = new Set<FastCgiProgram>()
  /** On their way out. */
  readonly #leaving = new Set<FastCgiProgram>()
  readonly #limitOf = new WeakMap<FastCgiProgram, number>()
  readonly #waiting: WaitQueue
  readonly #blamed = new WeakSet<FastCgiProgram>()
  readonly #trouble = new StartTrouble()
  readonly #words: IdleWords
  #starting = 0
  #file: string | undefined
  #lookedAt = Number.NEGATIVE_INFINITY
  #isDisposed = false

  constructor(options: FastCgiProgramPoolOptions) {
    this.#options = options
    this.#waiting = new WaitQueue(options.queueTimeoutMs)
    this.name = textOf(options.start.path)
    this.#words = new IdleWords((line) => options.observe({ type: 'notice', text: `${this.name}: ${textOf(line)}` }))
  }

  /** Nothing is under way, and nobody waits. */
  get isIdle(): boolean {
    return (
      this.#waiting.size === 0 && this.#starting === 0 && [...this.#programs].every(({ state }) => state === 'idle')
    )
  }

  async lease(signal: Cancellation): Promise<FastCgiLease> {
    this.#look()
    const since = performance.now()
    for (;;) {
      if (this.#isDisposed) throw new FailureError({ kind: 'shutting-down' })
      if (signal.aborted) {
        // It may have been woken for nothing.
        this.#waiting.wakeOne()
        throw new FailureError({ kind: 'client-gone' })
      }
      const idle = this.#takeIdle()
      // Whoever has looked in vain waits at once: a wake between the two would be lost.
      if (idle === undefined && this.#isFull()) {
        await this.#waiting.wait(signal, since)
        continue
      }
      const program = idle ?? (await this.#start())
      const lease = await this.#lend(program)
      if (lease !== undefined) return lease
    }
  }

  /** One request at a time is all that is asked of a program. */
  cannotMultiplex(): void {}

  /** New processes are started; the old ones take no more requests, and end when they have answered theirs. */
  async restart(): Promise<void> {
    this.#trouble.forget()
    const old = [...this.#programs]
    this.#programs.clear()
    for (const program of old) this.#leaving.add(program)
    const wanted = old.length === 0 ? 0 : Math.max(1, this.#options.min)
    await this.#fill(wanted)
    // Those that serve a request end with it.
    await Promise.all(old.filter(({ state }) => state === 'idle').map((program) => program.end()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    this.#trouble.forget()
    this.#waiting.wakeAll()
    await Promise.all([...this.#programs, ...this.#leaving].map((program) => program.end()))
  }

  #takeIdle(): FastCgiProgram | undefined {
    let latest: FastCgiProgram | undefined
    for (const program of this.#programs) if (program.state === 'idle') latest = program
    if (latest === undefined) return undefined
    latest.state = 'busy'
    clearTimeout(latest.idleTimer)
    return latest
  }

  /** Throws FailureError where another one would not start. */
  #isFull(): boolean {
    if (this.#programs.size + this.#starting >= this.#options.max) return true
    const failure = this.#trouble.now
    if (failure === undefined) return false
    // Whoever waits behind hears the same.
    this.#waiting.wakeOne()
    throw new FailureError(failure)
  }

  /** One that is busy with whoever asked for it. Throws FailureError. */
  async #start(): Promise<FastCgiProgram> {
    const { start, observe: _, ...rest } = this.#options
    this.#starting++
    try {
      const program = await startFastCgiProgram({ ...rest, start, onWords: (chunk) => this.#words.push(chunk) })
      this.#limitOf.set(program, requestLimit(this.#options.maxRequests, Math.random()))
      this.#programs.add(program)
      void program.ending.then(() => this.#gone(program))
      if (this.#isDisposed) void program.end()
      return program
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      const failure = refusal(start.path, error.code)
      this.#trouble.add(failure)
      throw new FailureError(failure)
    } finally {
      this.#starting--
      this.#waiting.wakeOne()
    }
  }

  /** Undefined where the program has just ended. */
  async #lend(program: FastCgiProgram): Promise<FastCgiLease | undefined> {
    try {
      const connection = await program.connection(this.name)
      connection.keepsProcessAlive = true
      let isReleased = false
      const release: FastCgiLease['release'] = (outcome) => {
        if (!isReleased) this.#release(program, outcome)
        isReleased = true
      }
      const process = {
        set onWords(listener: (chunk: Uint8Array) => void) {
          program.onWords = listener
        },
        ended: (isUntaken: boolean) => this.#endOf(program, isUntaken),
      }
      return { connection, isShared: false, isReused: program.served > 0, process, release }
    } catch (error) {
      if (!(error instanceof FailureError)) throw error
      if (program.served === 0) await this.#blame(program)
      await this.#retire(program)
      return undefined
    }
  }

  #release(program: FastCgiProgram, outcome: LeaseOutcome): void {
    program.onWords = undefined
    if (outcome === 'whole' || outcome === 'closed') {
      program.served++
      this.#trouble.forget()
    }
    if (outcome === 'closed') program.closeConnection()
    const isSpent = program.served >= (this.#limitOf.get(program) ?? 0)
    if (outcome === 'broken' || isSpent || this.#isDisposed || !this.#programs.has(program)) {
      void this.#retire(program)
      return
    }
    this.#rest(program)
  }

  #rest(program: FastCgiProgram): void {
    const { min, idleTimeoutMs } = this.#options
    program.state = 'idle'
    program.keepsServerAlive = false
    // To the end: it is the one used last.
    this.#programs.delete(program)
    this.#programs.add(program)
    clearTimeout(program.idleTimer)
    if (idleTimeoutMs > 0) {
      const look = (): void => {
        if (this.#programs.size > min) void this.#retire(program)
        else program.idleTimer = setTimeout(look, idleTimeoutMs).unref()
      }
      program.idleTimer = setTimeout(look, idleTimeoutMs).unref()
    }
    this.#waiting.wakeOne()
    this.#refill()
  }

  /** Ends it, whatever it is doing; another may take its place at once. */
  async #retire(program: FastCgiProgram): Promise<void> {
    this.#programs.delete(program)
    this.#leaving.add(program)
    const ended = program.end()
    this.#waiting.wakeOne()
    this.#refill()
    await ended
  }

  #gone(program: FastCgiProgram): void {
    const wasLeaving = program.state === 'leaving'
    clearTimeout(program.idleTimer)
    this.#programs.delete(program)
    this.#leaving.delete(program)
    // What it has started itself goes with it.
    void program.end()
    if (!wasLeaving && !program.wasUsed) void this.#blame(program)
    this.#waiting.wakeOne()
    if (program.served > 0) this.#refill()
  }

  /** It ended before it had taken a request: why, for the requests to come. */
  async #blame(program: FastCgiProgram): Promise<GatewayFailure | undefined> {
    const ending = await program.endSoon()
    if (ending === undefined) return undefined
    const code = ending.signal ?? `exit code ${String(ending.exitCode)}`
    const { lastWords } = program
    const failure = { kind: 'cannot-start', program: this.#options.start.path, code, lastWords } as const
    if (!this.#blamed.has(program)) this.#trouble.add(failure)
    this.#blamed.add(program)
    return failure
  }

  /** How a process has ended whose connection has closed. */
  async #endOf(program: FastCgiProgram, isUntaken: boolean): Promise<ProcessEnd | undefined> {
    const ending = await program.endSoon()
    if (ending === undefined) return undefined
    return { ending, startFailure: program.served === 0 && isUntaken ? await this.#blame(program) : undefined }
  }

  /** As many as are to be there always. What fails is told to the next request. */
  #refill(): void {
    if (this.#isDisposed || this.#trouble.isThere) return
    this.#fill(this.#options.min).catch(() => {})
  }

  async #fill(wanted: number): Promise<void> {
    while (this.#programs.size + this.#starting < wanted && !this.#isDisposed) this.#rest(await this.#start())
  }

  /** Another program at the same path takes the place of this one. */
  #look(): void {
    const now = performance.now()
    if (now - this.#lookedAt < lookEveryMs) return
    this.#lookedAt = now
    const stat = statSync(this.#options.start.path, { bigint: true, throwIfNoEntry: false })
    if (stat === undefined) return
    const file = identityOf(stat)
    if (this.#file !== undefined && file !== this.#file) void this.restart().catch(() => {})
    this.#file = file
  }
}

/** How many one process answers: not all end at once, where all were started at once. */
export function requestLimit(maxRequests: number, random: number): number {
  return maxRequests === 0 ? Infinity : Math.ceil(maxRequests * (0.75 + random / 4))
}

const outOfResources = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'])

function refusal(program: ByteString, code: string): GatewayFailure {
  return { kind: outOfResources.has(code) ? 'out-of-resources' : 'cannot-start', program, code }
}
