// What node:http's parser lets through and RFC 9112 does not. Security: request smuggling (CVE-2022-32213 and kin,
// CVE-2024-1135, CVE-2022-24761): a request that two servers could read differently is read by neither.

import type { IncomingMessage } from 'node:http'

/** The status that the request deserves before anybody looks at it, or undefined. */
export function strictFault(request: IncomingMessage, maxFields: number): 400 | 417 | 431 | 501 | 505 | undefined {
  const { rawHeaders } = request
  if (rawHeaders.length > 2 * maxFields) return 431
  if (request.httpVersion !== '1.1' && request.httpVersion !== '1.0') return 505
  let lengths = 0
  let types = 0
  let coding: string | undefined
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    if (name === 'content-length') {
      // RFC 9112 6.3: one number; "+5", "5, 5" and "0x5" are none.
      lengths++
      if (!/^\d{1,15}$/.test(value)) return 400
    } else if (name === 'transfer-encoding') {
      if (coding !== undefined) return 400
      coding = value
    } else if (name === 'content-type') {
      types++
    }
  }
  if (lengths > 1 || types > 1) return 400
  if (coding !== undefined) {
    if (lengths > 0 || request.httpVersion === '1.0') return 400
    // RFC 9112 6.1, 6.3: a coding that is not understood is 501, one whose end nobody can find 400.
    if (!/^chunked$/i.test(coding)) return /,[\t ]*chunked$/i.test(coding) ? 501 : 400
  }
  // RFC 9110 10.1.1; in HTTP/1.0 an expectation means nothing.
  const { expect } = request.headers
  if (expect !== undefined && request.httpVersion === '1.1' && !/^100-continue$/i.test(expect)) return 417
  return undefined
}
