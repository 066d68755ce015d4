// The JavaScript of the guide about authorizers and filters does what the guide says: as a CGI program, and behind a socket.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ServerProcess } from '../../bench/server-process.ts'
import { createGateway, fastcgi } from '../../src/index.ts'
import { startServer } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const guide = fileURLToPath(new URL('../../../docs/guides/authorizers.md', import.meta.url))
const built = new URL('../../../dist/app.js', import.meta.url).href

/** The one program of the guide that begins with this line, with the package where it lies here. */
function shown(firstLine: string): string {
  const blocks = [...readFileSync(guide, 'utf8').matchAll(/^```js\n([^]*?)^```/gm)].map((match) => match[1] ?? '')
  const [program, another] = blocks.filter((block) => block.startsWith(`${firstLine}\n`))
  assert.ok(program !== undefined && another === undefined, firstLine)
  assert.ok(program.includes("'postern/app'"))
  return program.replace("'postern/app'", `'${built}'`)
}

/** The program behind a socket of its own. */
async function behindSocket(folder: string, program: string): Promise<AsyncDisposable & { readonly address: string }> {
  const path = join(folder, 'program.sock')
  const server = new ServerProcess({
    command: process.execPath,
    args: [join(folder, program), '--listen', `fastcgi:unix:${path}`],
    logFile: join(folder, 'program.log'),
  })
  await server.untilListening({ path })
  return { address: `unix:${path}`, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

for (const start of ['as a CGI program', 'behind a socket']) {
  test(`authorizers.md: the authorizer in JavaScript, ${start}`, async () => {
    using site = temporarySite({
      'auth/auth.mjs': shown('#!/usr/bin/env node').replace('#!/usr/bin/env node', `#!${process.execPath}`),
      'site/page.txt': 'page\n',
      'site/login.html': 'log in\n',
      'site/cgi-bin/who': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n$REMOTE_USER\\n"\n',
    })
    await using program =
      start === 'behind a socket' ? await behindSocket(join(site.root, 'auth'), 'auth.mjs') : undefined
    const authorizer = program === undefined ? join(site.root, 'auth/auth.mjs') : `fastcgi:${program.address}`
    await using server = await startServer([join(site.root, 'site'), '--authorizer', authorizer])
    const get = (path: string, session: string): Promise<Response> =>
      fetch(`${server.url}${path}`, { redirect: 'manual', headers: { Cookie: `session=${session}` } })
    assert.equal(await (await get('page.txt', '0123abcd')).text(), 'page\n')
    assert.equal(await (await get('cgi-bin/who', '0123abcd')).text(), 'ada\n')
    assert.equal(await (await get('%6cogin.html', 'none')).text(), 'log in\n')
    for (const path of ['page.txt', 'cgi-bin/who', 'none', 'x/login.html']) {
      const other = await get(path, 'other')
      assert.deepEqual([other.status, other.headers.get('location')], [302, '/login.html'], path)
    }
  })
}

test('authorizers.md: the filter in JavaScript', async () => {
  using site = temporarySite({ 'program/shout.mjs': shown('// shout.mjs'), 'notes/note.txt': 'remember the milk\n' })
  await using program = await behindSocket(join(site.root, 'program'), 'shout.mjs')
  const to = fastcgi(program.address, { role: 'filter', root: join(site.root, 'notes') })
  await using gateway = createGateway({ routes: [{ path: '/notes/', to }] })
  const ask = (headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    gateway.fetch(new Request('http://localhost/notes/note.txt', { headers }))
  const first = await ask()
  assert.equal(await first.text(), 'REMEMBER THE MILK\n')
  const again = await ask({ 'If-Modified-Since': first.headers.get('last-modified') ?? '' })
  assert.equal(again.status, 304)
})
