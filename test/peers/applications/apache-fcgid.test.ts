// The applications as FastCGI programs that Apache's mod_fcgid starts, several processes of each.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { missing } from '../../support/real-parts.ts'
import { eventually, isAlive } from '../../support/server-process.ts'
import { apacheModule } from '../../support/apache.ts'
import { ask, openAnswer } from '../pairs/client.ts'
import { startApache, type ApacheStage } from './apache.ts'
import { playApplications, staged } from './play.ts'
import { unreachable } from './programs.ts'
import type { Way } from './way.ts'

const skip = missing('apache2') || missing(apacheModule('fcgid')) || unreachable()

function start(more = ''): Promise<ApacheStage> {
  return startApache(
    'fcgid',
    'fastcgi',
    (folder) => `
SetHandler fcgid-script
FcgidIPCDir ${folder}
FcgidProcessTableFile ${folder}/fcgid.table
FcgidMaxProcessesPerClass 3
FcgidMaxRequestLen 1073741824
# What a program writes is sent at once.
FcgidOutputBufferSize 0
${more}
`,
  )
}

const stage = staged(skip, () => start())

playApplications({ server: 'Apache mod_fcgid', skip }, () => stage().ways)

async function pidOf({ base }: Way): Promise<number> {
  return Number((await ask(`${base}/task/pid`)).body)
}

test('Apache mod_fcgid: several processes answer at once, and end where Apache ends', { skip }, async () => {
  let pids: readonly number[] = []
  {
    await using own = await start()
    const way = own.ways.bare
    assert.ok(way !== undefined)
    const gate = join(way.gates, 'at-once')
    const held = await openAnswer(`${way.base}/task/gated?gate=${gate}`)
    await held.until('first\n')
    // The process that holds the answer back takes no other: mod_fcgid asks for one thing at a time.
    const other = await pidOf(way)
    writeFileSync(gate, '')
    assert.deepEqual(await held.rest(), { body: 'first\nlast\n', isWhole: true })
    pids = [other, await pidOf(way)]
    assert.ok(pids.every(isAlive))
  }
  assert.ok(await eventually(() => !pids.some(isAlive), 30_000), 'a process is left')
})

test('Apache mod_fcgid: a process that nobody asks ends at its SIGTERM, and a new one answers', { skip }, async () => {
  await using own = await start('FcgidIdleTimeout 1\nFcgidIdleScanInterval 1\nFcgidMinProcessesPerClass 0')
  const way = own.ways.bare
  assert.ok(way !== undefined)
  const pid = await pidOf(way)
  assert.ok(await eventually(() => !isAlive(pid), 30_000), 'it has not ended')
  // SIGKILL is what mod_fcgid sends to what does not end by itself.
  assert.doesNotMatch(way.log(), /SIGKILL/)
  assert.notEqual(await pidOf(way), pid)
})
