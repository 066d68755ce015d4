// gitweb (Perl, CGI.pm) and cgit (C): two programs that own a route each, with paths and queries of their own.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cgi } from '../../src/index.ts'
import { findProgram, missing } from '../support/real-parts.ts'
import { startGateway } from './gateway-server.ts'
import { gitWorld } from './git-repository.ts'
import { perlModuleMissing } from './perl-module.ts'

const skipGitweb = missing('git', 'gitweb.cgi', 'perl') || perlModuleMissing('CGI')
const skipCgit = missing('git', 'cgit.cgi')

test('gitweb lists a repository and shows its pages', { skip: skipGitweb }, async () => {
  using world = await gitWorld()
  const configuration = join(world.root, 'gitweb.conf')
  writeFileSync(configuration, `$projectroot = '${world.repositories}';\n$feature{'pathinfo'}{'default'} = [1];\n1;\n`)
  const script = findProgram('gitweb.cgi') ?? ''
  const to = cgi({ script }, { env: { ...world.env, GITWEB_CONFIG: configuration } })
  await using server = await startGateway([{ path: '/gitweb/', to }])

  const list = await fetch(`${server.url}gitweb/`)
  assert.equal(list.status, 200)
  assert.match(list.headers.get('content-type') ?? '', /html/)
  assert.match(await list.text(), /A project of the tests/)

  const summary = await fetch(`${server.url}gitweb/?p=project.git;a=summary`)
  assert.equal(summary.status, 200)
  assert.match(await summary.text(), /The first commit/)

  const file = await fetch(`${server.url}gitweb/project.git/blob_plain/main:/README`)
  assert.equal(await file.text(), 'read me\n', server.troubles.join('\n'))

  const none = await fetch(`${server.url}gitweb/?p=none.git`)
  assert.equal(none.status, 404)
  assert.match(await none.text(), /No such project/)
})

test('cgit lists a repository and shows its log', { skip: skipCgit }, async () => {
  using world = await gitWorld()
  const configuration = join(world.root, 'cgitrc')
  writeFileSync(configuration, `virtual-root=/cgit/\ncss=/cgit.css\nscan-path=${world.repositories}\n`)
  const script = findProgram('cgit.cgi') ?? ''
  const to = cgi({ script }, { env: { ...world.env, CGIT_CONFIG: configuration } })
  await using server = await startGateway([{ path: '/cgit/', to }])

  const list = await fetch(`${server.url}cgit/`)
  assert.equal(list.status, 200)
  assert.match(await list.text(), /href='\/cgit\/project\.git\/'/)

  const log = await fetch(`${server.url}cgit/project.git/log/?h=main`)
  assert.equal(log.status, 200)
  assert.match(await log.text(), /The first commit/)

  const file = await fetch(`${server.url}cgit/project.git/plain/README`)
  assert.equal(await file.text(), 'read me\n', server.troubles.join('\n'))

  const none = await fetch(`${server.url}cgit/none.git/`)
  assert.equal(none.status, 404)
})
