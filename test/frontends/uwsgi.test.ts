// The uwsgi frontend, asked by a client that was written from the description of the protocol.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGateway, folder, type GatewayEvent } from '../../src/index.ts'
import { open, readAll, uwsgiRequest, variablesOf } from '../support/gateway-clients.ts'
import { temporarySite } from '../support/temporary-site.ts'

const typed = 'printf "Content-Type: text/plain\\n\\n"\n'
const site = temporarySite({
  'cgi-bin/env': `#!/bin/sh\n${typed}env\n`,
  'cgi-bin/count': `#!/bin/sh\n${typed}wc -c\n`,
  // Shorter than it says: nobody need know how the program ended.
  'cgi-bin/short':
    '#!/bin/sh\nprintf "Content-Type: text/plain\\nContent-Length: 300000\\n\\n"\nhead -c 200000 /dev/zero\n',
})
process.on('exit', () => site[Symbol.dispose]())

async function ask(
  ...parts: readonly Buffer[]
): Promise<{ readonly text: string; readonly code: string | undefined; readonly notices: readonly string[] }> {
  const events: GatewayEvent[] = []
  await using gateway = createGateway({
    routes: [{ path: '/', to: folder(site.root, { warm: 'off' }) }],
    observe: (event) => events.push(event),
  })
  const listener = await gateway.listen('uwsgi:127.0.0.1:0', { headerTimeout: '500ms' })
  const socket = open(listener.addresses[0] ?? '')
  for (const part of parts) socket.write(part)
  const { bytes, code } = await readAll(socket)
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))
  return { text: bytes.toString('latin1'), code, notices }
}

test('uwsgi: a request is answered with a status line, which mod_proxy_uwsgi must have', async () => {
  const { text } = await ask(
    uwsgiRequest({ ...variablesOf('/cgi-bin/env'), SCRIPT_NAME: '', PATH_INFO: '/cgi-bin/env/x' }),
  )
  assert.match(text, /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/plain\r\n/)
  assert.match(text, /^PATH_INFO=\/x$/m)
})

test('uwsgi: a request cut at any byte is the same request', async () => {
  const bytes = uwsgiRequest(variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST' }), '12345')
  const { text } = await ask(...Array.from(bytes, (byte) => Buffer.of(byte)))
  assert.match(text, /\r\n\r\n5\n$/)
})

test('uwsgi: a large body arrives whole', async () => {
  const variables = variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST' })
  assert.match((await ask(uwsgiRequest(variables, Buffer.alloc(3_000_000)))).text, /\r\n\r\n3000000\n$/)
})

test('CVE-2020-11984: UWSGI_* variables do nothing and go nowhere', async () => {
  const magic = { UWSGI_FILE: '/bin/echo', UWSGI_SCRIPT: 'x', UWSGI_APPID: 'y', UWSGI_SETENV: 'A=b' }
  const { text } = await ask(uwsgiRequest(variablesOf('/cgi-bin/env', magic)))
  assert.match(text, /^HTTP\/1\.1 200/)
  assert.doesNotMatch(text, /UWSGI|^A=b/m)
})

test('uwsgi: a modifier1 other than 0 is refused, and the log says so', async () => {
  const { text, notices } = await ask(uwsgiRequest(variablesOf('/cgi-bin/env'), '', 5))
  assert.match(text, /^HTTP\/1\.1 500 /)
  assert.match(notices.join(), /modifier1 is 5/)
})

test('uwsgi: a body without CONTENT_LENGTH is 411', async () => {
  const variables = variablesOf('/cgi-bin/count', { CONTENT_LENGTH: '', HTTP_TRANSFER_ENCODING: 'chunked' })
  assert.match((await ask(uwsgiRequest(variables), Buffer.from('abc'))).text, /^HTTP\/1\.1 411 /)
})

test('uwsgi: a packet that is none, or that does not all come, closes the connection', async () => {
  assert.equal((await ask(Buffer.from([0, 4, 0, 0, 200, 0, 65, 65]))).text, '')
  const { text, notices } = await ask(Buffer.from([0, 100, 0, 0, 1]))
  assert.equal(text, '')
  assert.match(notices.join(), /headerTimeout/)
})

test('Postern: a uwsgi answer that breaks off is a reset over TCP', async () => {
  const codes: unknown[] = []
  // A reset that comes in one read with the last bytes is an end to Node, so that one may go unseen, but not all.
  while (codes.length < 20 && !codes.includes('ECONNRESET')) {
    codes.push((await ask(uwsgiRequest(variablesOf('/cgi-bin/short')))).code)
  }
  assert.ok(codes.includes('ECONNRESET'), String(codes))
})
