// RFC 9209, Proxy-Status: what went wrong between the gateway and the script, for machines. No I/O.

import type { GatewayFailure } from '../../events/failures.ts'

/** RFC 9209 2.3: the registered error type of each failure; undefined where the client is not to be told one. */
export function proxyErrorType(failure: GatewayFailure): string | undefined {
  switch (failure.kind) {
    case 'cannot-start':
      return 'destination_unavailable'
    case 'interpreter-missing':
      return 'destination_unavailable'
    case 'application-not-loaded':
      return 'destination_unavailable'
    case 'application-raised':
      return 'http_response_incomplete'
    case 'worker-ended':
      return 'http_response_incomplete'
    case 'out-of-resources':
      return 'destination_unavailable'
    case 'no-response':
      return 'http_response_incomplete'
    case 'bad-head':
      return failure.fault === 'too-large' ? 'http_response_header_section_size' : 'http_protocol_error'
    case 'body-cut-short':
      return 'http_response_incomplete'
    case 'timed-out':
      return failure.phase === 'connect' ? 'connection_timeout' : 'http_response_timeout'
    case 'queue-full':
      return 'connection_limit_reached'
    case 'queue-timed-out':
      return 'connection_limit_reached'
    case 'unreachable':
      return failure.code === 'ECONNREFUSED' ? 'connection_refused' : 'destination_unavailable'
    case 'overloaded':
      return 'connection_limit_reached'
    case 'unknown-role':
      return 'http_protocol_error'
    case 'upstream-closed':
      return 'connection_terminated'
    case 'upstream-fault':
      return 'http_protocol_error'
    case 'variables-too-large':
      return 'http_request_error'
    case 'bad-sendfile':
      return 'http_protocol_error'
    case 'authorizer-died':
      return 'http_response_incomplete'
    case 'too-many-redirects':
      return 'proxy_loop_detected'
    case 'shutting-down':
      return 'destination_unavailable'
    case 'internal':
      return 'proxy_internal_error'
    case 'body-too-long':
    case 'failed-after-answer':
    case 'client-gone':
      return undefined
  }
}

/** One list member (RFC 8941 3.1): `postern; error=…; details="…"`. Details are for development alone. */
export function proxyStatus(failure: GatewayFailure, details: string | undefined): string | undefined {
  const error = proxyErrorType(failure)
  if (error === undefined) return undefined
  return details === undefined
    ? `postern; error=${error}`
    : `postern; error=${error}; details="${details.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`
}
