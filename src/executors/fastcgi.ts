// The fastcgi executor: a request to a FastCGI application (FastCGI 5, 6), an upstream's or one that we have started. The
// body goes out while the answer comes in; what the protocol's statuses mean is decided here.

import type { ByteString } from '../bytes/byte-string.ts'
import type { Ending } from '../events/events.ts'
import { FailureError, failureOf, type GatewayFailure } from '../events/failures.ts'
import { protocolStatuses, type EndRequest, type RoleName } from '../protocol/fastcgi/messages.ts'
import { ByteQueue } from '../transport/byte-queue.ts'
import type { FastCgiLease, FastCgiSource, ServingProcess } from '../transport/fastcgi/source.ts'
import type { Cancellation, Executor, FilterData, GatewayRequest, Started } from './executor.ts'
import { hasBodyAgain, isSafe } from './repeat.ts'

export interface FastCgiExecutorOptions {
  readonly source: FastCgiSource
  /** FastCGI 6. An authorizer gets no body (6.3). */
  readonly role: RoleName
  /**
   * FCGI_KEEP_CONN. Security: never after a request with a body: what its application has not read of it would be read as
   * the next request's records (libfcgi and all that is made of it), and they could be forged.
   */
  readonly keepsConnections: boolean
}

/** Output that nobody has taken; past it the connection is paused. */
const heldBytes = 256 * 1024
/** How often a request is sent again whose process has ended. Only what may be seen twice (repeat.ts). */
const mostRepeats = 3

export class FastCgiExecutor implements Executor {
  readonly #options: FastCgiExecutorOptions

  constructor(options: FastCgiExecutorOptions) {
    this.#options = options
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    if (signal.aborted) return { kind: 'failed', failure: { kind: 'client-gone' } }
    const exchange = new Exchange(request, signal, this.#options)
    const failure = await exchange.start()
    if (failure !== undefined) return { kind: 'failed', failure }
    const { output, diagnostics, ending } = exchange
    const end = (): void => exchange.abort()
    return {
      kind: 'running',
      running: { pid: undefined, isWarm: false, output, diagnostics, leaving: ending, ending, end },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.source[Symbol.asyncDispose]()
  }
}

const none = { abort: (): void => {}, release: (): void => {} }

/** One request, on one connection, or where that one proved stale or not to be shared, on a second. */
class Exchange {
  readonly output = new ByteQueue()
  readonly diagnostics = new ByteQueue()
  readonly ending: Promise<Ending>
  readonly #request: GatewayRequest
  readonly #signal: Cancellation
  readonly #options: FastCgiExecutorOptions
  readonly #onAbort = (): void => this.abort()
  #resolveEnding: (ending: Ending) => void = () => {}
  /** Security: the request's own, and no longer than it lasts: its id is the next one's on a kept connection. */
  #connection: { abort(): void; release(): void } = none
  #isAborted = false
  #isOver = false
  #repeats = 0
  #bytes = 0

  constructor(request: GatewayRequest, signal: Cancellation, options: FastCgiExecutorOptions) {
    this.#request = request
    this.#signal = signal
    this.#options = options
    this.ending = new Promise((resolve) => {
      this.#resolveEnding = resolve
    })
    const onTaken = (): void => {
      if (!this.#holdsTooMuch()) this.#connection.release()
    }
    this.output.onTaken = onTaken
    this.diagnostics.onTaken = onTaken
    this.output.onLeft = () => this.abort()
  }

  /** Undefined: the request has been sent, or is being sent. */
  async start(): Promise<GatewayFailure | undefined> {
    try {
      const lease = await this.#options.source.lease(this.#signal, false)
      if (this.#signal.aborted) {
        lease.release('unused')
        return { kind: 'client-gone' }
      }
      this.#begin(lease)
      this.#signal.addEventListener('abort', this.#onAbort, { once: true })
      return undefined
    } catch (error) {
      return failureOf(error)
    }
  }

  abort(): void {
    this.#isAborted = true
    this.#connection.abort()
    // Whoever still reads must not take the beginning for the whole.
    this.output.end(new FailureError(this.#cutShort()))
  }

  #holdsTooMuch(): boolean {
    return this.output.bytes > heldBytes || this.diagnostics.bytes > heldBytes
  }

  #begin(lease: FastCgiLease): void {
    const { role, keepsConnections } = this.#options
    const { body, bodyLength, part } = this.#request
    const keepsConnection = keepsConnections && bodyLength === 0 && part === undefined
    const data = part?.role === 'filter' ? part.data : undefined
    const variables = data === undefined ? this.#request.variables : withData(this.#request.variables, data)
    const { connection, process } = lease
    if (process !== undefined) process.onWords = (chunk) => this.diagnostics.push(chunk)
    const id = connection.begin(
      { role, variables, body, data: data?.body, keepsConnection },
      {
        stdout: (content) => {
          this.#bytes += content.length
          this.output.push(content)
          if (this.#holdsTooMuch()) connection.hold(id)
        },
        stderr: (content) => {
          this.diagnostics.push(content)
          if (this.#holdsTooMuch()) connection.hold(id)
        },
        end: (end, isWhole) => {
          this.#connection = none
          const settle = (): void => {
            lease.release(isWhole && keepsConnection ? 'whole' : 'closed')
            this.#ended(end)
          }
          // What it wrote to standard error before this may come by the pipe in the same turn, but later.
          if (process === undefined) settle()
          else setImmediate(settle)
        },
        fail: (failure) => {
          this.#connection = none
          if (process !== undefined && failure.kind === 'upstream-closed' && !this.#isAborted) {
            void this.#lost(failure, lease, process)
            return
          }
          lease.release('broken')
          this.#failed(failure, lease)
        },
      },
    )
    this.#connection = { abort: () => connection.abort(id), release: () => connection.release(id) }
  }

  /** FastCGI 5.5. */
  #ended({ appStatus, protocolStatus }: EndRequest): void {
    const address = this.#options.source.name
    switch (protocolStatus) {
      case protocolStatuses.requestComplete:
        return this.#finish(undefined, appStatus)
      case protocolStatuses.cantMpxConn:
        this.#options.source.cannotMultiplex()
        if (this.#bytes === 0 && this.#canRepeat()) return this.#repeat()
        return this.#finish(faultOf(address, 'it rejects requests on a shared connection (FCGI_CANT_MPX_CONN)'))
      case protocolStatuses.overloaded:
        // After output it is the sender's word that the answer is not whole.
        return this.#finish(this.#bytes > 0 ? this.#cutShort() : { kind: 'overloaded', address })
      case protocolStatuses.unknownRole:
        return this.#finish({ kind: 'unknown-role', address, role: this.#options.role })
      default:
        return this.#finish(faultOf(address, `protocolStatus ${protocolStatus} of FCGI_END_REQUEST`))
    }
  }

  #failed(failure: GatewayFailure, { isReused }: FastCgiLease): void {
    const isClosed = failure.kind === 'upstream-closed'
    if (isClosed && this.#bytes > 0) return this.#finish(this.#cutShort())
    // A kept connection that its other end was closing: nobody has seen the request, or nobody minds seeing it twice.
    if (isClosed && isReused && isSafe(this.#request) && this.#canRepeat()) return this.#repeat()
    this.#finish(failure)
  }

  /** The connection to a process of ours has closed in the middle of a request. */
  async #lost(
    failure: Extract<GatewayFailure, { kind: 'upstream-closed' }>,
    lease: FastCgiLease,
    process: ServingProcess,
  ): Promise<void> {
    // A Unix socket says so when its other end is closed with something in it that nobody has read.
    const isUntaken = this.#bytes === 0 && failure.code !== undefined
    const end = await process.ended(isUntaken)
    const isUnserved = isUntaken && lease.isReused
    lease.release(end === undefined && isUnserved ? 'closed' : 'broken')
    if (end === undefined) {
      if (isUnserved && isSafe(this.#request) && this.#canRepeat(mostRepeats)) return this.#repeat()
      return this.#finish(this.#bytes > 0 ? this.#cutShort() : failure)
    }
    const { exitCode, signal } = end.ending
    if (this.#bytes > 0) return this.#finish(this.#cutShort(signal), exitCode ?? undefined)
    // Status 0 asks to be started again. A request that may be seen twice goes to another process.
    // Security: one that did not read its body may have acted all the same.
    const isRepeatable = isSafe(this.#request) && (exitCode === 0 || isUnserved)
    if (isRepeatable && this.#canRepeat(mostRepeats)) return this.#repeat()
    this.#finish(end.startFailure ?? { kind: 'no-response', exitCode, signal }, exitCode ?? undefined)
  }

  #cutShort(signal: string | null = null): GatewayFailure {
    return { kind: 'body-cut-short', sent: this.#bytes, announced: undefined, signal }
  }

  #canRepeat(most = 1): boolean {
    return this.#repeats < most && !this.#isAborted && hasBodyAgain(this.#request)
  }

  #repeat(): void {
    this.#repeats++
    this.#options.source.lease(this.#signal, true).then(
      (lease) => {
        if (!this.#isAborted) return this.#begin(lease)
        lease.release('unused')
        this.#finish(undefined)
      },
      (error: unknown) => this.#finish(failureOf(error)),
    )
  }

  #finish(failure: GatewayFailure | undefined, appStatus?: number): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#signal.removeEventListener('abort', this.#onAbort)
    this.output.end(failure === undefined ? undefined : new FailureError(failure))
    this.diagnostics.end()
    this.#resolveEnding({
      exitCode: appStatus ?? null,
      signal: appStatus === undefined ? 'unknown' : null,
      cpuMs: undefined,
      maxRssBytes: undefined,
    })
  }
}

/** FastCGI 6.4. */
function withData(
  variables: ReadonlyMap<string, ByteString>,
  { length, lastModified }: FilterData,
): ReadonlyMap<string, ByteString> {
  const told = new Map(variables)
  told.set('FCGI_DATA_LAST_MOD', String(Math.floor(lastModified.getTime() / 1000)))
  told.set('FCGI_DATA_LENGTH', String(length))
  return told
}

function faultOf(address: string, fault: string): GatewayFailure {
  return { kind: 'upstream-fault', address, protocol: 'FastCGI', fault }
}
