// The tests of launchers/wsgi, which are written in Python: each failure is one here. By hand, with another Python:
// `python3.13 -B test/launchers/wsgi/answer_test.py`.

import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { execFile } from 'node:child_process'
import { missing } from '../support/real-parts.ts'

const folder = fileURLToPath(new URL('../../../test/launchers/wsgi/', import.meta.url))
const skip = missing('python3')
const interpreters = ['python3', '/usr/bin/python3'].filter((python) => python === 'python3' || existsSync(python))

interface Run {
  readonly passed: boolean
  readonly said: string
}

function runPython(python: string, file: string): Promise<Run> {
  const options = { cwd: folder, timeout: 300_000, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    execFile(python, ['-B', join(folder, file), '-v'], options, (error, _, said) => {
      resolve({ passed: error === null, said })
    })
  })
}

for (const python of interpreters) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('_test.py'))) {
    test(`PEP 3333: ${file} with ${python}`, { skip }, async (context) => {
      const { passed, said } = await runPython(python, file)
      const results = said.matchAll(/^(test_\w+) \(.*\)(?:\n[^\n]*)? \.\.\. (ok|FAIL|ERROR|skipped.*)$/gm)
      for (const [, name = '', result = ''] of results) {
        await context.test(`${file}: ${name.slice('test_'.length).replaceAll('_', ' ')}`, (inner) => {
          if (result.startsWith('skipped')) inner.skip(result)
          else assert.equal(result, 'ok', said.slice(-10_000))
        })
      }
      assert.ok(passed, said.slice(-10_000))
    })
  }
}
