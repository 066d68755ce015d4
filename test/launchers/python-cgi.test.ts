// The tests of launchers/python-cgi, which are written in Python: each failure is one here. By hand, with another Python:
// `python3.13 -W ignore -B test/launchers/cgi_test.py`.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { execFile } from 'node:child_process'
import { missing } from '../support/real-parts.ts'

const folder = fileURLToPath(new URL('../../../test/launchers/', import.meta.url))
const skip = missing('python3')

interface Run {
  readonly passed: boolean
  readonly said: string
}

function runPython(file: string): Promise<Run> {
  const options = { cwd: folder, timeout: 300_000, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    execFile('python3', ['-W', 'ignore', '-B', join(folder, file), '-v'], options, (error, _, said) => {
      resolve({ passed: error === null, said })
    })
  })
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('_test.py'))) {
  test(`python-cgi: ${file}`, { skip }, async (context) => {
    const { passed, said } = await runPython(file)
    const results = said.matchAll(/^(test_\w+) \(.*\)(?:\n[^\n]*)? \.\.\. (ok|FAIL|ERROR|skipped.*)$/gm)
    for (const [, name = '', result = ''] of results) {
      await context.test(`${file}: ${name.slice('test_'.length).replaceAll('_', ' ')}`, (inner) => {
        if (result.startsWith('skipped')) inner.skip(result)
        else assert.equal(result, 'ok', failureOf(name, said))
      })
    }
    assert.ok(passed, said.slice(-10_000))
  })
}

/** What unittest says of one test. */
function failureOf(name: string, said: string): string {
  return (
    said
      .split(/^=+$/m)
      .find((text) => text.includes(`: ${name} (`))
      ?.slice(0, 5000) ?? said
  )
}
