// Field notes 3.3: what folders served in other ways, and routes to them, never give away.

import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cgi, createGateway, files, type PosternGateway } from '../../src/index.ts'
import { programs, siteOfPrograms, spellings } from './spellings.ts'

const around = siteOfPrograms()
process.on('exit', () => around[Symbol.dispose]())
const root = join(around.root, 'www')
symlinkSync('cgi-bin/run.sh', join(root, 'readme.txt'))
symlinkSync('tool.cgi', join(root, 'tool.txt'))
symlinkSync('cgi-bin', join(root, 'public'))

async function fetched(gateway: PosternGateway, target: string): Promise<{ status: number; text: string }> {
  const response = await gateway.fetch(new Request(`http://a${target}`))
  return { status: response.status, text: await response.text() }
}

test('files(): programs are neither run nor sent', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: files(root, { listing: true }) }] })
  for (const program of [...programs, 'readme.txt', 'tool.txt', 'public/run.sh', 'sub/']) {
    for (const spell of spellings) {
      const { status, text } = await fetched(gateway, spell(program).replace(/^http:\/\/[a-z]+/, ''))
      assert.ok(status >= 200, program)
      assert.doesNotMatch(text, /S0URCE|^ran /, spell(program))
    }
  }
})

test('cgi(): every file is a program, and none is sent, not even an index or a picture', async () => {
  await using gateway = createGateway({ routes: [{ path: '/scripts', to: cgi(root) }] })
  for (const program of [...programs, 'index.html', 'readme.txt']) {
    for (const spell of spellings) {
      const { text } = await fetched(gateway, `/scripts${spell(program).replace(/^http:\/\/[a-z]+/, '')}`)
      assert.doesNotMatch(text, /S0URCE|^home/, spell(program))
    }
  }
})

test('CVE-2024-38475: a mount or a route is whole segments, and its spelling gives no second way in', async () => {
  await using gateway = createGateway({
    routes: [
      { path: '/static', to: files(join(root, 'sub')) },
      { path: '/scripts', to: cgi(join(root, 'cgi-bin')) },
    ],
  })
  for (const target of ['/scripts/run.sh', '//scripts//run.sh', '/static/../scripts/run.sh', '/%73cripts/run.sh']) {
    assert.match((await fetched(gateway, target)).text, /^ran /, target)
  }
  for (const target of [
    '/scriptsx/run.sh',
    '/Scripts/run.sh',
    '/scripts%2frun.sh',
    '/static/../cgi-bin/run.sh',
    '/static/%2e%2e/tool.cgi',
    '/static/..%2ftool.cgi',
    '/',
    '/tool.cgi',
  ]) {
    assert.equal((await fetched(gateway, target)).status, 404, target)
  }
})
