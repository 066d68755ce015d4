// What a Node process that waits has opened, before there is a script.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const parked = fileURLToPath(new URL('../../../launchers/node/parked.cjs', import.meta.url))
const control = 63
const skip =
  (!existsSync('/proc/self/fdinfo') && 'needs /proc') ||
  (Number.parseInt(process.versions.node, 10) < 26 &&
    'before Node 26 the first console.log opens standard error anyway')

test('parked node: standard error blocks, though fetch has been loaded ahead', { skip, timeout: 60_000 }, async () => {
  const stdio = Array.from({ length: control + 1 }, (_, fd) => (fd <= 2 || fd === control ? 'pipe' : 'ignore'))
  const child = spawn(process.execPath, ['-r', parked, '/dev/null', 'fetch'], { stdio })
  const streams: readonly (Readable | Writable | null | undefined)[] = child.stdio
  const [said]: Buffer[] = await once(streams[control] ?? child, 'data')
  assert.match(String(said), /^r \d+ \d+\n$/)
  const flags = /flags:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/fdinfo/2`, 'latin1'))?.[1]
  child.kill('SIGKILL')
  await once(child, 'exit')
  const nonBlocking = 0o4000
  assert.equal(Number.parseInt(flags ?? '', 8) & nonBlocking, 0)
})
