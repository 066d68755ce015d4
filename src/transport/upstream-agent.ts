// Connections to an HTTP upstream for node:http: made within a time, kept for later requests, closed when idle.

import { Agent } from 'node:http'
import type { Duplex } from 'node:stream'
import { connect } from './connect.ts'
import { PatientSocket } from './patient-socket.ts'
import type { UpstreamAddress } from './upstream-address.ts'

export interface UpstreamAgentOptions {
  readonly address: UpstreamAddress
  readonly connectTimeoutMs: number
  /** Idle connections that are kept; 0: none is. */
  readonly maxIdle: number
  readonly idleTimeoutMs: number
}

/** A request's `error` is a FailureError where there is no connection. */
export class UpstreamAgent extends Agent implements AsyncDisposable {
  readonly #options: UpstreamAgentOptions
  readonly #disposal = new AbortController()

  constructor(options: UpstreamAgentOptions) {
    const { maxIdle, idleTimeoutMs } = options
    super(
      maxIdle === 0
        ? { keepAlive: false }
        : { keepAlive: true, maxFreeSockets: maxIdle, timeout: idleTimeoutMs, scheduling: 'lifo' },
    )
    this.#options = options
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | undefined {
    void this.#connect(callback ?? (() => {}))
    return undefined
  }

  async #connect(callback: (error: Error | null, socket: Duplex) => void): Promise<void> {
    const { address, connectTimeoutMs } = this.#options
    let socket: PatientSocket
    try {
      socket = await connect(address, connectTimeoutMs, this.#disposal.signal)
    } catch (error) {
      // The socket of a failure is looked at by nobody.
      callback(error instanceof Error ? error : new Error(String(error)), new PatientSocket())
      return
    }
    callback(null, socket)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort()
    this.destroy()
  }
}
