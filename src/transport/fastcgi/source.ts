// What a FastCGI executor needs of whoever has connections: an upstream's pool, or the programs that we start.

import type { Cancellation } from '../../events/cancellation.ts'
import type { FastCgiConnection } from './connection.ts'

/** The right to send one request over a connection. */
export interface FastCgiLease {
  readonly connection: FastCgiConnection
  /** Other requests are under way on it, or may be. */
  readonly isShared: boolean
  /** It has carried a request before, so that its other end may be closing it this very moment. */
  readonly isReused: boolean
  /** To be called once. `whole`: the request ended in order. */
  release(outcome: 'whole' | 'broken'): void
}

export interface FastCgiSource extends AsyncDisposable {
  /** For the log and for failures: `unix:/run/php.sock`. */
  readonly name: string
  /** Throws FailureError: nothing has been sent then. `alone`: on a connection that no other request shares. */
  lease(signal: Cancellation, alone: boolean): Promise<FastCgiLease>
  /** FastCGI 5.5, FCGI_CANT_MPX_CONN: no connection is shared from now on. */
  cannotMultiplex(): void
}
