// `fastcgi`, and what it shares with `scgi`, `uwsgi` and `proxy` (the folder beside): from options to destinations whose
// answers come from an upstream, or from several that answer alike.

import { z } from 'zod'
import { byteStringOfText } from '../bytes/byte-string.ts'
import { DeadlineExecutor } from '../executors/deadlines.ts'
import type { Executor } from '../executors/executor.ts'
import { FastCgiExecutor } from '../executors/fastcgi.ts'
import { RunningLimitExecutor } from '../executors/running-limit.ts'
import { UpstreamsExecutor } from '../executors/upstreams.ts'
import type { AnswerForm } from '../gateway/destination.ts'
import { UpstreamDestination } from '../gateway/upstream-destination.ts'
import { FastCgiPool } from '../transport/fastcgi/pool.ts'
import { parseUpstreamAddress, showUpstreamAddress, type UpstreamAddress } from '../transport/upstream-address.ts'
import { byteMap, type DestinationMaker } from './destinations.ts'
import { pickLimits, readLimits, type LimitValues, type UpstreamLimitOptions } from './limits.ts'
import { checkOptions, limitFields, policyFields, type PolicyOptions } from './options.ts'

/** What all upstreams share. */
export interface UpstreamOptions extends UpstreamLimitOptions, PolicyOptions {}

export interface FastCgiOptions extends UpstreamOptions {
  /**
   * Requests on one connection at once, where the application says that it can (FCGI_MPXS_CONNS). Default 1. A client
   * that takes its answer slowly holds up the others of its connection.
   */
  readonly multiplex?: number
  /** Whether connections are kept (FCGI_KEEP_CONN). Default `on`. */
  readonly keepConnections?: 'on' | 'off'
}

export const upstreamFields: Readonly<Record<string, z.ZodType>> = {
  ...limitFields('script', 'upstream'),
  ...policyFields,
}

const fastCgiSchema = z.strictObject({
  ...upstreamFields,
  multiplex: z.int().min(1).max(65535).optional(),
  keepConnections: z.enum(['on', 'off']).optional(),
})

/** `unix:/path` or `HOST:PORT`; of several, each answers for all. */
export type UpstreamAddresses = string | readonly string[]

/** A FastCGI application, which owns its route. Throws TypeError for what is no address or no option. */
export function fastcgi(address: UpstreamAddresses, options: FastCgiOptions = {}): DestinationMaker {
  checkOptions(fastCgiSchema, options, 'fastcgi()')
  const { multiplex = 1, keepConnections = 'on' } = options
  return upstreamMaker('fastcgi', address, 'cgi', options, (parsed, values) => {
    const source = new FastCgiPool({
      address: parsed,
      connectTimeoutMs: values.connectTimeout,
      maxIdle: values.maxIdleConnections,
      idleTimeoutMs: values.idleConnectionTimeout,
      maxShared: multiplex,
      queueTimeoutMs: values.queueTimeout,
    })
    return new FastCgiExecutor({ source, role: 'responder', keepsConnections: keepConnections === 'on' })
  })
}

/** `make` is called for each address. */
export function upstreamMaker(
  kind: string,
  addresses: UpstreamAddresses,
  answers: AnswerForm,
  options: UpstreamOptions,
  make: (address: UpstreamAddress, values: LimitValues) => Executor,
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
    return new UpstreamDestination(byteStringOfText(`${kind}:${list.join(',')}`), answers, {
      executor: limited(executor, values),
      encodedSlashes: options.encodedSlashes ?? 'decode',
      policy: {
        searchWords: false,
        passAuthorization: options.passAuthorization ?? true,
        passFields: new Set((options.passFields ?? []).map((name) => name.toLowerCase())),
        untyped: options.untyped ?? 'refuse',
        variables: byteMap(options.env ?? {}),
      },
    })
  }
}

function limited(executor: Executor, values: LimitValues): Executor {
  const timed = new DeadlineExecutor(executor, {
    firstByteMs: values.firstByteTimeout,
    idleMs: values.idleTimeout,
    totalMs: values.totalTimeout,
  })
  const { maxRunning, maxQueue, queueTimeout: queueTimeoutMs } = values
  return new RunningLimitExecutor(timed, { maxRunning, maxQueue, queueTimeoutMs })
}
