// `fastcgi`, `scgi`, `uwsgi`, `proxy`: from options to destinations whose answers come from an upstream.

import { z } from 'zod'
import { byteStringOfText } from '../bytes/byte-string.ts'
import type { Executor } from '../executors/executor.ts'
import { FastCgiExecutor } from '../executors/fastcgi.ts'
import type { AnswerForm } from '../gateway/destination.ts'
import { UpstreamDestination } from '../gateway/upstream-destination.ts'
import { FastCgiPool } from '../transport/fastcgi/pool.ts'
import { parseUpstreamAddress, type UpstreamAddress } from '../transport/upstream-address.ts'
import type { DestinationMaker } from './destinations.ts'
import { byteMap, limited } from './executors.ts'
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

const upstreamFields = { ...limitFields('script', 'upstream'), ...policyFields }

const fastCgiSchema = z.strictObject({
  ...upstreamFields,
  multiplex: z.int().min(1).max(65535).optional(),
  keepConnections: z.enum(['on', 'off']).optional(),
})

/**
 * A FastCGI application at `unix:/path` or `HOST:PORT`, which owns its route. Throws TypeError for what is no address or
 * no option.
 */
export function fastcgi(address: string, options: FastCgiOptions = {}): DestinationMaker {
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

function upstreamMaker(
  kind: string,
  address: string,
  answers: AnswerForm,
  options: UpstreamOptions,
  make: (address: UpstreamAddress, values: LimitValues) => Executor,
): DestinationMaker {
  const parsed = parseUpstreamAddress(address)
  return ({ limits }) => {
    const values = readLimits({ ...limits, ...pickLimits(options, 'script', 'upstream') })
    return new UpstreamDestination(byteStringOfText(`${kind}:${address}`), answers, {
      executor: limited(make(parsed, values), values),
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
