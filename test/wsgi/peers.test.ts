// The cases of PEP 3333 over gunicorn, uWSGI and waitress. Where one of them differs without a reason in differences.ts,
// or no longer differs where it says so, a test fails.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { missing } from '../support/real-parts.ts'
import { cases } from './cases.ts'
import { differencesPage } from './differences-page.ts'
import { sections } from './differences.ts'
import { Outcome } from './outcome.ts'
import { Fleet } from './servers/fleet.ts'
import { startGunicorn } from './servers/gunicorn.ts'
import { startUwsgi } from './servers/uwsgi.ts'
import { startWaitress } from './servers/waitress.ts'

const pagePath = fileURLToPath(new URL('../../../docs/wsgi-differences.md', import.meta.url))
const skip = missing(
  'gunicorn',
  'uwsgi',
  '/usr/lib/uwsgi/plugins/python3_plugin.so',
  '/usr/lib/python3/dist-packages/waitress/__init__.py',
)
const fleets = {
  gunicorn: new Fleet(startGunicorn),
  uwsgi: new Fleet(startUwsgi),
  waitress: new Fleet(startWaitress),
} as const
const outcomes = [
  new Outcome('gunicorn', fleets.gunicorn),
  new Outcome('uwsgi', fleets.uwsgi),
  new Outcome('waitress', fleets.waitress),
]

after(async () => {
  await Promise.all(Object.values(fleets).map((fleet) => fleet[Symbol.asyncDispose]()))
})

for (const [name, item] of Object.entries(cases)) {
  test(`gunicorn, uWSGI, waitress: ${name}: as PEP 3333 says, but for the listed differences`, { skip }, async () => {
    const unlisted = await Promise.all(outcomes.map((outcome) => outcome.unlisted(name, item)))
    assert.deepEqual(unlisted.flat(), [])
  })
}

test('gunicorn, uWSGI, waitress: every listed difference is still there', { skip }, () => {
  assert.deepEqual(
    outcomes.flatMap((outcome) => outcome.gone()),
    [],
  )
})

test('docs/wsgi-differences.md is made from the list of differences', () => {
  const page = differencesPage(sections, Object.keys(cases).length)
  if (process.env['POSTERN_WRITE_DOCS'] === '1') writeFileSync(pagePath, page)
  assert.equal(existsSync(pagePath) ? readFileSync(pagePath, 'utf8') : '', page)
})
