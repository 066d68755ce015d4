// Whether a request may be sent a second time, after a kept connection proved to be closed.

import { SpooledFile } from '../transport/spool.ts'
import type { GatewayRequest } from './executor.ts'

/** RFC 9110 9.2.1: whoever has seen it already does not mind seeing it again. */
export function isSafe({ variables }: GatewayRequest): boolean {
  return /^(?:GET|HEAD|OPTIONS)$/.test(variables.get('REQUEST_METHOD') ?? '')
}

/** A body on its way can be read once. */
export function hasBodyAgain({ body }: GatewayRequest): boolean {
  return body instanceof Uint8Array || body instanceof SpooledFile
}
