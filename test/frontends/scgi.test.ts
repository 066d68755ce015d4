// The scgi frontend, asked by a client that was written from the specification.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGateway, folder, type GatewayEvent } from '../../src/index.ts'
import { open, readAll, readCgiAnswer, scgiRequest, variablesOf } from '../support/gateway-clients.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const typed = 'printf "Content-Type: text/plain\\n\\n"\n'
const site = temporarySite({
  'cgi-bin/env': `#!/bin/sh\n${typed}env\n`,
  'cgi-bin/count': `#!/bin/sh\n${typed}wc -c\n`,
  // Shorter than it says: nobody need know how the program ended.
  'cgi-bin/short':
    '#!/bin/sh\nprintf "Content-Type: text/plain\\nContent-Length: 300000\\n\\n"\nhead -c 200000 /dev/zero\n',
  'cgi-bin/sleep': '#!/bin/sh\nexec sleep 60\n',
  'cgi-bin/nph-odd':
    '#!/bin/sh\nprintf "HTTP/1.1 404 Not Here\\r\\nStatus: 200 OK\\r\\nContent-Type: text/plain\\r\\n\\r\\nno\\n"\n',
})
process.on('exit', () => site[Symbol.dispose]())

interface Stage extends AsyncDisposable {
  readonly address: string
  readonly events: readonly GatewayEvent[]
}

async function stage(address = 'scgi:127.0.0.1:0', headerTimeout = '10s'): Promise<Stage> {
  const events: GatewayEvent[] = []
  const gateway = createGateway({
    routes: [{ path: '/', to: folder(site.root, { warm: 'off' }) }],
    observe: (event) => events.push(event),
  })
  const listener = await gateway.listen(address, { headerTimeout })
  return {
    address: listener.addresses[0] ?? '',
    events,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  }
}

async function ask(address: string, ...parts: readonly Buffer[]): Promise<ReturnType<typeof readCgiAnswer>> {
  const socket = open(address)
  for (const part of parts) socket.write(part)
  return readCgiAnswer((await readAll(socket)).bytes)
}

test('SCGI: a request is answered as a CGI program does, and its connection closed', async () => {
  await using server = await stage()
  const { status, body } = await ask(server.address, scgiRequest(variablesOf('/cgi-bin/env', { PATH_INFO: '/x' })))
  assert.equal(status, '200 OK')
  assert.match(body, /^PATH_INFO=\/x$/m)
  // CONTENT_LENGTH of 0 is the protocol's, not the client's.
  assert.doesNotMatch(body, /^(?:CONTENT_LENGTH|SCGI)=/m)
})

test('SCGI: a request cut at any byte is the same request', async () => {
  await using server = await stage()
  const bytes = scgiRequest(variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST' }), '12345')
  const parts = Array.from(bytes, (byte) => Buffer.of(byte))
  assert.match((await ask(server.address, ...parts)).body, /^5\n/)
})

test('SCGI: large bodies arrive whole, and what is more than CONTENT_LENGTH is let pass', async () => {
  await using server = await stage()
  const variables = variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST' })
  assert.match((await ask(server.address, scgiRequest(variables, Buffer.alloc(3_000_000)))).body, /^3000000\n/)
  assert.match((await ask(server.address, scgiRequest(variables, 'abc'), Buffer.from('more'))).body, /^3\n/)
})

test('Postern: nginx with scgi_request_buffering off: the client’s own Content-Length is how much comes', async () => {
  await using server = await stage()
  const variables = variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST', HTTP_CONTENT_LENGTH: '5' })
  assert.match((await ask(server.address, scgiRequest(variables), Buffer.from('12345'))).body, /^5\n/)
})

test('SCGI: what is no request closes the connection, and so does a head that does not all come', async () => {
  await using server = await stage('scgi:127.0.0.1:0', '300ms')
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '999999999:', '5:SCGI\0,', '30:CONTENT_LENGTH\x000\0']) {
    const socket = open(server.address)
    socket.write(Buffer.from(bytes))
    assert.equal((await readAll(socket)).bytes.length, 0)
  }
  assert.ok(server.events.some((event) => event.type === 'notice' && event.text.includes('headerTimeout')))
})

test('Postern: a client that goes away ends its script', async () => {
  await using server = await stage()
  const socket = open(server.address)
  socket.write(scgiRequest(variablesOf('/cgi-bin/sleep')))
  assert.ok(await eventually(() => server.events.some(({ type }) => type === 'program-started'), 10_000))
  socket.destroy()
  assert.ok(await eventually(() => server.events.some(({ type }) => type === 'program-ended'), 10_000))
})

test('Postern: a body that breaks off is a reset over TCP, so that nobody takes it for whole', async () => {
  await using server = await stage()
  const codes: unknown[] = []
  // A reset that comes in one read with the last bytes is an end to Node, so that one may go unseen, but not all.
  while (codes.length < 20 && !codes.includes('ECONNRESET')) {
    const socket = open(server.address)
    socket.write(scgiRequest(variablesOf('/cgi-bin/short')))
    codes.push((await readAll(socket)).code)
  }
  assert.ok(codes.includes('ECONNRESET'), String(codes))
})

test('RFC 3875 5: the status of an NPH program is said once, whatever its fields say', async () => {
  await using server = await stage()
  const { status, fields } = await ask(server.address, scgiRequest(variablesOf('/cgi-bin/nph-odd')))
  assert.equal(status, '404 Not Here')
  assert.equal(fields.get('status'), '404 Not Here')
})

test('Postern: a variable with a line end is 400', async () => {
  await using server = await stage()
  assert.match((await ask(server.address, scgiRequest(variablesOf('/cgi-bin/env', { HTTP_X: 'a\nb' })))).status, /^400/)
})

test('Postern: frontMounts: the routes begin behind SCRIPT_NAME, a site’s too', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root, { warm: 'off' }) }] })
  const listener = await gateway.listen('scgi:127.0.0.1:0', { frontMounts: true })
  const variables = variablesOf('/shop', { PATH_INFO: '/cgi-bin/env/x' })
  const { status, body } = await ask(listener.addresses[0] ?? '', scgiRequest(variables))
  assert.equal(status, '200 OK')
  assert.match(body, /^SCRIPT_NAME=\/shop\/cgi-bin\/env$/m)
  assert.match(body, /^PATH_INFO=\/x$/m)
})

test('Postern: untilIdle waits for requests under way, and from their end on', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root, { warm: 'off' }) }] })
  const listener = await gateway.listen('scgi:127.0.0.1:0')
  let isIdle = false
  const socket = open(listener.addresses[0] ?? '')
  socket.write(scgiRequest(variablesOf('/cgi-bin/sleep')))
  await eventually(() => false, 500)
  const idle = gateway.untilIdle(100).then(() => (isIdle = true))
  await eventually(() => false, 500)
  assert.equal(isIdle, false)
  socket.destroy()
  await idle
})
