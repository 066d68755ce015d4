// The workers of one application: so many of them always, least busy first. One that is spent goes when another is there;
// one that is stuck goes at once. A new generation takes over without a request lost.

import type { Cancellation } from '../../events/cancellation.ts'
import type { Ending, Observer } from '../../events/events.ts'
import { FailureError, failureOf, type GatewayFailure } from '../../events/failures.ts'
import { WaitQueue } from '../wait-queue.ts'
import { LoadTroubles } from './load-troubles.ts'
import { residentBytes } from './memory.ts'
import { SourceFiles } from './source-files.ts'
import { stackOf } from './stacks.ts'
import type { WorkerProcess, WorkerStarter } from './start.ts'
import { Strangers } from './strangers.ts'
import { ApplicationWorker } from './worker.ts'
import type { WorkerConnection } from './worker-connection.ts'

export interface ApplicationPoolOptions {
  /** For the log: `module:name`. */
  readonly name: string
  readonly starter: WorkerStarter
  readonly dialIn: Disposable
  readonly workers: number
  /** 0 is no limit. */
  readonly maxRequests: number
  /** Resident, of one worker; 0 is no limit. */
  readonly maxMemoryBytes: number
  readonly maxQueue: number
  readonly queueTimeoutMs: number
  /** Milliseconds that a thread may go on with a request that nobody waits for; 0 is no limit. */
  readonly forsakenMs: number
  /** Files of the application are looked at before each request. */
  readonly reload: boolean
  /** What `name` names is not there, and never was. Called once, with what was said of it. */
  readonly onMissing: (lastWords: string) => void
  readonly observe: Observer
}

/** The right to give a thread one request. */
export interface ApplicationLease {
  readonly worker: ApplicationWorker
  readonly connection: WorkerConnection
}

/** Between two looks at what goes on without a request. */
const lookEveryMs = 1000
/** From the end of a worker's last connection to that of its process. */
const leaveMs = 5000

export class ApplicationPool implements AsyncDisposable {
  readonly #options: ApplicationPoolOptions
  readonly #workers = new Map<number, ApplicationWorker>()
  readonly #strangers = new Strangers()
  readonly #waiting: WaitQueue
  readonly #trouble: LoadTroubles
  readonly #look: NodeJS.Timeout
  #files = new SourceFiles()
  /** Who waits for a change among the workers. */
  readonly #changes: (() => void)[] = []
  #starting = 0
  /** Whoever was started before it changed has the application as it was. */
  #generation = 0
  #isDisposed = false

  constructor(options: ApplicationPoolOptions) {
    this.#options = options
    this.#waiting = new WaitQueue(options.queueTimeoutMs)
    const { reload, onMissing } = options
    const tell = (text: string, details?: string): void => this.#tell(text, details)
    this.#trouble = new LoadTroubles({ reload, tell, onMissing, tryAgain: () => this.#fill() })
    this.#look = setInterval(() => this.#lookAround(), lookEveryMs).unref()
    this.#fill()
  }

  /** Throws FailureError. */
  async lease(signal: Cancellation): Promise<ApplicationLease> {
    if (this.#options.reload && this.#files.haveChanged()) this.#reload()
    const since = performance.now()
    for (let trial = 1; ; trial++) {
      if (this.#isDisposed) throw new FailureError({ kind: 'shutting-down' })
      const lease = this.#take()
      if (lease !== undefined) return lease
      if (signal.aborted) throw new FailureError({ kind: 'client-gone' })
      this.#refuseInTrouble(trial)
      if (this.#waiting.size >= this.#options.maxQueue) {
        throw new FailureError({ kind: 'queue-full', waiting: this.#waiting.size })
      }
      try {
        await this.#waiting.wait(signal, since)
      } catch (error) {
        throw await this.#whyInVain(error)
      }
    }
  }

  /** The request is over, and the thread waits for the next. */
  release({ worker, connection }: ApplicationLease): void {
    worker.busy.delete(connection)
    worker.served++
    if (connection.isClosed) return
    if (worker.state === 'leaving') return this.#letGo(worker, connection)
    worker.idle.push(connection)
    this.#spendAtLimit(worker)
    this.#waiting.wakeOne()
  }

  /** Nobody wants the answer any more: the thread is left alone with it, until it notices. */
  forsake({ worker, connection }: ApplicationLease): void {
    worker.served++
    worker.forsaken.set(connection.hello?.thread ?? '', performance.now())
    connection.close()
    this.#spendAtLimit(worker)
  }

  /** Its request has taken too long: where it stands, and its end. Requests of its other threads may finish. */
  async endStuck({ worker, connection }: ApplicationLease): Promise<readonly string[]> {
    if (worker.state !== 'leaving') {
      this.#detach(worker)
      this.#fill()
    }
    const stack = await stackOf(worker.process, connection.hello?.thread ?? '')
    connection.close()
    if (worker.busy.size === 0) void worker.process.end()
    return stack
  }

  /** How a worker has ended whose connection has closed. */
  endOf({ worker }: ApplicationLease): Promise<Ending | undefined> {
    return worker.endSoon(lookEveryMs)
  }

  /** New workers first; the old ones take requests until those can, and finish what they have. */
  async restart(): Promise<void> {
    this.#generation++
    this.#tell('it is loaded afresh')
    this.#trouble.afresh()
    this.#options.starter.afresh()
    this.#files = new SourceFiles()
    for (const worker of this.#workers.values()) {
      if (worker.state === 'ready') worker.state = 'spent'
      else if (worker.state === 'starting') void this.#drop(worker)
    }
    this.#fill()
    // Whoever waits for this is told, even when nothing else is left to do.
    const awake = setInterval(() => {}, lookEveryMs)
    const isOver = (): boolean => this.#isDisposed || this.#trouble.isLate
    while (!isOver() && (this.#starting > 0 || this.#has('starting'))) await this.#change()
    clearInterval(awake)
    if (this.#trouble.isThere && this.#has('spent')) this.#tell('the old workers go on until it can be loaded')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    clearInterval(this.#look)
    this.#trouble.close()
    this.#strangers.close()
    const workers = [...this.#workers.values()]
    for (const worker of workers) worker.leave()
    this.#waiting.wakeAll()
    this.#changed()
    await Promise.all(
      workers.map(async (worker) => {
        const isFree = worker.busy.size === 0 && worker.forsaken.size === 0
        for (const connection of worker.busy) connection.close()
        if (worker.process.loading.isOver) await worker.endSoon(isFree ? leaveMs : lookEveryMs)
        await worker.process.end()
      }),
    )
    await this.#options.starter[Symbol.asyncDispose]()
    // Those whose process was about to begin.
    while (this.#starting > 0) await this.#change()
    await Promise.all([...this.#workers.values()].map(({ process }) => process.end()))
    this.#options.dialIn[Symbol.dispose]()
  }

  /** A thread has dialled in. */
  join(connection: WorkerConnection): void {
    // It may have ended while it waited for its process.
    if (this.#isDisposed || connection.isClosed) return connection.close()
    const { hello } = connection
    if (hello?.preload === true) return this.#options.starter.take(connection)
    const worker = this.#workers.get(hello?.pid ?? 0)
    if (worker === undefined) return this.#strangers.add(connection)
    if (worker.state === 'leaving') return connection.close()
    connection.onFiles = (paths) => this.#files.add(paths, worker.startedAt)
    connection.onClose = () => {
      worker.remove(connection)
      if (worker.state === 'leaving' && worker.busy.size === 0) void this.#seeOut(worker)
    }
    worker.add(connection)
    if (worker.state === 'starting') this.#isReady(worker)
    this.#waiting.wakeOne()
  }

  /** Of the workers that have a thread free, the one with the fewest requests under way. */
  #take(): ApplicationLease | undefined {
    let least: ApplicationWorker | undefined
    for (const worker of this.#workers.values()) {
      if (worker.takesRequests && (least === undefined || worker.busy.size < least.busy.size)) least = worker
    }
    const connection = least?.idle.pop()
    if (least === undefined || connection === undefined) return undefined
    least.busy.add(connection)
    return { worker: least, connection }
  }

  #isReady(worker: ApplicationWorker): void {
    worker.state = 'ready'
    worker.process.loading.over()
    this.#trouble.ready()
    // The one that it replaces, or those that nobody needs any more.
    const spent = [...this.#workers.values()].filter(({ state }) => state === 'spent')
    const surplus = this.#count('ready') + spent.length - this.#options.workers
    for (const old of spent.slice(0, Math.max(0, surplus))) this.#detach(old)
    this.#changed()
  }

  #spendAtLimit(worker: ApplicationWorker): void {
    if (worker.served >= worker.limit && worker.state === 'ready') this.#spend(worker)
  }

  #spend(worker: ApplicationWorker): void {
    worker.state = 'spent'
    this.#fill()
  }

  #detach(worker: ApplicationWorker): void {
    worker.leave()
    if (worker.busy.size === 0) void this.#seeOut(worker)
  }

  #letGo(worker: ApplicationWorker, connection: WorkerConnection): void {
    connection.close()
    if (worker.busy.size === 0) void this.#seeOut(worker)
  }

  /** It ends of itself, with what it has to do at its end; else it is ended. */
  async #seeOut(worker: ApplicationWorker): Promise<void> {
    if ((await worker.endSoon(leaveMs)) === undefined) await worker.process.end()
  }

  async #drop(worker: ApplicationWorker): Promise<void> {
    worker.leave()
    await worker.process.end()
  }

  /** As many as there are to be. */
  #fill(): void {
    const { workers, reload } = this.#options
    if (this.#isDisposed || (reload ? this.#trouble.isThere : this.#trouble.now !== undefined)) return
    while (this.#count('ready') + this.#count('starting') + this.#starting < workers) {
      this.#starting++
      void this.#start()
    }
  }

  async #start(): Promise<void> {
    const startedAt = Date.now()
    const generation = this.#generation
    try {
      const process = await this.#options.starter.start()
      if (generation !== this.#generation) return void process.end()
      const { maxRequests } = this.#options
      // Not all at once, where all were started at once.
      const limit = maxRequests === 0 ? Infinity : Math.ceil(maxRequests * (0.75 + Math.random() / 4))
      this.#welcome(new ApplicationWorker(process, startedAt, limit), process)
    } catch (error) {
      if (generation === this.#generation) this.#isInTrouble(failureOf(error), startedAt)
    } finally {
      this.#starting--
      this.#fill()
      this.#changed()
    }
  }

  #welcome(worker: ApplicationWorker, process: WorkerProcess): void {
    this.#workers.set(process.pid, worker)
    void process.ending.then((ending) => this.#gone(worker, ending))
    if (this.#isDisposed) void this.#drop(worker)
    for (const [connection, paths] of this.#strangers.take(process.pid)) {
      this.#files.add(paths, worker.startedAt)
      this.join(connection)
    }
  }

  #gone(worker: ApplicationWorker, ending: Ending): void {
    const { state, process, startedAt } = worker
    // Its number may be another one's by now.
    if (this.#workers.get(process.pid) === worker) this.#workers.delete(process.pid)
    for (const connection of [...worker.idle, ...worker.busy]) connection.close()
    if (state === 'starting' || this.#isDisposed) process.hush()
    process.loading.over()
    // What it has started itself goes with it.
    void process.end()
    if (state === 'starting') {
      this.#isInTrouble(process.loading.failure(ending), startedAt)
    } else if (state !== 'leaving' && !this.#isDisposed) {
      const how = ending.signal ?? `exit code ${String(ending.exitCode)}`
      this.#tell(`worker ${process.pid} has ended: ${how}; another one takes its place`)
    }
    this.#fill()
    this.#changed()
    if (this.#trouble.isThere && !this.#hasWorkers()) this.#waiting.wakeAll()
  }

  #isInTrouble(failure: GatewayFailure, startedAt: number): void {
    if (this.#isDisposed) return
    if (!this.#hasWorkers()) this.#waiting.wakeAll()
    this.#trouble.add(failure, startedAt)
  }

  /** Where a request has waited too long, and none has loaded the application: where that stands. */
  async #whyInVain(error: unknown): Promise<unknown> {
    if (failureOf(error).kind !== 'queue-timed-out' || this.#hasWorkers()) return error
    const worker = [...this.#workers.values()].find(({ state }) => state === 'starting')
    const loading = worker?.process.loading ?? this.#options.starter.loading
    return loading === undefined ? error : new FailureError(await loading.soFar())
  }

  /** Throws FailureError where nobody can answer. With `reload` each request is a trial: somebody may have mended it. */
  #refuseInTrouble(trial: number): void {
    const { last, now } = this.#trouble
    if (last === undefined || this.#hasWorkers() || this.#starting > 0 || this.#has('starting')) return
    if (!this.#options.reload) {
      // The first failure, such as of one that was killed, is followed by another trial at once.
      if (now !== undefined) throw new FailureError(now)
      return
    }
    if (trial > 1) throw new FailureError(last)
    this.#trouble.forget()
    this.#fill()
  }

  #reload(): void {
    this.#tell('its files have changed; it is loaded afresh')
    this.#generation++
    this.#trouble.afresh()
    this.#files = new SourceFiles()
    this.#options.starter.afresh()
    for (const worker of this.#workers.values()) {
      if (worker.state === 'starting') void this.#drop(worker)
      else if (worker.state !== 'leaving') this.#detach(worker)
    }
    this.#fill()
  }

  #lookAround(): void {
    const { maxMemoryBytes, forsakenMs } = this.#options
    const now = performance.now()
    for (const worker of this.#workers.values()) {
      if (worker.state === 'leaving') continue
      for (const [thread, since] of worker.forsaken) {
        if (forsakenMs > 0 && now - since > forsakenMs) void this.#endForsaken(worker, thread)
      }
      if (maxMemoryBytes > 0 && worker.state === 'ready') void this.#weigh(worker)
    }
  }

  async #endForsaken(worker: ApplicationWorker, thread: string): Promise<void> {
    this.#detach(worker)
    this.#fill()
    const stack = await stackOf(worker.process, thread)
    this.#tell(`worker ${worker.process.pid} is stuck in a request that nobody waits for: ${stack.join(' < ')}`)
    if (worker.busy.size === 0) void worker.process.end()
  }

  async #weigh(worker: ApplicationWorker): Promise<void> {
    const bytes = await residentBytes(worker.process.pid)
    if (bytes === undefined || bytes <= this.#options.maxMemoryBytes || worker.state !== 'ready') return
    this.#tell(`worker ${worker.process.pid} holds ${Math.round(bytes / 1048576)} MiB; another one takes its place`)
    this.#spend(worker)
  }

  /** Somebody takes requests, or will once he is free. */
  #hasWorkers(): boolean {
    return this.#has('ready') || this.#has('spent')
  }

  #has(wanted: ApplicationWorker['state']): boolean {
    return this.#count(wanted) > 0
  }

  #count(wanted: ApplicationWorker['state']): number {
    return [...this.#workers.values()].filter(({ state }) => state === wanted).length
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#changes.push(resolve))
  }

  #changed(): void {
    for (const resolve of this.#changes.splice(0)) resolve()
  }

  #tell(text: string, details = ''): void {
    const notice = { type: 'notice', text: `${this.#options.name}: ${text}` } as const
    this.#options.observe(details === '' ? notice : { ...notice, details })
  }
}
