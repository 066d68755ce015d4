// The same requests to the same programs under Apache and under Postern. Where the two differ without a reason in
// differences.ts, or no longer differ where it says so, a test fails.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { serve, type PosternServer } from '../../src/index.ts'
import { missing } from '../support/real-parts.ts'
import type { TemporarySite } from '../support/temporary-site.ts'
import { startApache, type ApacheServer } from './apache-server.ts'
import { cases } from './cases.ts'
import { ask } from './client.ts'
import { aspectsOf, differences } from './compare.ts'
import { differencesPage } from './differences-page.ts'
import type { Sight } from './differences/difference.ts'
import { sections } from './differences.ts'
import { peerSite } from './site.ts'

const pagePath = fileURLToPath(new URL('../../../docs/differences.md', import.meta.url))
const skip = missing('apache2', 'perl')
const sights = sections.flatMap((section) => section.differences.flatMap(({ seen }) => seen))
const met = new Map<Sight, Set<string>>(sights.map((sight) => [sight, new Set()]))

let site: TemporarySite
let apache: ApacheServer
let postern: PosternServer

before(async () => {
  if (skip !== false) return
  // What Postern passes on of its own environment must not depend on who runs the test.
  for (const name of Object.keys(process.env)) if (/^(LANG|LC_.*|TZ|TMPDIR)$/.test(name)) delete process.env[name]
  process.env['LANG'] = 'C.UTF-8'
  site = peerSite()
  apache = await startApache(site.root)
  postern = await serve(site.root, { port: 0 })
})

after(async () => {
  if (skip !== false) return
  await postern.destroy()
  await apache[Symbol.asyncDispose]()
  site[Symbol.dispose]()
})

for (const [name, request] of cases) {
  test(`Apache mod_cgid: ${name}: Postern answers alike, but for the listed differences`, { skip }, async () => {
    const [theirs, ours] = await Promise.all(
      [apache.url, postern.url].map(async (url) =>
        aspectsOf(await ask(url, request), request, { url, site: site.root }),
      ),
    )
    const unlisted: string[] = []
    for (const [aspect, [before_, after_]] of differences(theirs ?? new Map(), ours ?? new Map())) {
      const sight = findSight(name, aspect, before_, after_)
      if (sight === undefined)
        unlisted.push(`${aspect}: Apache ${JSON.stringify(before_)}, Postern ${JSON.stringify(after_)}`)
      else met.get(sight)?.add(name)
    }
    assert.deepEqual(unlisted, [], apache.log().slice(-500))
  })
}

test('Apache mod_cgid: every listed difference is still there', { skip }, () => {
  const gone = sights.flatMap((sight) => {
    const [aspect, before_, after_, ...names] = sight
    const where = met.get(sight) ?? new Set()
    const lost = names.length === 0 && where.size === 0 ? ['anywhere'] : names.filter((name) => !where.has(name))
    return lost.map(
      (name) => `${name}: ${aspect}: Apache ${JSON.stringify(before_)}, Postern ${JSON.stringify(after_)}`,
    )
  })
  assert.deepEqual(gone, [])
})

test('docs/differences.md is made from the list of differences', () => {
  const page = differencesPage(sections, cases.size)
  if (process.env['POSTERN_WRITE_DOCS'] === '1') writeFileSync(pagePath, page)
  assert.equal(existsSync(pagePath) ? readFileSync(pagePath, 'utf8') : '', page)
})

/** One that names the case, or else one that holds everywhere. */
function findSight(name: string, aspect: string, theirs: string, ours: string): Sight | undefined {
  const alike = sights.filter((sight) => sight[0] === aspect && sight[1] === theirs && sight[2] === ours)
  return alike.find(([, , , ...names]) => names.includes(name)) ?? alike.find(([, , , ...names]) => names.length === 0)
}
