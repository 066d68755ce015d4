// The connections to one FastCGI upstream: kept where the application lets us, shared where it can and the route asks for
// it, and never more than it says it takes.

import type { Cancellation } from '../../events/cancellation.ts'
import { FailureError } from '../../events/failures.ts'
import { connect } from '../connect.ts'
import { showUpstreamAddress, type UpstreamAddress } from '../upstream-address.ts'
import { WaitQueue } from '../wait-queue.ts'
import { FastCgiConnection } from './connection.ts'
import type { FastCgiLease, FastCgiSource } from './source.ts'

export interface FastCgiPoolOptions {
  readonly address: UpstreamAddress
  readonly connectTimeoutMs: number
  /** Idle connections that are kept. Each holds one process of an application that takes one connection at a time. */
  readonly maxIdle: number
  readonly idleTimeoutMs: number
  /** Requests on one connection at once; 1: it is not shared. Only where the application says that it can. */
  readonly maxShared: number
  /** Milliseconds that a request waits for a connection, where the application takes so many and no more. */
  readonly queueTimeoutMs: number
}

/** How long an application has to answer FCGI_GET_VALUES; most do not know it and say nothing. */
const valuesMs = 1000

/** FastCGI 4.1: what an application says of itself. */
interface Abilities {
  readonly maxConnections: number
  readonly canShare: boolean
}

const unknownAbilities: Abilities = { maxConnections: Number.POSITIVE_INFINITY, canShare: false }

interface Pooled {
  readonly connection: FastCgiConnection
  leases: number
  requests: number
  idleTimer: NodeJS.Timeout | undefined
}

export class FastCgiPool implements FastCgiSource {
  readonly name: string
  readonly #options: FastCgiPoolOptions
  /** The one used last is at the end; the others grow old. */
  readonly #pooled = new Set<Pooled>()
  readonly #waiting: WaitQueue
  #connecting = 0
  #abilities: Abilities = unknownAbilities
  #asked: Promise<void> | undefined
  #isDisposed = false

  constructor(options: FastCgiPoolOptions) {
    this.#options = options
    this.#waiting = new WaitQueue(options.queueTimeoutMs)
    this.name = showUpstreamAddress(options.address)
  }

  async lease(signal: Cancellation, alone: boolean): Promise<FastCgiLease> {
    if (this.#isDisposed) throw new FailureError({ kind: 'shutting-down' })
    this.#asked ??= this.#ask()
    // A request that may share its connection waits for the word that it can.
    if (this.#options.maxShared > 1) await this.#asked
    const since = performance.now()
    for (;;) {
      const pooled = this.#idle() ?? (alone ? undefined : this.#shareable())
      if (pooled !== undefined) return this.#lend(pooled)
      if (this.#pooled.size + this.#connecting < this.#abilities.maxConnections)
        return this.#lend(await this.#open(signal))
      await this.#waiting.wait(signal, since)
      if (this.#isDisposed) throw new FailureError({ kind: 'shutting-down' })
    }
  }

  cannotMultiplex(): void {
    this.#abilities = { ...this.#abilities, canShare: false }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    for (const { connection } of this.#pooled) connection.close()
    this.#waiting.wakeAll()
  }

  #idle(): Pooled | undefined {
    let latest: Pooled | undefined
    for (const pooled of this.#pooled) if (pooled.leases === 0) latest = pooled
    return latest
  }

  #shareable(): Pooled | undefined {
    if (!this.#abilities.canShare) return undefined
    for (const pooled of this.#pooled) if (pooled.connection.underWay < this.#options.maxShared) return pooled
    return undefined
  }

  async #open(signal: Cancellation): Promise<Pooled> {
    const { address, connectTimeoutMs } = this.#options
    this.#connecting++
    try {
      const socket = await connect(address, connectTimeoutMs, signal)
      const connection = new FastCgiConnection(socket, this.name)
      const pooled: Pooled = { connection, leases: 0, requests: 0, idleTimer: undefined }
      this.#pooled.add(pooled)
      connection.onClose = () => {
        this.#pooled.delete(pooled)
        clearTimeout(pooled.idleTimer)
        this.#waiting.wakeOne()
      }
      if (this.#isDisposed) connection.close()
      return pooled
    } catch (error) {
      this.#waiting.wakeOne()
      throw error
    } finally {
      this.#connecting--
    }
  }

  #lend(pooled: Pooled): FastCgiLease {
    clearTimeout(pooled.idleTimer)
    const isShared = pooled.leases > 0
    const isReused = pooled.requests > 0
    pooled.leases++
    pooled.requests++
    pooled.connection.keepsProcessAlive = true
    const { connection } = pooled
    return { connection, isShared, isReused, release: (outcome) => this.#release(pooled, outcome) }
  }

  #release(pooled: Pooled, outcome: 'whole' | 'closed' | 'broken'): void {
    const { connection } = pooled
    pooled.leases--
    if (outcome !== 'whole' && pooled.leases === 0) connection.close()
    if (connection.isClosed) return
    if (pooled.leases > 0) {
      this.#waiting.wakeOne()
      return
    }
    if (!this.#keeps()) {
      connection.close()
      return
    }
    connection.keepsProcessAlive = false
    // To the end: it is the one used last.
    this.#pooled.delete(pooled)
    this.#pooled.add(pooled)
    pooled.idleTimer = setTimeout(() => connection.close(), this.#options.idleTimeoutMs)
    pooled.idleTimer.unref()
    this.#waiting.wakeOne()
  }

  /**
   * A kept connection holds a process of most applications. Where another request has a connection that nobody has
   * answered on, it may be waiting for just that process, so the connection is given up.
   */
  #keeps(): boolean {
    if (this.#isDisposed || this.#options.maxIdle === 0) return false
    let idle = 0
    for (const { leases, connection } of this.#pooled) {
      if (leases === 0) idle++
      else if (!connection.hasAnswered) return false
    }
    return idle <= this.#options.maxIdle && this.#connecting === 0
  }

  /** Once, on a connection of its own, because php-cgi and php-fpm close after their answer. Whatever fails, fails silently: */
  /** the first request will tell. */
  async #ask(): Promise<void> {
    const { address, connectTimeoutMs } = this.#options
    const never = new AbortController().signal
    try {
      const connection = new FastCgiConnection(await connect(address, connectTimeoutMs, never), this.name)
      connection.keepsProcessAlive = false
      const late = setTimeout(() => connection.close(), valuesMs)
      const values = await connection.getValues()
      clearTimeout(late)
      connection.close()
      if (values !== undefined) this.#abilities = readAbilities(values)
    } catch {
      return
    }
  }
}

function readAbilities(values: ReadonlyMap<string, string>): Abilities {
  const connections = Number(values.get('FCGI_MAX_CONNS') ?? Number.NaN)
  return {
    maxConnections: Number.isInteger(connections) && connections > 0 ? connections : Number.POSITIVE_INFINITY,
    canShare: values.get('FCGI_MPXS_CONNS') === '1',
  }
}
