// A Python application as a destination, as users mount it: the example of docs/guides/library.md.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGateway, folder, wsgi, type GatewayEvent } from '../../src/index.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite } from '../support/temporary-site.ts'

const skip = missing('python3')

const application = `
import os

def application(environ, start_response):
    if environ['PATH_INFO'] == '/raise':
        raise ValueError('no')
    print('asked for', environ['PATH_INFO'], file=environ['wsgi.errors'])
    start_response('200 OK', [('Content-Type', 'text/plain')])
    body = environ['wsgi.input'].read()
    return ['{} {} {} {}'.format(VERSION, environ['SCRIPT_NAME'], environ['PATH_INFO'], len(body)).encode(), b'\\n']
`

const version = (number: number): string => `VERSION = ${number}\n${application}`

test('library: wsgi() answers a route beside a folder, and its lines are in the log', { skip }, async () => {
  const events: GatewayEvent[] = []
  using site = temporarySite({ 'page.txt': 'page', 'app.py': version(1) })
  await using gateway = createGateway({
    routes: [
      { path: '/', to: folder(site.root) },
      { path: '/py/', to: wsgi('app', { folder: site.root, workers: 1 }) },
    ],
    observe: (event) => void events.push(event),
  })
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    gateway.fetch(new Request(`http://localhost${path}`, init))
  assert.equal(await (await ask('/page.txt')).text(), 'page')
  assert.equal(await (await ask('/py/a%20b')).text(), '1 /py /a b 0\n')
  assert.equal(await (await ask('/py/', { method: 'POST', body: 'x'.repeat(100_000) })).text(), '1 /py / 100000\n')
  const lines = events.flatMap((event) => (event.type === 'diagnostic-line' ? [[event.script, event.line]] : []))
  assert.deepEqual(lines[0], ['app', 'asked for /a b'])
  assert.equal((await ask('/py/raise')).status, 500)
  assert.equal((await ask('/py/x')).status, 200)
})

test('library: restart() loads the application afresh, new workers first', { skip }, async () => {
  using site = temporarySite({ 'app.py': version(1) })
  await using gateway = createGateway({
    routes: [{ path: '/', to: wsgi('app:application', { folder: site.root, workers: 2 }) }],
  })
  const text = async (): Promise<string> => (await gateway.fetch(new Request('http://localhost/'))).text()
  assert.equal(await text(), '1  / 0\n')
  site.add('app.py', version(2))
  await gateway.restart()
  assert.equal(await text(), '2  / 0\n')
})

test('library: with reload the request after an edit is answered by the new file', { skip }, async () => {
  using site = temporarySite({ 'app.py': version(1) })
  await using gateway = createGateway({
    routes: [{ path: '/', to: wsgi('app:application', { folder: site.root, reload: true }) }],
  })
  const ask = (): Promise<Response> => gateway.fetch(new Request('http://localhost/'))
  assert.equal(await (await ask()).text(), '1  / 0\n')
  site.add('app.py', version(2))
  assert.equal(await (await ask()).text(), '2  / 0\n')
  site.add('app.py', 'def application(:\n')
  assert.equal((await ask()).status, 503)
  site.add('app.py', version(3))
  assert.equal(await (await ask()).text(), '3  / 0\n')
})

test('library: what is no application, no folder or no Python is a TypeError', () => {
  assert.throws(() => wsgi(':x'), { name: 'TypeError', message: /MODULE:NAME/ })
  assert.throws(() => wsgi('app', { folder: '/nowhere/at/all' }), { name: 'TypeError', message: /is no folder/ })
  assert.throws(() => wsgi('app', { python: 'no-such-python' }), { name: 'TypeError', message: /no Python/ })
  assert.throws(() => wsgi('app', { venv: '/nowhere' }), { name: 'TypeError', message: /no virtual environment/ })
  assert.throws(() => wsgi('app', { workers: 0 }), { name: 'TypeError', message: /workers/ })
  const running: object = { maxRunning: 3 }
  assert.throws(() => wsgi('app', running), { name: 'TypeError', message: /workers × threads/ })
})
