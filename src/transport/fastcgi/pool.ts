// The connections to one FastCGI upstream: kept where the application lets us, shared where it can and the route asks for
// it, and never more than it says it takes.

import type { Cancellation } from '../../events/cancellation.ts'
import { FailureError, type GatewayFailure } from '../../events/failures.ts'
import { connect } from '../connect.ts'
import type { PatientSocket } from '../patient-socket.ts'
import { showUpstreamAddress, type UpstreamAddress } from '../upstream-address.ts'
import { FastCgiConnection } from './connection.ts'
import type { FastCgiLease, FastCgiSource, LeaseOutcome } from './source.ts'

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

/** How long a request may wait on a new connection before somebody else's is given up for it: see `#longWaiting`. */
const leastPatienceMs = 25
const longestPatienceMs = 1000

/** FastCGI 4.1: what an application says of itself. */
interface Abilities {
  readonly maxConnections: number
  readonly maxRequests: number
  readonly canShare: boolean
}

const unknownAbilities: Abilities = {
  maxConnections: Number.POSITIVE_INFINITY,
  maxRequests: Number.POSITIVE_INFINITY,
  canShare: false,
}

interface Pooled {
  readonly connection: FastCgiConnection
  leases: number
  requests: number
  /** When its latest lease began. */
  leasedAt: number
  idleTimer: NodeJS.Timeout | undefined
}

/** A lease at once, one that is being connected, or undefined: not now. */
type Attempt = FastCgiLease | Promise<FastCgiLease> | undefined

interface Waiting {
  /** Whether it waits no more. */
  try(): boolean
  fail(failure: GatewayFailure): void
}

export class FastCgiPool implements FastCgiSource {
  readonly name: string
  readonly #options: FastCgiPoolOptions
  /** The one used last is at the end; the others grow old. */
  readonly #pooled = new Set<Pooled>()
  /** First come, first served. */
  readonly #waiting = new Set<Waiting>()
  readonly #disposal = new AbortController()
  #connecting = 0
  /** How long a request takes of late. */
  #usualMs = 0
  #yieldTimer: NodeJS.Timeout | undefined
  #abilities: Abilities = unknownAbilities
  #asked: Promise<void> | undefined

  constructor(options: FastCgiPoolOptions) {
    this.#options = options
    this.name = showUpstreamAddress(options.address)
  }

  async lease(signal: Cancellation, alone: boolean): Promise<FastCgiLease> {
    this.#asked ??= this.#ask()
    // A request that may share its connection waits for the word that it can.
    if (this.#options.maxShared > 1) await whileWanted(this.#asked, signal)
    if (this.#isDisposed) throw new FailureError({ kind: 'shutting-down' })
    const attempt = this.#waiting.size > 0 ? undefined : this.#attempt(signal, alone)
    return attempt ?? this.#wait(signal, alone)
  }

  cannotMultiplex(): void {
    this.#abilities = { ...this.#abilities, canShare: false }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort()
    clearTimeout(this.#yieldTimer)
    for (const waiting of this.#waiting) waiting.fail({ kind: 'shutting-down' })
    for (const { connection } of this.#pooled) connection.close()
  }

  get #isDisposed(): boolean {
    return this.#disposal.signal.aborted
  }

  /** `alone` is the second attempt of a request whose connection was of no use: rather a fresh one. */
  #attempt(signal: Cancellation, alone: boolean): Attempt {
    const { maxConnections, maxRequests } = this.#abilities
    let requests = this.#connecting
    for (const { leases } of this.#pooled) requests += leases
    if (requests >= maxRequests) return undefined
    const mayOpen = this.#pooled.size + this.#connecting < maxConnections
    if (alone && mayOpen) return this.#open(signal)
    const pooled = this.#idle() ?? (alone ? undefined : this.#shareable())
    if (pooled !== undefined) return this.#lend(pooled)
    return mayOpen ? this.#open(signal) : undefined
  }

  #idle(): Pooled | undefined {
    let latest: Pooled | undefined
    for (const pooled of this.#pooled) if (pooled.leases === 0 && !pooled.connection.isRetired) latest = pooled
    return latest
  }

  #shareable(): Pooled | undefined {
    if (!this.#abilities.canShare) return undefined
    for (const pooled of this.#pooled) {
      if (pooled.connection.underWay < this.#options.maxShared && !pooled.connection.isRetired) return pooled
    }
    return undefined
  }

  /** Lent before anybody else can see it. */
  async #open(signal: Cancellation): Promise<FastCgiLease> {
    const { address, connectTimeoutMs } = this.#options
    this.#connecting++
    let socket: PatientSocket
    try {
      socket = await connect(address, connectTimeoutMs, signal, this.#disposal.signal)
    } catch (error) {
      this.#connecting--
      this.#serveWaiting()
      throw this.#isDisposed ? new FailureError({ kind: 'shutting-down' }) : error
    }
    this.#connecting--
    const connection = new FastCgiConnection(socket, this.name)
    if (this.#isDisposed) {
      connection.close()
      throw new FailureError({ kind: 'shutting-down' })
    }
    const pooled: Pooled = { connection, leases: 0, requests: 0, leasedAt: 0, idleTimer: undefined }
    this.#pooled.add(pooled)
    connection.onClose = () => {
      this.#pooled.delete(pooled)
      clearTimeout(pooled.idleTimer)
      this.#serveWaiting()
    }
    const lease = this.#lend(pooled)
    this.#watchWaiting()
    return lease
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

  #release(pooled: Pooled, outcome: LeaseOutcome): void {
    const { connection } = pooled
    pooled.leases--
    if (outcome !== 'unused') this.#usualMs += (performance.now() - pooled.leasedAt - this.#usualMs) / 16
    // Others on it may have their answers.
    if (outcome === 'closed' || outcome === 'broken') connection.retire()
    if (connection.isClosed) return
    if (pooled.leases === 0) {
      if (!this.#keeps() && this.#waiting.size === 0) {
        connection.close()
        return
      }
      this.#keep(pooled)
    }
    this.#serveWaiting()
    this.#watchWaiting()
  }

  #keep(pooled: Pooled): void {
    const { connection } = pooled
    connection.keepsProcessAlive = false
    // To the end: it is the one used last.
    this.#pooled.delete(pooled)
    this.#pooled.add(pooled)
    const { idleTimeoutMs } = this.#options
    if (idleTimeoutMs === 0) return
    pooled.idleTimer = setTimeout(() => connection.close(), idleTimeoutMs)
    pooled.idleTimer.unref()
  }

  /** Whether a connection that is idle now is kept. */
  #keeps(): boolean {
    if (this.#isDisposed || this.#options.maxIdle === 0 || this.#longWaiting() > 0) return false
    let idle = 0
    for (const { leases } of this.#pooled) if (leases === 0) idle++
    return idle <= this.#options.maxIdle
  }

  /**
   * A kept connection holds a process of most applications. A request that has long had a connection that nobody has
   * answered on is waiting for just such a process, and one idle connection is given up for each of them.
   */
  #longWaiting(): number {
    const longAgo = performance.now() - this.#patienceMs()
    let count = 0
    for (const pooled of this.#pooled) if (isUnanswered(pooled) && pooled.leasedAt <= longAgo) count++
    return count
  }

  #patienceMs(): number {
    return Math.min(longestPatienceMs, leastPatienceMs + 4 * this.#usualMs)
  }

  /** Looks again later while there are both, for nothing else may happen until the request is given up. */
  #watchWaiting(): void {
    if (this.#yieldTimer !== undefined || this.#isDisposed) return
    const all = [...this.#pooled]
    if (!all.some(isUnanswered) || !all.some(({ leases }) => leases === 0)) return
    this.#yieldTimer = setTimeout(() => {
      this.#yieldTimer = undefined
      const idle = [...this.#pooled].filter(({ leases }) => leases === 0)
      for (const { connection } of idle.slice(0, this.#longWaiting())) connection.close()
      this.#watchWaiting()
    }, this.#patienceMs() + 1)
    this.#yieldTimer.unref()
  }

  #serveWaiting(): void {
    for (const waiting of this.#waiting) if (!waiting.try()) return
  }

  #wait(signal: Cancellation, alone: boolean): Promise<FastCgiLease> {
    const { queueTimeoutMs } = this.#options
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(waiting)
        signal.removeEventListener('abort', onAbort)
      }
      const waiting: Waiting = {
        try: () => {
          const attempt = this.#attempt(signal, alone)
          if (attempt === undefined) return false
          leave()
          resolve(attempt)
          return true
        },
        fail: (failure) => {
          leave()
          reject(new FailureError(failure))
        },
      }
      const onAbort = (): void => waiting.fail({ kind: 'client-gone' })
      const late = (): void => waiting.fail({ kind: 'queue-timed-out', afterMs: queueTimeoutMs })
      const timer = queueTimeoutMs === 0 ? undefined : setTimeout(late, queueTimeoutMs)
      this.#waiting.add(waiting)
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) onAbort()
    })
  }

  /**
   * Once, on a connection of its own, because php-cgi and php-fpm close after their answer. Whatever fails, fails silently:
   * the first request will tell. Where nobody was there to be asked, it is asked again.
   */
  async #ask(): Promise<void> {
    const { address, connectTimeoutMs } = this.#options
    const { signal } = this.#disposal
    let socket: PatientSocket
    try {
      socket = await connect(address, connectTimeoutMs, signal)
    } catch {
      this.#asked = undefined
      return
    }
    const connection = new FastCgiConnection(socket, this.name)
    connection.keepsProcessAlive = false
    const close = (): void => connection.close()
    const late = setTimeout(close, valuesMs)
    late.unref()
    signal.addEventListener('abort', close, { once: true })
    const values = await connection.getValues()
    signal.removeEventListener('abort', close)
    clearTimeout(late)
    connection.close()
    if (values !== undefined) this.#abilities = readAbilities(values)
  }
}

/** Throws FailureError where whoever waits has gone. */
function whileWanted(promise: Promise<void>, signal: Cancellation): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new FailureError({ kind: 'client-gone' }))
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
    void promise.then(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
  })
}

function isUnanswered({ leases, connection }: Pooled): boolean {
  return leases > 0 && !connection.hasAnswered
}

function readAbilities(values: ReadonlyMap<string, string>): Abilities {
  return {
    maxConnections: readBound(values.get('FCGI_MAX_CONNS')),
    maxRequests: readBound(values.get('FCGI_MAX_REQS')),
    canShare: values.get('FCGI_MPXS_CONNS') === '1',
  }
}

/** A library such as libfcgi says 1 for its own process, however many processes listen; so 1 is no bound here. */
function readBound(text: string | undefined): number {
  return text !== undefined && text !== '1' && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
}
