// PEP 3333 "The Server/Gateway Side": close() comes after the last byte. An answer that is whole by its Content-Length does
// not wait for it; what happens then is for the log alone.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { wsgi, type WsgiOptions } from '../../src/config/wsgi.ts'
import type { GatewayEvent } from '../../src/events/events.ts'
import { createGateway, type PosternGateway } from '../../src/index.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'

const skip = missing('python3')

const application = `
import os, time

class Answer:
    def __init__(self, environ, at_close):
        self.environ, self.at_close = environ, at_close
    def __iter__(self):
        return iter([b'whole'])
    def close(self):
        self.at_close(self.environ)

def waits(environ):
    while not os.path.exists('go'):
        time.sleep(0.02)

def writes(environ):
    waits(environ)
    environ['wsgi.errors'].write('said in close()\\n')

def says_and_waits(environ):
    environ['wsgi.errors'].write('said in close()\\n')
    waits(environ)

def raises(environ):
    raise ValueError('raised in close()')

def ends(environ):
    os._exit(7)

def app(environ, start_response):
    name = environ['PATH_INFO'][1:]
    headers = [('Content-Type', 'text/plain')]
    if name == 'hello':
        start_response('200 OK', headers)
        return [b'hello']
    start_response('200 OK', headers + [('Content-Length', '5')])
    return Answer(environ, globals()[name])
`

interface Serving {
  readonly gateway: PosternGateway
  readonly site: TemporarySite
  readonly port: number
  readonly events: readonly GatewayEvent[]
  readonly get: (path: string) => Promise<string>
  /** Resolves with the first such event, be it there already. */
  readonly event: <Type extends GatewayEvent['type']>(type: Type) => Promise<Extract<GatewayEvent, { type: Type }>>
}

async function serving(t: TestContext, options: WsgiOptions = {}): Promise<Serving> {
  const site = temporarySite({ 'served.py': application })
  t.after(() => site[Symbol.dispose]())
  const events: GatewayEvent[] = []
  const heard = new EventTarget()
  const gateway = createGateway({
    observe: (event) => {
      events.push(event)
      heard.dispatchEvent(new Event('event'))
    },
    routes: [{ path: '/', to: wsgi('served:app', { folder: site.root, workers: 1, ...options }) }],
  })
  t.after(() => gateway[Symbol.asyncDispose]())
  const listener = await gateway.listen('http:127.0.0.1:0')
  const get = async (path: string): Promise<string> => (await fetch(new URL(path, listener.addresses[0]))).text()
  const event: Serving['event'] = async (type) => {
    for (;;) {
      const found = events.find((each) => each.type === type)
      if (found !== undefined) return found as Extract<GatewayEvent, { type: typeof type }>
      await once(heard, 'event', { signal: AbortSignal.timeout(20_000) })
    }
  }
  const port = Number(new URL(listener.addresses[0] ?? '').port)
  return { gateway, site, port, events, get, event }
}

test('PEP 3333: an answer that is whole by its Content-Length does not wait for close()', { skip }, async (t) => {
  const { site, get, event } = await serving(t)
  assert.equal(await get('/writes'), 'whole')
  // Its thread is still in close(), so that the next request waits for it.
  const next = get('/hello')
  site.add('go', '')
  assert.equal(await next, 'hello')
  const said = await event('diagnostic-line')
  assert.equal(said.line, 'said in close()')
  assert.equal(said.script, 'served:app')
})

test('PEP 3333: what close() raises is on the log, and costs nobody an answer', { skip }, async (t) => {
  const { events, get, event } = await serving(t)
  for (let time = 0; time < 3; time++) assert.equal(await get('/raises'), 'whole')
  assert.equal((await event('diagnostic-line')).line, 'Traceback (most recent call last):')
  assert.equal(await get('/hello'), 'hello')
  const said = events.filter(
    (event_) => event_.type === 'diagnostic-line' && event_.line.startsWith('ValueError: raised'),
  )
  assert.equal(said.length, 3)
  assert.deepEqual(
    events.filter(({ type }) => type === 'script-failed'),
    [],
  )
})

test(
  'Postern: a worker that ends in close() has its end told, and not as an answer that was cut short',
  { skip },
  async (t) => {
    const { get, event } = await serving(t)
    assert.equal(await get('/ends'), 'whole')
    const { failure } = await event('script-failed')
    assert.deepEqual(failure, { kind: 'worker-ended', exitCode: 7, signal: null })
    assert.equal(await get('/hello'), 'hello')
  },
)

test('Postern: a close() that takes too long is a request that takes too long', { skip }, async (t) => {
  const { get, event } = await serving(t, { totalTimeout: '1s' })
  assert.equal(await get('/waits'), 'whole')
  const { failure } = await event('script-failed')
  assert.deepEqual(failure, { kind: 'timed-out', phase: 'total', afterMs: 1000 })
  assert.equal(await get('/hello'), 'hello')
})

test('Postern: a close() that says something and then takes too long is no less limited', { skip }, async (t) => {
  const { get, event } = await serving(t, { totalTimeout: '3s' })
  // What a script says that nobody is to hear is listened to for so long and no longer.
  t.mock.timers.enable({ apis: ['setTimeout'] })
  assert.equal(await get('/says_and_waits'), 'whole')
  await event('diagnostic-line')
  t.mock.timers.tick(60_000)
  t.mock.timers.reset()
  const { failure } = await event('script-failed')
  assert.deepEqual(failure, { kind: 'timed-out', phase: 'total', afterMs: 3000 })
  assert.equal(await get('/hello'), 'hello')
})

test('PEP 3333: a client that has the answer and leaves does not end close()', { skip }, async (t) => {
  const { site, port, event } = await serving(t)
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /writes HTTP/1.1\r\nHost: localhost\r\n\r\n')
  let text = ''
  while (!text.endsWith('whole')) text += String(await once(socket, 'data', { signal: AbortSignal.timeout(20_000) }))
  socket.destroy()
  await event('request-ended')
  site.add('go', '')
  assert.equal((await event('diagnostic-line')).line, 'said in close()')
})

test('Postern: an end of the server does not wait for close(), and tells of no failure', { skip }, async (t) => {
  const { gateway, events, get } = await serving(t, { killGrace: '1s' })
  assert.equal(await get('/waits'), 'whole')
  await gateway[Symbol.asyncDispose]()
  assert.deepEqual(
    events.filter(({ type }) => type === 'script-failed'),
    [],
  )
})

test('Postern: an end of the server ends what is heard of a close() too', { skip }, async (t) => {
  const { gateway, events, get, event } = await serving(t, { killGrace: '1s' })
  assert.equal(await get('/says_and_waits'), 'whole')
  await event('diagnostic-line')
  await gateway[Symbol.asyncDispose]()
  await event('program-ended')
  assert.deepEqual(
    events.filter(({ type }) => type === 'script-failed'),
    [],
  )
})
