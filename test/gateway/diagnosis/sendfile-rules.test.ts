import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayFailure, SendFileFault } from '../../../src/events/failures.ts'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { evidenceOf, factsOf, pythonTraceback } from './support.ts'

const facts = factsOf('#!/bin/sh\n')
const faults: readonly (readonly [SendFileFault, RegExp, RegExp])[] = [
  ['repeated', /a second one/, /once/],
  ['not-absolute', /no absolute path/, /whole path/],
  ['dot-segment', /"\.\."/, /realpath/],
  ['control-character', /control character/, /%25/],
  ['no-location', /no location/, /--accel/],
  ['outside', /no folder/, /--sendfile-root/],
  ['not-a-file', /no regular file/, /folders/],
  ['program', /program of the site/, /never sent/],
  ['unreadable', /may not read/, /namei/],
]

for (const [fault, cause, mend] of faults) {
  test(`diagnosis: a file that is not to be sent (${fault}) is named, with the mend`, () => {
    const line = 'X-Sendfile: /srv/\u001b[31m.txt'
    const failure: GatewayFailure = { kind: 'bad-sendfile', fault, line }
    const found = diagnose(evidenceOf(failure), facts)
    assert.equal(found.rule, 'bad-sendfile')
    assert.match(found.cause, cause)
    assert.match(found.cause, /\/srv\/cgi-bin\/script asks for "X-Sendfile: \/srv\//)
    assert.doesNotMatch(found.cause, /\u001b/)
    assert.match(found.mend, mend)
  })
}

test('diagnosis: an authorizer that dies after its 200 is named, with how it ended', () => {
  const failure = { kind: 'authorizer-died', exitCode: null, signal: 'SIGKILL' } as const
  const found = diagnose(evidenceOf(failure), facts)
  assert.equal(found.rule, 'authorizer-died')
  assert.match(found.cause, /said 200 and then ended with signal SIGKILL/)
  assert.match(found.mend, /exit code 0/)
})

test('diagnosis: what an authorizer said on standard error is the better cause', () => {
  const failure = { kind: 'authorizer-died', exitCode: 1, signal: null } as const
  const stderrTail = pythonTraceback("ModuleNotFoundError: No module named 'flup'")
  assert.notEqual(diagnose(evidenceOf(failure, { stderrTail }), facts).rule, 'authorizer-died')
})
