import { test } from 'node:test'
import type { Diagnosis } from '../../../src/events/events.ts'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { afterStderr, assertFinding, evidenceOf, factsOf } from './support.ts'

const good = factsOf('#!/bin/sh\n')

function killedBy(signal: string): Diagnosis {
  return diagnose(evidenceOf({ kind: 'no-response', exitCode: null, signal }), good)
}

function ended(exitCode: number | null): Diagnosis {
  return diagnose(evidenceOf({ kind: 'no-response', exitCode, signal: null }), good)
}

const signalCases: readonly (readonly [rule: string, cause: RegExp, mend: RegExp])[] = [
  ['killed-by-sigsegv', /memory that is not its own/, /gdb/],
  ['killed-by-sigbus', /memory that is not there/, /gdb/],
  ['killed-by-sigill', /instruction/, /gdb/],
  ['killed-by-sigfpe', /divided by zero/, /gdb/],
  ['killed-by-sigabrt', /gave up by itself/, /log/],
  ['killed-by-sigsys', /filter forbids/, /SystemCallFilter=/],
  ['killed-by-sigkill', /memory ran out/, /journalctl -k/],
  ['killed-by-sigxcpu', /CPU time/, /ulimit -t/],
  ['killed-by-sigxfsz', /file larger/, /ulimit -f/],
  ['killed-by-sigpipe', /already ended/, /SIGPIPE/],
  ['killed-by-sigterm', /not this server/, /`timeout`/],
  ['killed-by-sighup', /terminal/, /kill -HUP/],
  ['killed-by-sigalrm', /alarm/, /alarm/],
]

for (const [rule, cause, mend] of signalCases) {
  test(`${rule}: the signal is named, with what it usually means`, () => {
    const signal = rule.slice('killed-by-'.length).toUpperCase()
    assertFinding(killedBy(signal), { rule, cause, mend })
  })
}

test('killed-by-signal: any other signal', () => {
  assertFinding(killedBy('SIGUSR1'), { rule: 'killed-by-signal', cause: /SIGUSR1/, mend: /journalctl/ })
})

test('killed-by-sigkill: also in the middle of a body', () => {
  const found = diagnose(
    evidenceOf({ kind: 'body-cut-short', sent: 10, announced: undefined, signal: 'SIGKILL' }),
    good,
  )
  assertFinding(found, { rule: 'killed-by-sigkill', cause: /SIGKILL/, mend: /MemoryMax=/ })
})

test('child-killed: a shell’s exit code above 128 is a signal', () => {
  assertFinding(ended(139), { rule: 'child-killed', cause: /exit code 139.*SIGSEGV/, mend: /gdb/ })
})

test('no-output: an end without a word, with the exit code', () => {
  const mend = /REQUEST_METHOD=GET QUERY_STRING= \/srv\/cgi-bin\/script/
  assertFinding(ended(0), { rule: 'no-output', cause: /exit code 0, as if all were well/, mend: /204 No Content/ })
  assertFinding(ended(3), { rule: 'no-output', cause: /exit code 3, without a word/, mend })
  assertFinding(ended(126), { rule: 'no-output', cause: /126, .*cannot be executed/, mend })
  assertFinding(ended(127), { rule: 'no-output', cause: /127, .*not found on PATH/, mend })
  assertFinding(ended(null), { rule: 'no-output', cause: /had not ended/, mend })
})

test('failed-with-message: a message that no rule knows is shown', () => {
  const expected = { rule: 'failed-with-message', cause: /exit code 4.*"no beer left"/, mend: /log/ }
  assertFinding(afterStderr('starting\nno beer left\n\n', '#!/bin/sh\n', 4), expected)
})

test('body-shorter-than-announced: characters were counted for bytes', () => {
  const found = diagnose(evidenceOf({ kind: 'body-cut-short', sent: 10, announced: 12, signal: null }), good)
  assertFinding(found, {
    rule: 'body-shorter-than-announced',
    cause: /12 and wrote 10 bytes.* 2 too few/,
    mend: /not characters/,
  })
})

test('body-longer-than-announced: the rest was cut off', () => {
  const found = diagnose(evidenceOf({ kind: 'body-too-long', announced: 12 }), good)
  assertFinding(found, { rule: 'body-longer-than-announced', cause: /12 and wrote more/, mend: /encode\(\)/ })
})

test('failed-after-answer: what it still did failed, and a signal that killed it is named', () => {
  const failed = diagnose(evidenceOf({ kind: 'failed-after-answer', signal: null }), good)
  assertFinding(failed, { rule: 'failed-after-answer', cause: /after its whole answer/, mend: /log/ })
  const killed = diagnose(evidenceOf({ kind: 'failed-after-answer', signal: 'SIGUSR1' }), good)
  assertFinding(killed, { rule: 'killed-by-signal', cause: /SIGUSR1 after its whole answer/, mend: /journalctl/ })
})

test('body-cut-short: nothing else is known', () => {
  const found = diagnose(evidenceOf({ kind: 'body-cut-short', sent: 10, announced: undefined, signal: null }), good)
  assertFinding(found, { rule: 'body-cut-short', cause: /after 10 bytes/, mend: /log/ })
})
