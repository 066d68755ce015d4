// The answer to a request that never became one, because its variables say nothing that could be answered.

import { bytesOf } from '../bytes/byte-string.ts'
import type { GatewayAnswer } from '../gateway/request-facts.ts'

/** `why` is for the people who set up the web server in front; a client's own words never stand in it unquoted. */
export function refusalAnswer(status: number, why: string): GatewayAnswer {
  const body = bytesOf(`${why.replaceAll(/[^\x20-\x7e]/g, '?')}\n`)
  return {
    status,
    reason: undefined,
    fields: [
      ['Content-Type', 'text/plain'],
      ['X-Content-Type-Options', 'nosniff'],
      ['Content-Length', String(body.length)],
    ],
    body,
    delivered: () => {},
  }
}
