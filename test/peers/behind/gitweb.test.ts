// gitweb in FastCGI mode (CGI::Fast): one process that somebody else has started, and processes that Postern starts. gitweb
// ends after each error page, and after a hundred requests (FastCGI 7): only who starts programs can live with that.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ServerProcess } from '../../../bench/server-process.ts'
import { fastcgi, fastcgiProgram } from '../../../src/index.ts'
import { startGateway, type GatewayServer } from '../../programs/gateway-server.ts'
import { gitWorld, type GitWorld } from '../../programs/git-repository.ts'
import { perlModuleMissing } from '../../programs/perl-module.ts'
import { findProgram, missing } from '../../support/real-parts.ts'

const skip = missing('git', 'gitweb.cgi', 'perl') || perlModuleMissing('CGI::Fast')
const script = findProgram('gitweb.cgi') ?? ''

test('in front of gitweb in FastCGI mode: its pages, and thirty requests to its one process', { skip }, async () => {
  using world = await gitWorld()
  const socket = join(world.root, 'gitweb.sock')
  const environment = Object.entries({ ...world.env, FCGI_SOCKET_PATH: socket }).map((pair) => pair.join('='))
  await using gitweb = new ServerProcess({
    command: 'env',
    args: [...environment, 'perl', script, '--fastcgi'],
    logFile: join(world.root, 'gitweb.log'),
  })
  await gitweb.untilListening({ path: socket })
  // The variables of a request take the place of the process's environment: the configuration comes with them.
  const to = fastcgi(`unix:${socket}`, { env: environmentOf(world) })
  await using server = await startGateway([{ path: '/gitweb/', to }])
  await checkPages(server)
  await askOften(server, 30)
})

test(
  'FastCGI 7: gitweb, started by Postern, ends after error pages and a hundred requests, and none is lost',
  {
    skip,
  },
  async () => {
    using world = await gitWorld()
    const to = fastcgiProgram({ script, args: ['--fastcgi'] }, { env: environmentOf(world) })
    await using server = await startGateway([{ path: '/gitweb/', to }])
    await checkPages(server)
    for (let turn = 0; turn < 3; turn++) {
      const none = await fetch(`${server.url}gitweb/?p=none.git`)
      assert.equal(none.status, 404)
      assert.match(await none.text(), /No such project/)
    }
    await askOften(server, 220)
  },
)

function environmentOf(world: GitWorld): Readonly<Record<string, string>> {
  const configuration = join(world.root, 'gitweb.conf')
  writeFileSync(configuration, `$projectroot = '${world.repositories}';\n$feature{'pathinfo'}{'default'} = [1];\n1;\n`)
  return { ...world.env, GITWEB_CONFIG: configuration }
}

async function checkPages(server: GatewayServer): Promise<void> {
  const list = await fetch(`${server.url}gitweb/`)
  assert.equal(list.status, 200, server.troubles.join('\n'))
  assert.match(await list.text(), /A project of the tests/)
  const file = await fetch(`${server.url}gitweb/project.git/blob_plain/main:/README`)
  assert.equal(await file.text(), 'read me\n', server.troubles.join('\n'))
}

/** Four at a time. */
async function askOften(server: GatewayServer, times: number): Promise<void> {
  let left = times
  const ask = async (): Promise<void> => {
    while (left-- > 0) {
      const answer = await fetch(`${server.url}gitweb/project.git/blob_plain/main:/README`)
      assert.equal(await answer.text(), 'read me\n', server.troubles.join('\n'))
    }
  }
  await Promise.all(Array.from({ length: 4 }, ask))
}
