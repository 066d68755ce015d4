// `scgi`: a destination whose answers come from SCGI servers.

import { z } from 'zod'
import { ScgiExecutor } from '../../executors/scgi.ts'
import type { DestinationMaker } from '../destinations.ts'
import { checkOptions } from '../options.ts'
import { upstreamFields, upstreamMaker, type UpstreamAddresses, type UpstreamOptions } from '../upstreams.ts'

const schema = z.strictObject(upstreamFields)

/** An SCGI server, which owns its route. Throws TypeError for what is no address or no option. */
export function scgi(address: UpstreamAddresses, options: UpstreamOptions = {}): DestinationMaker {
  checkOptions(schema, options, 'scgi()')
  return upstreamMaker(
    'scgi',
    address,
    'either',
    options,
    (parsed, { connectTimeout }) => new ScgiExecutor({ address: parsed, connectTimeoutMs: connectTimeout }),
  )
}
