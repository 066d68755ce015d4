// docs/matrix.md is made by a run. That it names every cell and every reason is held here; the numbers are of the run.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { families } from './cases.ts'
import { cellOf, executorNames, executorsOf, frontendNames } from './cell.ts'
import { leftOutOf } from './left-out.ts'

const page = readFileSync(new URL('../../../docs/matrix.md', import.meta.url), 'utf8')
const advice = 'run `npm test -- conformance` and `node scripts/matrix-doc.mjs`'

test('docs/matrix.md has a row for each frontend, and in it a number for each executor that there is', () => {
  assert.ok(page.includes(`| | ${executorNames.join(' | ')} |`), advice)
  for (const frontend of frontendNames) {
    const row = page.split('\n').find((line) => line.startsWith(`| **${frontend}** |`)) ?? ''
    const cells = row.split('|').slice(2, -1)
    assert.equal(cells.length, executorNames.length, `${frontend}: ${advice}`)
    for (const [at, executor] of executorNames.entries()) {
      const number = executorsOf(frontend).includes(executor) ? /^ [1-9]\d*( of the core)? $/ : /^ – $/
      assert.match(cells[at] ?? '', number, advice)
    }
  }
})

test('docs/matrix.md says each reason why a case is left out of a cell, and no other', () => {
  const reasons = new Set<string>()
  for (const frontend of frontendNames) {
    for (const executor of executorsOf(frontend)) {
      for (const family of families) {
        for (const item of family.cases) {
          const reason = leftOutOf(family, item, cellOf(frontend, executor))
          if (reason !== undefined) reasons.add(reason.because)
        }
      }
    }
  }
  const [, table = ''] = page.split('| Because | Cells | Cases in each |\n|---|---|---|\n')
  const said = table.split('\n').flatMap((line) => (line.startsWith('| ') ? [line.split(' | ')[0]?.slice(2)] : []))
  assert.deepEqual(new Set(said), reasons, advice)
})
