// Git over HTTP through git-http-backend: clone, push with a body of unknown length, fetch with a compressed request.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cgi } from '../../src/index.ts'
import { findProgram, missing } from '../support/real-parts.ts'
import { startGateway, type GatewayServer } from './gateway-server.ts'
import { commitRandomFile, gitWorld, type GitWorld } from './git-repository.ts'

const skip = missing('git', 'git-http-backend')

function startGit({ repositories, env }: GitWorld): Promise<GatewayServer> {
  const script = findProgram('git-http-backend') ?? ''
  const options = {
    env: { ...env, GIT_PROJECT_ROOT: repositories, GIT_HTTP_EXPORT_ALL: '1' },
    passAuthorization: true,
  }
  return startGateway([{ path: '/git/', to: cgi({ script }, options) }])
}

test('git: clone through git-http-backend, by protocol version 2', { skip }, async () => {
  using world = await gitWorld()
  await using server = await startGit(world)
  const version2 = ['-c', 'protocol.version=2', 'clone', '--verbose', `${server.url}git/project.git`, 'clone']
  const { stderr } = await world.traced('PACKET', world.root, ...version2)
  assert.match(stderr, /clone< version 2/, 'Git-Protocol was to reach the program')
  assert.equal(readFileSync(join(world.root, 'clone/README'), 'utf8'), 'read me\n')
  assert.deepEqual(server.troubles, [])
  const { stdout } = await world.git(join(world.root, 'clone'), 'ls-remote', 'origin')
  assert.match(stdout, /refs\/heads\/main/)
})

test('git: push of 5 MiB, chunked, arrives whole', { skip }, async () => {
  using world = await gitWorld()
  await using server = await startGit(world)
  const clone = join(world.root, 'clone')
  await world.git(world.root, 'clone', '--quiet', `${server.url}git/project.git`, clone)
  await commitRandomFile(world, clone, 'random', 5 * 1024 * 1024)
  const { stderr } = await world.traced('CURL', clone, '-c', 'http.postBuffer=65536', 'push', 'origin', 'HEAD:main')
  assert.match(stderr, /Transfer-Encoding: chunked/i, 'the push was to be of unknown length')
  assert.deepEqual(server.troubles, [])

  const again = join(world.root, 'again')
  await world.git(world.root, 'clone', '--quiet', `${server.url}git/project.git`, again)
  assert.ok(readFileSync(join(again, 'random')).equals(readFileSync(join(clone, 'random'))))
  await world.git(join(world.repositories, 'project.git'), 'fsck', '--strict')
})

test('git: fetch with a request that the client has compressed (Content-Encoding: gzip)', { skip }, async () => {
  using world = await gitWorld()
  await using server = await startGit(world)
  const [here, there] = [join(world.root, 'here'), join(world.root, 'there')]
  for (const folder of [here, there])
    await world.git(world.root, 'clone', '--quiet', `${server.url}git/project.git`, folder)
  // Many branches to ask for make the request long enough.
  for (let n = 0; n < 30; n++) {
    await world.git(there, 'commit', '--quiet', '--allow-empty', '--message', `there ${n}`)
    await world.git(there, 'branch', `branch-${n}`)
  }
  await world.git(there, 'push', '--quiet', '--all', 'origin')
  // Version 2 sends it in chunks, as it is.
  const { stderr } = await world.traced('CURL', here, '-c', 'protocol.version=0', 'fetch', 'origin')
  assert.match(stderr, /Content-Encoding: gzip/i, 'the request was to be compressed')
  const { stdout } = await world.git(here, 'log', '--format=%s', 'origin/branch-29')
  assert.match(stdout, /^there 29\nthere 28\n/)
  assert.deepEqual(server.troubles, [])
})

test('git: what git-http-backend refuses reaches the client as its answer', { skip }, async () => {
  using world = await gitWorld()
  await using server = await startGit(world)
  await assert.rejects(world.git(world.root, 'clone', `${server.url}git/none.git`, 'none'), /not found/)
  await world.git(join(world.repositories, 'project.git'), 'config', 'http.receivepack', 'false')
  const clone = join(world.root, 'clone')
  await world.git(world.root, 'clone', '--quiet', `${server.url}git/project.git`, clone)
  await commitRandomFile(world, clone, 'random', 1000)
  await assert.rejects(world.git(clone, 'push', 'origin', 'HEAD:main'), /403/)
})
