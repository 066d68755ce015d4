// What `fastcgi`, `scgi`, `uwsgi` and `proxy` (the folder beside) share: from options to destinations whose answers come
// from an upstream, or from several that answer alike.

import type { z } from 'zod'
import { byteStringOfText } from '../bytes/byte-string.ts'
import type { Executor } from '../executors/executor.ts'
import { UpstreamsExecutor } from '../executors/upstreams.ts'
import type { AnswerForm, Destination } from '../gateway/destination.ts'
import type { ScriptDestinationOptions } from '../gateway/site-destination.ts'
import { UpstreamDestination } from '../gateway/upstream-destination.ts'
import { parseUpstreamAddress, showUpstreamAddress, type UpstreamAddress } from '../transport/upstream-address.ts'
import type { DestinationMaker } from './destinations.ts'
import { limited } from './executors.ts'
import { pickLimits, readLimits, type LimitValues, type UpstreamLimitOptions } from './limits.ts'
import { limitFields, policyFields, type PolicyOptions } from './options.ts'
import { policyOf } from './script-policy.ts'

/** What all upstreams share. */
export interface UpstreamOptions extends UpstreamLimitOptions, PolicyOptions {}

export const upstreamFields: Readonly<Record<string, z.ZodType>> = {
  ...limitFields('script', 'upstream'),
  ...policyFields,
}

/** `unix:/path` or `HOST:PORT`; of several, each answers for all. */
export type UpstreamAddresses = string | readonly string[]

/** The destination of scripts that go to the upstream, where it is not the upstream alone. */
export type DestinationOf = (scripts: ScriptDestinationOptions) => Destination

/** `make` is called for each address. */
export function upstreamMaker(
  kind: string,
  addresses: UpstreamAddresses,
  answers: AnswerForm,
  options: UpstreamOptions,
  make: (address: UpstreamAddress, values: LimitValues) => Executor,
  to?: DestinationOf,
): DestinationMaker {
  const list = typeof addresses === 'string' ? [addresses] : addresses
  if (list.length === 0) throw new TypeError(`${kind}: there must be at least one address`)
  const parsed = list.map(parseUpstreamAddress)
  return ({ limits, observe }) => {
    const values = readLimits({ ...limits, ...pickLimits(options, 'script', 'upstream') })
    const members = parsed.map((address) => ({ name: showUpstreamAddress(address), executor: make(address, values) }))
    const [only] = members
    const executor =
      only !== undefined && members.length === 1 ? only.executor : new UpstreamsExecutor(members, { observe })
    const scripts: ScriptDestinationOptions = {
      executor: limited(executor, values),
      encodedSlashes: options.encodedSlashes ?? 'decode',
      policy: policyOf(options, { searchWords: false, passAuthorization: true }),
    }
    return to?.(scripts) ?? new UpstreamDestination(byteStringOfText(`${kind}:${list.join(',')}`), answers, scripts)
  }
}
