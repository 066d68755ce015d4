// The connections to one FastCGI upstream: kept where the application lets us, shared where it can and the route asks for
// it, and never more than it says it takes.

import type { Cancellation } from '../../events/cancellation.ts'
import { FailureError } from '../../events/failures.ts'
import { connect } from '../connect.ts'
import { showUpstreamAddress, type UpstreamAddress } from '../upstream-address.ts'
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

/** How long a request may wait on a new connection before somebody else's is given up for it: see `#keeps`. */
const leastPatienceMs = 25
const longestPatienceMs = 1000

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
  /** When its latest lease began. */
  leasedAt: number
  idleTimer: NodeJS.Timeout | undefined
}

export class FastCgiPool implements FastCgiSource {
  readonly name: string
  readonly #options: FastCgiPoolOptions
  /** The one used last is at the end; the others grow old. */
  readonly #pooled = new Set<Pooled>()
  readonly #waiting = new Set<() => void>()
  #connecting = 0
  /** How long a request takes of late. */
  #usualMs = 0
  #abilities: Abilities = unknownAbilities
  #asked: Promise<void> | undefined
  #isDisposed = false

  constructor(options: FastCgiPoolOptions) {
    this.#options = options
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
      await this.#wait(signal, since)
    }
  }

  cannotMultiplex(): void {
    this.#abilities = { ...this.#abilities, canShare: false }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    for (const { connection } of this.#pooled) connection.close()
    for (const wake of this.#waiting) wake()
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
      const pooled: Pooled = { connection, leases: 0, requests: 0, leasedAt: 0, idleTimer: undefined }
      this.#pooled.add(pooled)
      connection.onClose = () => {
        this.#pooled.delete(pooled)
        clearTimeout(pooled.idleTimer)
        this.#wakeOne()
      }
      if (this.#isDisposed) connection.close()
      return pooled
    } catch (error) {
      this.#wakeOne()
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
    pooled.leasedAt = performance.now()
    pooled.connection.keepsProcessAlive = true
    const { connection } = pooled
    return { connection, isShared, isReused, release: (outcome) => this.#release(pooled, outcome) }
  }

  #release(pooled: Pooled, outcome: 'whole' | 'broken'): void {
    const { connection } = pooled
    pooled.leases--
    this.#usualMs += (performance.now() - pooled.leasedAt - this.#usualMs) / 16
    if (outcome === 'broken' && pooled.leases === 0) connection.close()
    if (connection.isClosed) return
    if (pooled.leases > 0) {
      this.#wakeOne()
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
    this.#wakeOne()
  }

  /**
   * A kept connection holds a process of most applications. Where another request has long had a connection that nobody
   * has answered on, it is waiting for just that process, so this connection is given up.
   */
  #keeps(): boolean {
    if (this.#isDisposed || this.#options.maxIdle === 0) return false
    const longAgo = performance.now() - Math.min(longestPatienceMs, leastPatienceMs + 4 * this.#usualMs)
    let idle = 0
    for (const { leases, leasedAt, connection } of this.#pooled) {
      if (leases === 0) idle++
      else if (!connection.hasAnswered && leasedAt < longAgo) return false
    }
    return idle <= this.#options.maxIdle
  }

  #wakeOne(): void {
    for (const wake of this.#waiting) {
      wake()
      return
    }
  }

  #wait(signal: Cancellation, since: number): Promise<void> {
    const { queueTimeoutMs } = this.#options
    return new Promise((resolve, reject) => {
      const settle = (error: FailureError | undefined): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        signal.removeEventListener('abort', onAbort)
        if (this.#isDisposed) reject(new FailureError({ kind: 'shutting-down' }))
        else if (error === undefined) resolve()
        else reject(error)
      }
      const wake = (): void => settle(undefined)
      const onAbort = (): void => settle(new FailureError({ kind: 'client-gone' }))
      const left = Math.max(1, queueTimeoutMs - (performance.now() - since))
      const late = new FailureError({ kind: 'queue-timed-out', afterMs: queueTimeoutMs })
      const timer = queueTimeoutMs === 0 ? undefined : setTimeout(() => settle(late), left)
      this.#waiting.add(wake)
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) onAbort()
    })
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

/** A library such as libfcgi says 1 for its own process, however many processes listen; so 1 is no limit here. */
function readAbilities(values: ReadonlyMap<string, string>): Abilities {
  const connections = Number(values.get('FCGI_MAX_CONNS') ?? Number.NaN)
  return {
    maxConnections: Number.isInteger(connections) && connections > 1 ? connections : Number.POSITIVE_INFINITY,
    canShare: values.get('FCGI_MPXS_CONNS') === '1',
  }
}
