// One FastCGI application at an address, as an executor.

import { FastCgiExecutor } from '../executors/fastcgi.ts'
import type { RoleName } from '../protocol/fastcgi/messages.ts'
import { FastCgiPool } from '../transport/fastcgi/pool.ts'
import type { UpstreamAddress } from '../transport/upstream-address.ts'
import type { LimitValues } from './limits.ts'

export interface FastCgiUpstream {
  /** Default `responder`. */
  readonly role?: RoleName
  /** Requests on one connection at once. Default 1. */
  readonly maxShared?: number
  /** Default true. */
  readonly keepsConnections?: boolean
}

export function fastCgiUpstream(
  address: UpstreamAddress,
  values: LimitValues,
  { role = 'responder', maxShared = 1, keepsConnections = true }: FastCgiUpstream = {},
): FastCgiExecutor {
  const source = new FastCgiPool({
    address,
    connectTimeoutMs: values.connectTimeout,
    maxIdle: values.maxIdleConnections,
    idleTimeoutMs: values.idleConnectionTimeout,
    maxShared,
    queueTimeoutMs: values.queueTimeout,
  })
  return new FastCgiExecutor({ source, role, keepsConnections })
}
