// docs/spec-coverage.md is made from the titles of the tests, and every case says which rule it holds true.

import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { families } from './cases.ts'

const script = fileURLToPath(new URL('../../../scripts/spec-coverage.mjs', import.meta.url))

test('docs/spec-coverage.md is what the titles of the tests say', () => {
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
})

const titles = families.flatMap(({ cases }) => cases.map(({ title }) => title))

test('every conformance case begins with its section, or a CVE, or with "Postern"', () => {
  for (const title of titles)
    assert.match(
      title,
      /^(RFC \d{4} \d[\d.]*(( and |, )[\d.]+)*|FastCGI \d[\d.]*|CVE-\d{4}-\d+(, CVE-\d{4}-\d+)*|Postern): \S/,
    )
})

test('no two conformance cases have the same title', () => {
  const twice = titles.filter((title, index) => titles.indexOf(title) !== index)
  assert.deepEqual(twice, [])
})

test('the conformance table has at least 450 cases', () => {
  assert.ok(titles.length >= 450, `${titles.length} cases`)
})
