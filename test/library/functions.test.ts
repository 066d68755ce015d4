// Functions that answer, as users mount them: the example of docs/guides/library.md, on two frontends.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { app, createGateway, folder, type FunctionHandler, type GatewayEvent } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'

const hello: FunctionHandler = (request, { variables, diagnostics }) => {
  const { pathname } = new URL(request.url)
  diagnostics(`asked for ${pathname} by ${variables.get('REMOTE_ADDR')}`)
  return new Response(`hello from ${variables.get('SCRIPT_NAME')}, not ${variables.get('PATH_INFO')}\n`)
}

test('library: app() answers a route beside a folder, and its lines are in the log', async () => {
  const events: GatewayEvent[] = []
  using site = temporarySite({ 'page.txt': 'page' })
  await using gateway = createGateway({
    routes: [
      { path: '/', to: folder(site.root) },
      { path: '/hello/', to: app(hello) },
    ],
    observe: (event) => void events.push(event),
  })
  const text = async (path: string): Promise<string> =>
    (await gateway.fetch(new Request(`http://localhost${path}`))).text()
  assert.equal(await text('/page.txt'), 'page')
  assert.equal(await text('/hello/a%20b?c'), 'hello from /hello, not /a b\n')
  const lines = events.flatMap((event) => (event.type === 'diagnostic-line' ? [[event.script, event.line]] : []))
  assert.deepEqual(lines, [['hello', 'asked for /hello/a%20b by 127.0.0.1']])
})

const echo: FunctionHandler = (request) => {
  const headers = new Headers({ 'Content-Type': 'application/octet-stream' })
  headers.append('Set-Cookie', 'a=1')
  headers.append('Set-Cookie', 'b=2')
  return new Response(request.body, { headers })
}

test('library: app() over node:http streams in both directions, and sends each cookie', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: app(echo) }] })
  const server = createServer(gateway.node()).listen(0, '127.0.0.1')
  try {
    await once(server, 'listening')
    const address = server.address()
    assert.ok(address !== null && typeof address === 'object')
    const body = 'x'.repeat(300_000)
    const answer = await fetch(`http://127.0.0.1:${address.port}/`, { method: 'POST', body })
    assert.equal(await answer.text(), body)
    assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2'])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

const failing: FunctionHandler = ({ url }) => {
  if (url.endsWith('/throws')) throw new Error('a secret')
  return new Promise(() => {})
}

test('library: a function that throws is 502, one that is too slow is 504, one too many is 503', async () => {
  const to = app(failing, { firstByteTimeout: '300ms', maxRunning: 1, maxQueue: 0 })
  const events: GatewayEvent[] = []
  await using gateway = createGateway({ routes: [{ path: '/', to }], observe: (event) => void events.push(event) })
  const ask = (path: string): Promise<Response> => gateway.fetch(new Request(`http://localhost${path}`))
  const thrown = await ask('/throws')
  assert.equal(thrown.status, 502)
  assert.ok(!(await thrown.text()).includes('a secret'))
  assert.ok(events.some((event) => event.type === 'diagnostic-line' && event.line === 'Error: a secret'))
  const answers = await Promise.all([ask('/slow'), ask('/slow')])
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [503, 504],
  )
})

const reject = (options: object, pattern: RegExp): void => {
  assert.throws(() => app(hello, options), pattern)
}

test('library: app() names options that cannot be in a TypeError', () => {
  reject({ firstByteTimout: '3s' }, /TypeError: app\(\): .*firstByteTimout/)
  reject({ killGrace: '3s' }, /killGrace/)
  assert.throws(() => app(JSON.parse('{}')), /TypeError: app\(\): the handler is a function, not object/)
})
