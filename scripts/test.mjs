// `npm test [-- PART …]`: install, compile, run the tests; PART chooses files by a part of their path.
// POSTERN_REQUIRE_PARTS=1 turns the skip of a test whose real part is missing (Apache, git, …) into a failure.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { compile, install, requireNode, root } from './prepare.mjs'

requireNode()
install()
compile('tsconfig.json')
compile('test/tsconfig.json')

/** More than there are processors of a small machine: many files mostly wait, for limits to pass and programs to end. */
const filesAtOnce = 3
/** Begun first, so that none of them runs on alone at the end. */
const longest = [
  'conformance/http',
  'faults/random-aborts',
  'warm/',
  'peers/applications/apache-cgid',
  'peers/applications/postern-serve',
  'peers/wrap',
]

const parts = process.argv.slice(2)
const folder = join(root, 'build/test')
const sources = new Set(
  readdirSync(join(root, 'test'), { recursive: true }).map((name) => name.replace(/\.ts$/, '.js')),
)
const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.test.js') && sources.has(name))
  .filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)))
  .sort((one, other) => isLong(other) - isLong(one) || (one < other ? -1 : 1))
  .map((name) => join(folder, name))

/** 1 or 0, to sort by. */
function isLong(name) {
  return Number(longest.some((beginning) => name.startsWith(beginning)))
}

const counts = { passed: 0, failed: 0, skipped: 0 }
const failures = []
const stream = run({ files, concurrency: filesAtOnce, timeout: 10 * 60 * 1000 })
stream.on('test:pass', ({ skip, details }) => {
  if (details.type === 'suite') return
  if (skip === undefined || skip === false) counts.passed++
  else counts.skipped++
})
stream.on('test:fail', ({ name, file, details }) => {
  if (details.type === 'suite') return
  counts.failed++
  failures.push(`${name} (${file?.slice(folder.length + 1) ?? ''})`)
})
stream.compose(new spec()).pipe(process.stdout)
stream.on('end', () => {
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0
  setImmediate(() => {
    for (const failure of failures) process.stdout.write(`failed: ${failure}\n`)
    process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
  })
})
