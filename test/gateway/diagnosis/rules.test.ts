import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { GatewayFailure, HeadFault } from '../../../src/events/failures.ts'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { ruleNames } from '../../../src/gateway/diagnosis/rules.ts'
import { badHead, evidenceOf, factsOf } from './support.ts'

const faults: readonly HeadFault[] = [
  ...list('no-blank-line', 'not-a-field', 'folded-line', 'control-character', 'too-large', 'status-line'),
  ...list('bad-status-line', 'bad-status', 'repeated-field', 'bad-content-length', 'transfer-encoding'),
  ...list('bad-location', 'no-content-type', 'empty-head'),
]

const bytes = fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString('latin1'))
const exitCode = fc.option(fc.nat(255))
const signal = fc.option(fc.constantFrom('SIGKILL', 'SIGSEGV', 'SIGUSR2'))
const failure: fc.Arbitrary<GatewayFailure> = fc.oneof(
  ofKind('cannot-start', { program: bytes, code: fc.constantFrom('ENOENT', 'EACCES', 'E') }),
  ofKind('out-of-resources', { program: bytes, code: fc.constantFrom('EAGAIN', 'E') }),
  ofKind('no-response', { exitCode, signal }),
  ofKind('bad-head', { fault: fc.constantFrom(...faults), line: bytes, exitCode, signal }),
  ofKind('too-many-redirects', { limit: fc.nat(), location: bytes }),
)

function list(...some: readonly HeadFault[]): readonly HeadFault[] {
  return some
}

function ofKind<Kind extends string, Rest extends object>(
  kind: Kind,
  rest: { [Key in keyof Rest]: fc.Arbitrary<Rest[Key]> },
): fc.Arbitrary<Rest & { kind: Kind }> {
  return fc.record(rest).map((values) => ({ ...values, kind }))
}

test('every rule has a kebab-case name', () => {
  for (const name of ruleNames) assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/)
})

test('every rule is tried in a test of this folder', () => {
  const folder = new URL('.', import.meta.url)
  const tests = readdirSync(folder).filter((name) => name.endsWith('.test.js'))
  const text = tests.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  assert.deepEqual(
    ruleNames.filter((name) => !text.includes(`'${name}'`)),
    [],
  )
})

test('every fault of a head has a rule of its own', () => {
  const facts = factsOf('#!/bin/sh\n')
  for (const fault of faults) {
    const found = diagnose(evidenceOf(badHead(fault, 'X: y')), facts)
    assert.ok(ruleNames.includes(found.rule), fault)
  }
})

test('whatever a script did, there is one diagnosis, in one line each, without a control character', () => {
  const contents = ['', '#!/bin/sh\n', '#!/usr/bin/env python3 -u\r\n', '#!\x1b[2J/x\x07 \x9b\n', '\x7fELF\x02\x01']
  const facts = contents.map((content) => factsOf(Buffer.from(content, 'latin1').toString('latin1')))
  const input = fc.tuple(failure, fc.string({ unit: 'binary' }), bytes, bytes, fc.constantFrom(...facts))
  const property = fc.property(input, ([failed, stderrTail, outputStart, script, known]) => {
    const { rule, cause, mend } = diagnose({ failure: failed, stderrTail, outputStart, script }, known)
    assert.ok(ruleNames.includes(rule))
    for (const text of [cause, mend]) {
      assert.notEqual(text, '')
      assert.doesNotMatch(text, /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/)
    }
  })
  fc.assert(property, { numRuns: 500, interruptAfterTimeLimit: 10_000 })
})

test('a long and hostile standard error is read in good time', () => {
  const facts = factsOf('#!/bin/sh\n')
  const patterns = [
    ': '.repeat(4096),
    'a: 1: '.repeat(1365),
    'Error: x\n    at '.repeat(500),
    ' at x line 1'.repeat(680),
  ]
  for (const stderrTail of [
    ...patterns,
    '  File "x", line 1\n'.repeat(430),
    'Traceback (most recent call last):\n'.repeat(230),
  ]) {
    const started = performance.now()
    diagnose(evidenceOf({ kind: 'no-response', exitCode: 1, signal: null }, { stderrTail }), facts)
    assert.ok(performance.now() - started < 2000, `${stderrTail.slice(0, 20)} took ${performance.now() - started} ms`)
  }
})
