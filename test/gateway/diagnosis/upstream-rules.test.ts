import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayFailure } from '../../../src/events/failures.ts'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { evidenceOf, factsOf } from './support.ts'

const address = 'fastcgi:unix:/run/php.sock'
const facts = factsOf('#!/bin/sh\n')

function told(rule: string, failure: GatewayFailure, cause: RegExp, mend: RegExp): void {
  const found = diagnose(evidenceOf(failure), facts)
  assert.equal(found.rule, rule)
  assert.match(found.cause, cause)
  assert.match(found.mend, mend)
}

for (const [code, why] of [
  ['ECONNREFUSED', /nobody listens/],
  ['ENOENT', /no such socket/],
  ['EACCES', /may not write to that socket/],
  ['ENOTSOCK', /is no socket/],
  ['EAGAIN', /queue of connections is full/],
  ['ENOTFOUND', /not known/],
  ['EHOSTUNREACH', /failed with EHOSTUNREACH/],
] as const) {
  test(`diagnosis: an upstream that cannot be reached (${code}) is named with its cause`, () => {
    told('upstream-unreachable', { kind: 'unreachable', address, code }, why, /`/)
    told('upstream-unreachable', { kind: 'unreachable', address, code }, /\/run\/php\.sock/, /./)
  })
}

test('diagnosis: every other failure of an upstream names the upstream or the limit, and the mend', () => {
  const timedOut = { kind: 'timed-out', phase: 'connect', afterMs: 5000 } as const
  told('upstream-connect-timeout', timedOut, /no connection within 5000 ms/, /--connect-timeout/)
  told('upstream-overloaded', { kind: 'overloaded', address }, /FCGI_OVERLOADED/, /--max-running/)
  told('upstream-unknown-role', { kind: 'unknown-role', address, role: 'authorizer' }, /is no authorizer/, /role/)
  told('upstream-closed', { kind: 'upstream-closed', address, code: 'ECONNRESET' }, /\(ECONNRESET\)/, /log/)
  told(
    'upstream-fault',
    { kind: 'upstream-fault', address, protocol: 'FastCGI', fault: 'a record of version 72, expected 1' },
    /version 72/,
    /another protocol/,
  )
  told(
    'variables-too-large',
    { kind: 'variables-too-large', bytes: 70_000, limit: 65_535, variable: 'HTTP_COOKIE' },
    /70000 bytes.*HTTP_COOKIE/,
    /cookies/,
  )
})
