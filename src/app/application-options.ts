// From the options of `serve` to those of an application, which every start shares.

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

export function originOf({
  serverName,
  allowedHosts,
  trustedProxies = [],
}: ServeOptions): ApplicationOptions['origin'] {
  const own = serverName === undefined ? [] : [serverName]
  return {
    serverName,
    allowedHosts: new AllowedHosts({ names: allowedHosts, own, development: false }),
    trustedProxies: new TrustedProxies(trustedProxies),
  }
}
