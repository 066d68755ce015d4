// `uwsgi`: a destination whose answers come from uWSGI servers.

import { z } from 'zod'
import { UwsgiExecutor } from '../../executors/uwsgi.ts'
import type { DestinationMaker } from '../destinations.ts'
import { checkOptions } from '../options.ts'
import { upstreamFields, upstreamMaker, type UpstreamAddresses, type UpstreamOptions } from '../upstreams.ts'

export interface UwsgiOptions extends UpstreamOptions {
  /** Which of uWSGI's plugins answers: 0 (default) is WSGI, 5 PSGI, 7 Rack, 9 CGI. */
  readonly modifier1?: number
  /** Default 0. */
  readonly modifier2?: number
}

const modifier = z.int().min(0).max(255).optional()

const schema = z.strictObject({ ...upstreamFields, modifier1: modifier, modifier2: modifier })

/**
 * A server that speaks uwsgi, which owns its route. `UWSGI_…` variables, which choose what it runs, come from `env` alone.
 * Throws TypeError for what is no address or no option.
 */
export function uwsgi(address: UpstreamAddresses, options: UwsgiOptions = {}): DestinationMaker {
  checkOptions(schema, options, 'uwsgi()')
  const { modifier1 = 0, modifier2 = 0 } = options
  const modifiers = { modifier1, modifier2 }
  return upstreamMaker(
    'uwsgi',
    address,
    'either',
    options,
    (parsed, { connectTimeout }) => new UwsgiExecutor({ address: parsed, connectTimeoutMs: connectTimeout, modifiers }),
  )
}
