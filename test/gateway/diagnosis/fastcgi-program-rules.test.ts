import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnose } from '../../../src/gateway/diagnosis/diagnose.ts'
import { assertFinding, evidenceOf, factsOf } from './support.ts'

test('diagnosis: without php-cgi, what to install is said', () => {
  const found = diagnose(evidenceOf({ kind: 'interpreter-missing', interpreter: 'php-cgi' }), factsOf('<?php'))
  assertFinding(found, { rule: 'php-missing', cause: /there is no php-cgi here/, mend: /`apt install php-cgi`/ })
})

test('diagnosis: a program that ends with status 0 before it takes a request speaks no FastCGI', () => {
  const failure = { kind: 'cannot-start', program: '/srv/x.fcgi', code: 'exit code 0', lastWords: '' } as const
  const found = diagnose(evidenceOf(failure), factsOf('#!/bin/sh\n'))
  assertFinding(found, { rule: 'not-fastcgi', cause: /x\.fcgi ended, with exit code 0/, mend: /\.cgi/ })
})

test('diagnosis: a program that ends at its start is named with its exit code', () => {
  const failure = { kind: 'cannot-start', program: '/srv/x.fcgi', code: 'exit code 3', lastWords: 'no' } as const
  const found = diagnose(evidenceOf(failure), factsOf('#!/bin/sh\n'))
  assertFinding(found, { rule: 'ends-at-start', cause: /x\.fcgi ended .*exit code 3/, mend: /standard error/ })
})

test('diagnosis: a PHP page is not blamed for what would keep a program from starting', () => {
  const evidence = evidenceOf({ kind: 'no-response', exitCode: 255, signal: null })
  const facts = factsOf('<?php exit(255);\n', 'page.php', 0o644)
  const asProgram = diagnose(evidence, facts)
  const asPage = diagnose({ ...evidence, isInterpreted: true }, facts)
  assert.match(asProgram.rule, /shebang|interpreter/)
  assert.doesNotMatch(asPage.rule, /shebang|interpreter|execut/)
})
