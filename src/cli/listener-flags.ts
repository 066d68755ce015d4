// Flags of the side that listens, which `serve` and `bridge` share, as the library's options.

import type { AccessLogFormat } from '../observers/access-log.ts'

/** As commander gives them; only those that were given. */
export interface ListenerFlags {
  readonly socketMode?: string
  readonly socketOwner?: string
  readonly allowPeer?: readonly string[]
  readonly passVariable?: readonly string[]
  readonly dev?: boolean
  readonly prod?: boolean
  readonly accessLog?: 'off' | AccessLogFormat
  readonly serverName?: string
  readonly allowedHosts?: readonly string[]
  readonly trustedProxy?: readonly string[]
}

export function socketOptions({ socketMode, socketOwner, allowPeer, passVariable }: ListenerFlags): object {
  return given({ socketMode, socketOwner, allowPeers: allowPeer, passVariables: passVariable })
}

export function nameOptions({ serverName, allowedHosts, trustedProxy }: ListenerFlags): object {
  return given({ serverName, allowedHosts, trustedProxies: trustedProxy })
}

/** Without those that were not given. The schemas behind the library check every one of them. */
export function given(options: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
