// How many bytes of body an answer says it has.

import type { GatewayAnswer } from '../gateway/request-facts.ts'
import { firstValue } from '../protocol/http/fields.ts'

/** RFC 9112 6.3: with them its client has all. Undefined: only the body's end says so. */
export function announcedLength({ fields }: Pick<GatewayAnswer, 'fields'>): number | undefined {
  const value = firstValue(fields, 'content-length')
  return value === undefined ? undefined : Number(value)
}
