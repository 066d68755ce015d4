// The folder of the programs' sockets, and who may have put what in its place.

import assert from 'node:assert/strict'
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { ProgramGuard } from '../../../src/transport/fastcgi-programs/guard.ts'
import { chooseSpawner } from '../../../src/transport/spawner.ts'
import { temporarySite } from '../../support/temporary-site.ts'

test('guard: a folder that a cleaner of the temporary folder took away is made anew, for this user alone', async () => {
  await using guard = new ProgramGuard(chooseSpawner().spawner)
  const first = await guard.socketPath()
  rmSync(dirname(first), { recursive: true })
  const second = await guard.socketPath()
  assert.notEqual(second, first)
  assert.equal(dirname(second), dirname(first))
  assert.equal(statSync(dirname(second)).mode & 0o777, 0o700)
  await using server = createServer().listen(second)
  await new Promise((resolve) => server.once('listening', resolve))
})

test('Security: what somebody has put in the place of that folder is never used', async () => {
  using site = temporarySite()
  await using guard = new ProgramGuard(chooseSpawner().spawner)
  const folder = dirname(await guard.socketPath())
  for (const put of [() => symlinkSync(site.root, folder), () => writeFileSync(folder, '')]) {
    rmSync(folder, { recursive: true })
    put()
    await assert.rejects(guard.socketPath(), /somebody else/)
  }
  rmSync(folder)
  mkdirSync(folder)
})
