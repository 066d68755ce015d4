import { test } from 'node:test'
import type { Diagnosis } from '../../../src/events/events.ts'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { assertFinding, evidenceOf, factsOf, startFailure } from './support.ts'

const good = factsOf('#!/bin/sh\n')

function outOf(code: string): Diagnosis {
  return diagnose(evidenceOf({ kind: 'out-of-resources', program: '/x', code }), good)
}

test('environment-too-large: E2BIG', () => {
  const expected = { rule: 'environment-too-large', cause: /E2BIG.*128 KiB/, mend: /ulimit -s/ }
  assertFinding(startFailure('/x', 'E2BIG', good), expected)
})

test('text-file-busy: ETXTBSY', () => {
  assertFinding(startFailure('/x', 'ETXTBSY', good), {
    rule: 'text-file-busy',
    cause: /open for writing/,
    mend: /fuser -v/,
  })
})

test('access-refused: EPERM', () => {
  assertFinding(startFailure('/x', 'EPERM', good), { rule: 'access-refused', cause: /EPERM/, mend: /journalctl -k/ })
})

test('too-many-processes, no-memory-to-start, too-many-open-files: what the system is out of', () => {
  assertFinding(outOf('EAGAIN'), { rule: 'too-many-processes', cause: /EAGAIN/, mend: /--max-running.*TasksMax/ })
  assertFinding(outOf('ENOMEM'), { rule: 'no-memory-to-start', cause: /ENOMEM/, mend: /free -h/ })
  assertFinding(outOf('EMFILE'), { rule: 'too-many-open-files', cause: /the server has/, mend: /ulimit -n 65536/ })
  assertFinding(outOf('ENFILE'), { rule: 'too-many-open-files', cause: /whole machine/, mend: /LimitNOFILE/ })
  assertFinding(outOf('EOTHER'), { rule: 'out-of-resources', cause: /EOTHER/, mend: /ulimit -a/ })
})

test('cannot-start: a code that nothing in the file explains', () => {
  assertFinding(startFailure('/x', 'EACCES', good), { rule: 'cannot-start', cause: /EACCES/, mend: /security module/ })
})
