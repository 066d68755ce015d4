// The cases of PEP 3333 over `postern wsgi`.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { missing } from '../support/real-parts.ts'
import { cases } from './cases.ts'
import { Outcome } from './outcome.ts'
import { Fleet } from './servers/fleet.ts'
import { startPostern } from './servers/postern.ts'

const skip = missing('python3')
const fleet = new Fleet((settings) => startPostern(settings))
const outcome = new Outcome('postern', fleet)

after(() => fleet[Symbol.asyncDispose]())

for (const [name, item] of Object.entries(cases)) {
  test(item.title, { skip }, async () => {
    assert.deepEqual(await outcome.unlisted(name, item), [])
  })
}

test('Postern: every listed difference from PEP 3333 is still there', { skip }, () => {
  assert.deepEqual(outcome.gone(), [])
})

test('no two cases of PEP 3333 have the same title, and each begins with its section', () => {
  const titles = Object.values(cases).map(({ title }) => title)
  assert.deepEqual(
    titles.filter((title, index) => titles.indexOf(title) !== index),
    [],
  )
  for (const title of titles)
    assert.match(title, /^(PEP 3333 [A-Z][^:;]+(; RFC \d{4} [\d.]+)?|RFC \d{4} \d[\d.]*|CVE-\d{4}-\d+|Postern): \S/i)
})

test('the table of PEP 3333 has at least 100 cases', () => {
  const count = Object.values(cases).length
  assert.ok(count >= 100, `${count} cases`)
})
