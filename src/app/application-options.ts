// From the options of `serve` to those of an application, which every start shares.

import { pickLimits, readLimits, type LimitValues } from '../config/limits.ts'
import { AllowedHosts } from '../gateway/allowed-hosts.ts'
import { TrustedProxies } from '../gateway/origin.ts'
import type { Callee } from './call.ts'
import type { ApplicationOptions } from './application.ts'
import type { Target } from './handler.ts'
import type { ServeOptions } from './serve-options.ts'

/** A listener needs node:http, a fetch function the platform's streams. */
export async function calleeOf(target: Target): Promise<Callee> {
  if (target.kind === 'fetch') {
    const { FetchCallee } = await import('./fetch-callee.ts')
    return new FetchCallee(target.answer)
  }
  const { ListenerCallee } = await import('./listener-callee.ts')
  await target.ready()
  return new ListenerCallee(target.listener)
}

export interface Settings {
  readonly limits: LimitValues
  readonly origin: ApplicationOptions['origin']
}

/** Throws TypeError for a value that cannot be. */
export function readSettings(options: ServeOptions): Settings {
  const { serverName, allowedHosts, trustedProxies = [] } = options
  const own = serverName === undefined ? [] : [serverName]
  const origin = {
    serverName,
    allowedHosts: new AllowedHosts({ names: allowedHosts, own, development: false }),
    trustedProxies: new TrustedProxies(trustedProxies),
  }
  return { limits: readLimits(pickLimits(options)), origin }
}
