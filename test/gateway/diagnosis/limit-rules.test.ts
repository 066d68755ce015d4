import { test } from 'node:test'
import type { Diagnosis } from '../../../src/events/events.ts'
import type { GatewayFailure } from '../../../src/events/failures.ts'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import type { Evidence } from '../../../src/gateway/diagnosis/evidence.ts'
import { assertFinding, evidenceOf, factsOf } from './support.ts'

const good = factsOf('#!/bin/sh\n')

function found(failure: GatewayFailure, more: Partial<Evidence> = {}): Diagnosis {
  return diagnose(evidenceOf(failure, more), good)
}

test('first-byte-timeout: the limit, its flag and the last words on standard error', () => {
  const timedOut = found(
    { kind: 'timed-out', phase: 'first-byte', afterMs: 30_000 },
    { stderrTail: 'asking the database\n' },
  )
  const expected = {
    rule: 'first-byte-timeout',
    cause: /within 30 seconds.*"asking the database"/,
    mend: /CONTENT_LENGTH.*--first-byte-timeout/,
  }
  assertFinding(timedOut, expected)
})

test('idle-timeout: an answer that stopped', () => {
  const outputStart = 'Content-Type: text/html\n\n<p>'
  const timedOut = found({ kind: 'timed-out', phase: 'idle', afterMs: 1000 }, { outputStart })
  assertFinding(timedOut, { rule: 'idle-timeout', cause: /nothing for one second/, mend: /--idle-timeout/ })
})

test('head-unfinished-in-time: a head without its blank line', () => {
  const timedOut = found(
    { kind: 'timed-out', phase: 'idle', afterMs: 60_000 },
    { outputStart: 'Content-Type: text/html\n' },
  )
  const expected = {
    rule: 'head-unfinished-in-time',
    cause: /did not end it with a blank line within 60 seconds/,
    mend: /--idle-timeout/,
  }
  assertFinding(timedOut, expected)
})

test('total-timeout: a script that was not done', () => {
  const timedOut = found({ kind: 'timed-out', phase: 'total', afterMs: 1500 })
  assertFinding(timedOut, { rule: 'total-timeout', cause: /after 1\.5 seconds/, mend: /--total-timeout/ })
})

test('queue-full: the flags of both limits', () => {
  const full = found({ kind: 'queue-full', waiting: 512 })
  assertFinding(full, { rule: 'queue-full', cause: /512 requests wait/, mend: /--max-running.*--max-queue/ })
})

test('queue-timeout: the wait was too long', () => {
  const late = found({ kind: 'queue-timed-out', afterMs: 10_000 })
  assertFinding(late, { rule: 'queue-timeout', cause: /10 seconds/, mend: /--max-running.*--queue-timeout/ })
})

test('redirect-to-itself: a script that names itself', () => {
  const failure: GatewayFailure = { kind: 'too-many-redirects', limit: 5, location: '/cgi-bin/loop?x=1' }
  const expected = {
    rule: 'redirect-to-itself',
    cause: /"Location: \/cgi-bin\/loop\?x=1", 5 times/,
    mend: /https:\/\/host/,
  }
  assertFinding(found(failure, { script: '/srv/cgi-bin/loop' }), expected)
})

test('too-many-redirects: scripts that name each other', () => {
  const failure: GatewayFailure = { kind: 'too-many-redirects', limit: 5, location: '/cgi-bin/a' }
  const expected = { rule: 'too-many-redirects', cause: /more than 5 times/, mend: /--max-local-redirects/ }
  assertFinding(found(failure, { script: '/srv/cgi-bin/b' }), expected)
  assertFinding(found(failure, { script: '' }), expected)
})

test('shutting-down, client-gone and internal have their words too', () => {
  assertFinding(found({ kind: 'shutting-down' }), { rule: 'shutting-down', cause: /way down/, mend: /again/ })
  assertFinding(found({ kind: 'client-gone' }), { rule: 'client-gone', cause: /closed/, mend: /Nothing/ })
  const bug = found({ kind: 'internal', message: 'TypeError: x' })
  assertFinding(bug, { rule: 'internal', cause: /TypeError: x/, mend: /report/ })
})
