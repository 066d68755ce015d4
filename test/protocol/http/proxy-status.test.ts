// Proxy-Status, for machines.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { proxyErrorType, proxyStatus } from '../../../src/protocol/http/proxy-status.ts'

/** RFC 9209 2.3: the registered names. */
const registered = [
  'dns_timeout',
  'dns_error',
  'destination_not_found',
  'destination_unavailable',
  'destination_ip_prohibited',
  'destination_ip_unroutable',
  'connection_refused',
  'connection_terminated',
  'connection_timeout',
  'connection_read_timeout',
  'connection_write_timeout',
  'connection_limit_reached',
  'tls_protocol_error',
  'tls_certificate_error',
  'tls_alert_received',
  'http_request_error',
  'http_request_denied',
  'http_response_incomplete',
  'http_response_header_section_size',
  'http_response_header_size',
  'http_response_body_size',
  'http_response_trailer_section_size',
  'http_response_trailer_size',
  'http_response_transfer_coding',
  'http_response_content_coding',
  'http_response_timeout',
  'http_upgrade_failed',
  'http_protocol_error',
  'proxy_internal_response',
  'proxy_internal_error',
  'proxy_configuration_error',
  'proxy_loop_detected',
]

test('RFC 9209 2.3: every error type is a registered one', () => {
  const ending = { exitCode: 1, signal: null }
  const failures = [
    { kind: 'cannot-start', program: '/a', code: 'ENOENT' },
    { kind: 'out-of-resources', program: '/a', code: 'EAGAIN' },
    { kind: 'no-response', ...ending },
    { kind: 'bad-head', fault: 'too-large', line: '', ...ending },
    { kind: 'bad-head', fault: 'not-a-field', line: '', ...ending },
    { kind: 'timed-out', phase: 'idle', afterMs: 1 },
    { kind: 'queue-full', waiting: 1 },
    { kind: 'queue-timed-out', afterMs: 1 },
    { kind: 'too-many-redirects', limit: 1, location: '/' },
    { kind: 'body-cut-short', sent: 1, announced: 2, signal: null },
    { kind: 'shutting-down' },
    { kind: 'internal', message: '' },
  ] as const
  for (const failure of failures) assert.ok(registered.includes(proxyErrorType(failure) ?? ''), failure.kind)
})

test('RFC 9209 2.3: a client is told nothing of what only the log may know', () => {
  assert.equal(proxyStatus({ kind: 'client-gone' }, undefined), undefined)
  assert.equal(proxyStatus({ kind: 'body-too-long', announced: 1 }, undefined), undefined)
  assert.equal(proxyStatus({ kind: 'failed-after-answer', signal: null }, undefined), undefined)
})

test('RFC 8941 3.3.3: details are a string of visible ASCII, its quotes and backslashes escaped', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (details) => {
      const value = proxyStatus({ kind: 'shutting-down' }, details) ?? ''
      assert.match(value, /^postern; error=[a-z_]+; details="(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"$/)
    }),
  )
})
