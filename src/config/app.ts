// `app`: from a function of the embedding program to a destination.

import { z } from 'zod'
import { byteStringOfText } from '../bytes/byte-string.ts'
import { FunctionExecutor, type FunctionHandler, type FunctionParts } from '../executors/function.ts'
import { partsOf } from '../executors/function-parts.ts'
import { UpstreamDestination } from '../gateway/upstream-destination.ts'
import type { DestinationMaker } from './destinations.ts'
import { limited } from './executors.ts'
import { policyOf } from './script-policy.ts'
import { pickLimits, readLimits, type FunctionLimitOptions } from './limits.ts'
import { checkOptions, limitFields, policyFields, type PolicyOptions } from './options.ts'

/**
 * `authorize` and `filter` are asked where a web server wants FastCGI's other parts played (docs/guides/authorizers.md).
 */
export interface AppOptions extends FunctionLimitOptions, PolicyOptions, FunctionParts {}

const appSchema = z.strictObject({
  ...limitFields('script'),
  ...policyFields,
  authorize: z.function().optional(),
  filter: z.function().optional(),
})

/**
 * A function that answers all of a route. It runs in this process: work that does not wait holds up everything, and a
 * limit of time ends the request but cannot stop the function, which is told by its signal.
 */
export function app(handler: FunctionHandler, options: AppOptions = {}): DestinationMaker {
  if (typeof handler !== 'function') throw new TypeError(`app(): the handler is a function, not ${typeof handler}`)
  checkOptions(appSchema, options, 'app()')
  const name = handler.name === '' ? 'app' : handler.name
  return ({ limits }) => {
    const values = readLimits({ ...limits, ...pickLimits(options, 'script') })
    return new UpstreamDestination(byteStringOfText(name), 'cgi', {
      executor: limited(new FunctionExecutor(handler, options), values),
      encodedSlashes: options.encodedSlashes ?? 'decode',
      policy: policyOf(options, { searchWords: false, passAuthorization: true }),
      parts: partsOf(options),
    })
  }
}
