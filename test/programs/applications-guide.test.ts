// The programs of the guide about applications: each as a CGI program, and as a FastCGI program that is started on demand.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createGateway, fastcgiProgram } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'

const guide = fileURLToPath(new URL('../../../docs/guides/applications.md', import.meta.url))
const built = new URL('../../../dist/app.js', import.meta.url).href

const blocks = [...readFileSync(guide, 'utf8').matchAll(/^```js\n([^]*?)^```/gm)].map((match) => match[1] ?? '')

/** The one program of the guide that has these words, with its packages where they lie here. */
function shown(words: string): string {
  const [program, another] = blocks.filter((block) => block.includes(words))
  assert.ok(program !== undefined && another === undefined, words)
  return program.replaceAll(/ from '([^':]+)'/g, (_, name: string) => {
    return ` from '${name === 'postern/app' ? built : import.meta.resolve(name)}'`
  })
}

function askByCgi(program: string, path: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    input: '',
    env: {
      GATEWAY_INTERFACE: 'CGI/1.1',
      REQUEST_METHOD: 'GET',
      SERVER_PROTOCOL: 'HTTP/1.1',
      SERVER_NAME: 'localhost',
      SERVER_PORT: '80',
      REMOTE_ADDR: '127.0.0.1',
      SCRIPT_NAME: '/cgi-bin/app.mjs',
      PATH_INFO: path,
    },
  })
  assert.equal(stderr, '')
  return stdout
}

for (const [name, words] of [
  ['a fetch function', "if (pathname === '/echo')"],
  ['Hono', 'new Hono()'],
  ['Express', 'express()'],
  ['Fastify', 'Fastify()'],
] as const) {
  test(`applications.md: the program with ${name}, by CGI and by FastCGI`, async () => {
    using site = temporarySite({ 'app.mjs': shown(words) })
    const program = join(site.root, 'app.mjs')
    chmodSync(program, 0o755)
    assert.match(askByCgi(program, '/'), /^Status: 200 OK\r\n[^]*\r\n\r\nHello by cgi\.\n$/)
    await using gateway = createGateway({
      routes: [{ path: '/shop/', to: fastcgiProgram({ script: program }) }],
    })
    const answer = await gateway.fetch(new Request('http://localhost/shop/'))
    assert.deepEqual([answer.status, await answer.text()], [200, 'Hello by fastcgi.\n'])
    const missing = await gateway.fetch(new Request('http://localhost/shop/missing'))
    assert.equal(missing.status, 404)
    await missing.text()
  })
}

test('applications.md: the program that answers bit by bit', () => {
  using site = temporarySite({ 'app.mjs': shown('async function* ticks') })
  assert.match(askByCgi(join(site.root, 'app.mjs'), '/'), /\r\n\r\ndata: 1\n\ndata: 2\n\ndata: 3\n\n$/)
})
