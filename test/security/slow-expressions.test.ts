// What a failing script wrote is searched for its cause while other clients wait: no text may make that slow.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnose } from '../../src/gateway/diagnosis/diagnose.ts'
import { temporarySite } from '../support/temporary-site.ts'

const failure = { kind: 'no-response', exitCode: 1, signal: null } as const
const units = [
  ' ',
  'a',
  '.',
  '/',
  '~',
  '{',
  '"',
  "'",
  ': ',
  '<html',
  'a/',
  ' at ',
  'line 1',
  'Error: ',
  '/a:1\n',
  'x: 1: ',
  ': 1: a: ',
  'Error\n    at /',
  "x:1:in `a': ",
  'Fatal error: a in /',
  'Traceback (most recent call last):\n a\n',
  ' File "a", line 1\n',
]

test('quadratic expressions: 8 KiB of anything on standard error are searched within 100 ms', () => {
  using site = temporarySite({ script: '#!/bin/sh\necho\n' })
  const script = `${site.root}/script`
  diagnose({ failure, script, stderrTail: 'warm', outputStart: '' })
  for (const unit of units) {
    for (const end of ['', '!', '\n']) {
      const stderrTail = unit.repeat(8192).slice(0, 8192 - end.length) + end
      const times = [1, 2, 3].map(() => {
        const since = performance.now()
        diagnose({ failure, script, stderrTail, outputStart: stderrTail.slice(0, 1024) })
        return performance.now() - since
      })
      assert.ok(Math.min(...times) < 100, `${JSON.stringify(unit + end)}: ${Math.min(...times)} ms`)
    }
  }
})
