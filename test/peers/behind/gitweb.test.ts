// Postern in front of gitweb in FastCGI mode (CGI::Fast), which ends its process after a hundred requests (FastCGI 7):
// spawn-fcgi's multiwatch would start it again; here it ends, and Postern says 502.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ServerProcess } from '../../../bench/server-process.ts'
import { fastcgi } from '../../../src/index.ts'
import { startGateway } from '../../programs/gateway-server.ts'
import { gitWorld } from '../../programs/git-repository.ts'
import { perlModuleMissing } from '../../programs/perl-module.ts'
import { findProgram, missing } from '../../support/real-parts.ts'

const skip = missing('git', 'gitweb.cgi', 'perl') || perlModuleMissing('CGI::Fast')

test('in front of gitweb in FastCGI mode: pages, a file, one that is not there, many requests', { skip }, async () => {
  using world = await gitWorld()
  const configuration = join(world.root, 'gitweb.conf')
  writeFileSync(configuration, `$projectroot = '${world.repositories}';\n$feature{'pathinfo'}{'default'} = [1];\n1;\n`)
  const socket = join(world.root, 'gitweb.sock')
  const environment = Object.entries({ ...world.env, GITWEB_CONFIG: configuration, FCGI_SOCKET_PATH: socket })
  await using gitweb = new ServerProcess({
    command: 'env',
    args: [...environment.map((pair) => pair.join('=')), 'perl', findProgram('gitweb.cgi') ?? '', '--fastcgi'],
    logFile: join(world.root, 'gitweb.log'),
  })
  await gitweb.untilListening({ path: socket })
  await using server = await startGateway([{ path: '/gitweb/', to: fastcgi(`unix:${socket}`) }])

  const list = await fetch(`${server.url}gitweb/`)
  assert.equal(list.status, 200, server.troubles.join('\n'))
  assert.match(await list.text(), /A project of the tests/)

  const file = await fetch(`${server.url}gitweb/project.git/blob_plain/main:/README`)
  assert.equal(await file.text(), 'read me\n', server.troubles.join('\n'))

  const none = await fetch(`${server.url}gitweb/?p=none.git`)
  assert.equal(none.status, 404)
  assert.match(await none.text(), /No such project/)

  const pages = Array.from({ length: 30 }, () => fetch(`${server.url}gitweb/?p=project.git;a=summary`))
  for (const page of await Promise.all(pages)) assert.match(await page.text(), /The first commit/)
})
