// What a FastCGI executor needs of whoever has connections: an upstream's pool, or the programs that we start.

import type { Cancellation } from '../../events/cancellation.ts'
import type { Ending } from '../../events/events.ts'
import type { GatewayFailure } from '../../events/failures.ts'
import type { FastCgiConnection } from './connection.ts'

/** What the parent of an application's process knows of it. */
export interface ServingProcess {
  /** Told what it writes to descriptors 1 and 2 while it serves the request. */
  onWords: (chunk: Uint8Array) => void
  /**
   * Its connection has closed: how it ended, once that and its last words are known; undefined where it goes on.
   * `isUntaken`: there were bytes that it had not read.
   */
  ended(isUntaken: boolean): Promise<ProcessEnd | undefined>
}

export interface ProcessEnd {
  readonly ending: Ending
  /** It ended before it took its first request: why. */
  readonly startFailure: GatewayFailure | undefined
}

/** The right to send one request over a connection. */
export interface FastCgiLease {
  readonly connection: FastCgiConnection
  /** Other requests are under way on it, or may be. */
  readonly isShared: boolean
  /** It has carried a request before, so that its other end may be closing it this very moment. */
  readonly isReused: boolean
  /** Where we have started it ourselves. */
  readonly process?: ServingProcess
  /** To be called once. */
  release(outcome: LeaseOutcome): void
}

/**
 * `whole`: the request ended in order; `closed`: it did, but its connection is of no more use; `unused`: nothing was sent.
 */
export type LeaseOutcome = 'whole' | 'closed' | 'broken' | 'unused'

export interface FastCgiSource extends AsyncDisposable {
  /** For the log and for failures: `unix:/run/php.sock`. */
  readonly name: string
  /** Throws FailureError: nothing has been sent then. `alone`: on a connection that no other request shares. */
  lease(signal: Cancellation, alone: boolean): Promise<FastCgiLease>
  /** FastCGI 5.5, FCGI_CANT_MPX_CONN: no connection is shared from now on. */
  cannotMultiplex(): void
}
