// `proxy`: a destination whose answers come from HTTP servers.

import { z } from 'zod'
import { HttpExecutor } from '../../executors/http.ts'
import { readAuthority } from '../../protocol/http/request-target.ts'
import type { DestinationMaker } from '../destinations.ts'
import { checkOptions } from '../options.ts'
import { upstreamFields, upstreamMaker, type UpstreamAddresses, type UpstreamOptions } from '../upstreams.ts'

export interface ProxyOptions extends UpstreamOptions {
  /** What Host says: `client` (default), what the client said; `upstream`, its address; or a name. */
  readonly host?: string
  /** The upstream is asked for the path without the route's prefix, and told it in X-Forwarded-Prefix. Default false. */
  readonly stripPrefix?: boolean
  /**
   * X-Forwarded-For is the client's address alone, or is put behind what came with the request. Default `replace`, because
   * everybody can send the field; `append` only behind a proxy that writes it.
   */
  readonly forwardedFor?: 'replace' | 'append'
}

const schema = z.strictObject({
  ...upstreamFields,
  host: z
    .string()
    .refine((text) => text !== '' && readAuthority(text) !== undefined, 'is `client`, `upstream` or a host name')
    .optional(),
  stripPrefix: z.boolean().optional(),
  forwardedFor: z.enum(['replace', 'append']).optional(),
})

/** An HTTP server, which owns its route. Throws TypeError for what is no address or no option. */
export function proxy(address: UpstreamAddresses, options: ProxyOptions = {}): DestinationMaker {
  checkOptions(schema, options, 'proxy()')
  const { host = 'client', stripPrefix = false, forwardedFor = 'replace' } = options
  // An HTTP server may leave the type of a body open; `plain` says then what is safe.
  const shared: UpstreamOptions = { untyped: 'plain', ...options }
  return upstreamMaker(
    'http',
    address,
    'cgi',
    shared,
    (parsed, values) =>
      new HttpExecutor({
        address: parsed,
        connectTimeoutMs: values.connectTimeout,
        maxIdle: values.maxIdleConnections,
        idleTimeoutMs: values.idleConnectionTimeout,
        host: host === 'client' || host === 'upstream' ? host : { name: host },
        stripPrefix,
        forwardedFor,
        maxHeadBytes: values.maxResponseHead,
      }),
  )
}
