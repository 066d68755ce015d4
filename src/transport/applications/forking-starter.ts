// Workers that are forked from one process that has loaded the application ahead (launchers/wsgi/README.md, Preload). Where
// that process ends, the next worker starts another one.

import type { Ending } from '../../events/events.ts'
import { FailureError, type GatewayFailure } from '../../events/failures.ts'
import { forkOrder } from '../../protocol/application/frames.ts'
import { endProcessGroup } from '../process-group.ts'
import { readWaitStatus, unknownEnding } from '../reaper.ts'
import { Loading } from './loading.ts'
import {
  loadingOptions,
  startFresh,
  type FreshProcess,
  type StarterOptions,
  type WorkerProcess,
  type WorkerStarter,
} from './start.ts'
import type { WorkerConnection } from './worker-connection.ts'

interface Asked {
  readonly resolve: (worker: WorkerProcess) => void
  readonly reject: (error: FailureError) => void
}

interface Parent {
  readonly process: FreshProcess
  readonly asked: Asked[]
  readonly children: Map<number, ForkedProcess>
  connection: WorkerConnection | undefined
  /** It forks no more, and ends with its last worker: it passes on what they say. */
  isOld: boolean
  /** Why it has ended. */
  failure: GatewayFailure | undefined
}

export class ForkingStarter implements WorkerStarter {
  readonly #options: StarterOptions
  readonly #socketPath: string
  #parent: Promise<Parent> | undefined
  /** All that have not ended. */
  readonly #parents = new Set<Parent>()
  /** Those whose process is not there yet. */
  readonly #begun = new Set<Promise<Parent>>()
  #isDisposed = false

  constructor(options: StarterOptions, socketPath: string) {
    this.#options = options
    this.#socketPath = socketPath
  }

  get loading(): Loading | undefined {
    for (const { process, connection, isOld } of this.#parents) {
      if (connection === undefined && !isOld) return process.loading
    }
    return undefined
  }

  async start(): Promise<WorkerProcess> {
    if (this.#isDisposed) throw new FailureError({ kind: 'shutting-down' })
    this.#parent ??= this.#begin()
    const starting = this.#parent
    let parent: Parent
    try {
      parent = await starting
    } catch (error) {
      if (this.#parent === starting) this.#parent = undefined
      throw error
    }
    // Nobody would hear the order.
    if (parent.failure !== undefined) throw new FailureError(parent.failure)
    return new Promise((resolve, reject) => {
      parent.asked.push({ resolve, reject })
      parent.connection?.order(forkOrder)
    })
  }

  /** A process that forks has dialled in. */
  take(connection: WorkerConnection): void {
    const pid = connection.hello?.pid
    for (const parent of this.#parents) if (parent.process.pid === pid) return this.#join(parent, connection)
    connection.close()
  }

  /** The next worker comes from another one, with the application as it is then. */
  afresh(): void {
    const old = this.#parent
    this.#parent = undefined
    const end = (parent: Parent): void => {
      parent.isOld = true
      // Whoever still waits for a worker of the old one gets one of the new: as long as it loads, that may be all of them.
      for (const { resolve, reject } of parent.asked.splice(0)) this.start().then(resolve, reject)
      this.#endIfOld(parent)
    }
    old?.then(end, () => {}) // What did not start has been told.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    await Promise.allSettled(this.#begun)
    await Promise.all([...this.#parents].map(({ process }) => process.end()))
  }

  #begin(): Promise<Parent> {
    const begun = this.#beginOne().finally(() => this.#begun.delete(begun))
    this.#begun.add(begun)
    return begun
  }

  async #beginOne(): Promise<Parent> {
    const process = await startFresh(this.#options, this.#socketPath, { preload: true })
    const parent: Parent = {
      process,
      asked: [],
      children: new Map(),
      connection: undefined,
      isOld: false,
      failure: undefined,
    }
    this.#parents.add(parent)
    void process.ending.then((ending) => this.#ended(parent, ending))
    return parent
  }

  #join(parent: Parent, connection: WorkerConnection): void {
    parent.connection = connection
    parent.process.loading.over()
    connection.onForked = (pid, error) => this.#forked(parent, pid, error)
    connection.onEnded = ({ pid, status, cpuMs, maxRssBytes }) => {
      parent.children.get(pid)?.settle(readWaitStatus(status, cpuMs, maxRssBytes))
      parent.children.delete(pid)
      this.#options.guard.remove(pid)
      this.#endIfOld(parent)
    }
    for (const _ of parent.asked) connection.order(forkOrder)
  }

  #endIfOld({ isOld, asked, children, process }: Parent): void {
    if (isOld && asked.length === 0 && children.size === 0) void process.end()
  }

  #forked({ process, asked, children }: Parent, pid: number | undefined, error: string | undefined): void {
    const next = asked.shift()
    if (pid === undefined) {
      const program = this.#options.start.path
      next?.reject(new FailureError({ kind: 'out-of-resources', program, code: error ?? 'EAGAIN' }))
      return
    }
    this.#options.guard.add(pid)
    const child = new ForkedProcess(pid, process, this.#options)
    children.set(pid, child)
    if (next === undefined) void child.end()
    else next.resolve(child)
  }

  /** Its workers go on until their connections end. */
  #ended(parent: Parent, ending: Ending): void {
    this.#parents.delete(parent)
    void this.#parent?.then((current) => {
      if (current === parent) this.#parent = undefined
    })
    const failure = parent.process.loading.failure(ending)
    if (!parent.process.loading.isOver && !parent.isOld) parent.process.hush()
    parent.process.loading.over()
    parent.failure = failure
    for (const { reject } of parent.asked) reject(new FailureError(failure))
    for (const [pid, child] of parent.children) {
      this.#options.guard.remove(pid)
      child.settle(unknownEnding)
    }
    parent.connection?.close()
  }
}

/** Its words come through the pipes of the process that has forked it, with those of its siblings. */
class ForkedProcess implements WorkerProcess {
  readonly pid: number
  readonly ending: Promise<Ending>
  readonly #parent: FreshProcess
  readonly #killGraceMs: number
  readonly loading: Loading
  settle: (ending: Ending) => void = () => {}
  #end: Promise<void> | undefined

  constructor(pid: number, parent: FreshProcess, options: StarterOptions) {
    this.pid = pid
    this.#parent = parent
    this.#killGraceMs = options.killGraceMs
    this.ending = new Promise((resolve) => {
      this.settle = resolve
    })
    this.loading = new Loading(this, loadingOptions(options))
  }

  get lastWords(): string {
    return this.#parent.lastWords
  }

  get speaker(): object {
    return this.#parent
  }

  set onWords(listener: ((chunk: Uint8Array) => void) | undefined) {
    this.#parent.onWords = listener
  }

  hush(): void {}

  async end(): Promise<void> {
    const awake = setInterval(() => {}, 1000)
    this.#end ??= endProcessGroup(this.pid, this.ending, this.#killGraceMs)
    await this.#end.finally(() => clearInterval(awake))
  }
}
