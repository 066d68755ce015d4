// Scripts that are ended, or fail, when their answer is whole or half: what is told of it is true.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createGateway, folder, serve, type GatewayEvent } from '../../src/index.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const whole = "printf 'Content-Type: a/b\\nContent-Length: 5\\n\\nhello'"
const site = temporarySite({
  'cgi-bin/whole': `#!/bin/sh\n${whole}\nexec sleep 60\n`,
  'cgi-bin/half': "#!/bin/sh\nprintf 'Content-Type: a/b\\nContent-Length: 9\\n\\nhello'\nexec sleep 60\n",
  'cgi-bin/open': "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\nhello'\nexec sleep 60\n",
  'cgi-bin/silent': '#!/bin/sh\nexec sleep 60\n',
  'cgi-bin/half-killed': "#!/bin/sh\nprintf 'Content-Type: a/b\\nContent-Length: 9\\n\\nhello'\nkill -9 $$\n",
  'cgi-bin/killed': `#!/bin/sh\n${whole}\nwhile [ ! -e "$0.go" ]; do sleep 0.05; done\nkill -9 $$\n`,
  'cgi-bin/head-killed': "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\nhello'\nkill -9 $$\n",
})
process.on('exit', () => site[Symbol.dispose]())

function failuresOf(events: readonly GatewayEvent[]): readonly unknown[] {
  return events.flatMap((event) => (event.type === 'script-failed' ? [event.failure] : []))
}

test('shutdown: of a script that has given its whole answer, nothing is told as a failure', async () => {
  const events: GatewayEvent[] = []
  const server = await serve(site.root, {
    port: 0,
    shutdownTimeout: '100ms',
    killGrace: '200ms',
    observe: (event) => events.push(event),
  })
  assert.equal(await (await fetch(`${server.url}cgi-bin/whole`)).text(), 'hello')
  await server.close()
  assert.ok(await eventually(() => events.some(({ type }) => type === 'request-ended'), 5000))
  assert.ok(events.some((event) => event.type === 'program-ended' && event.ending.signal === 'SIGTERM'))
  assert.deepEqual(failuresOf(events), [])
})

for (const name of ['half', 'open']) {
  test(`shutdown: an answer under way that the server ends is told as that, not as somebody’s kill (${name})`, async () => {
    const events: GatewayEvent[] = []
    const gateway = createGateway({
      routes: [{ path: '/', to: folder(site.root, { warm: 'off', killGrace: '200ms' }) }],
      observe: (event) => events.push(event),
    })
    // An embedding program's own server: the gateway does not know of its connections.
    const server = createServer(gateway.node()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/${name}`)
    const body = assert.rejects(answer.text())
    await gateway[Symbol.asyncDispose]()
    await body
    server.close()
    assert.deepEqual(failuresOf(events), [{ kind: 'shutting-down' }])
  })
}

test('shutdown: a script that the server ends before it answers is 503, and told as that', async () => {
  const events: GatewayEvent[] = []
  const gateway = createGateway({
    routes: [{ path: '/', to: folder(site.root, { warm: 'off', killGrace: '200ms' }) }],
    observe: (event) => events.push(event),
  })
  const answer = gateway.fetch(new Request('http://a.example/cgi-bin/silent'))
  assert.ok(await eventually(() => events.some(({ type }) => type === 'program-started'), 5000))
  await gateway[Symbol.asyncDispose]()
  assert.equal((await answer).status, 503)
  assert.deepEqual(failuresOf(events), [{ kind: 'shutting-down' }])
})

test('a script that is killed after its whole answer is told as that, and its answer stays whole', async () => {
  const events: GatewayEvent[] = []
  await using server = await serve(site.root, { port: 0, observe: (event) => events.push(event) })
  assert.equal(await (await fetch(`${server.url}cgi-bin/killed`)).text(), 'hello')
  site.add('cgi-bin/killed.go', '')
  assert.ok(await eventually(() => events.some(({ type }) => type === 'request-ended'), 5000))
  assert.deepEqual(failuresOf(events), [{ kind: 'failed-after-answer', signal: 'SIGKILL' }])
  const failed = events.find((event) => event.type === 'script-failed')
  assert.equal(failed?.diagnosis.rule, 'killed-by-sigkill')
})

test('a script that is killed before its announced length is told as killed, not as one that cannot count', async () => {
  const events: GatewayEvent[] = []
  await using server = await serve(site.root, { port: 0, observe: (event) => events.push(event) })
  await assert.rejects(fetch(`${server.url}cgi-bin/half-killed`).then((answer) => answer.text()))
  assert.ok(await eventually(() => failuresOf(events).length > 0, 5000))
  assert.deepEqual(failuresOf(events), [{ kind: 'body-cut-short', sent: 5, announced: 9, signal: 'SIGKILL' }])
})

test('HEAD: of a body that nobody is to hear nothing is cut short', async () => {
  const events: GatewayEvent[] = []
  await using server = await serve(site.root, { port: 0, observe: (event) => events.push(event) })
  assert.equal((await fetch(`${server.url}cgi-bin/head-killed`, { method: 'HEAD' })).status, 200)
  assert.ok(await eventually(() => failuresOf(events).length > 0, 5000))
  assert.deepEqual(failuresOf(events), [{ kind: 'failed-after-answer', signal: 'SIGKILL' }])
})

test('a request’s body that stops coming ends a script in the middle of its answer, and that is what is told', async () => {
  const events: GatewayEvent[] = []
  await using server = await serve(site.root, {
    port: 0,
    bodyTimeout: '300ms',
    killGrace: '200ms',
    observe: (event) => events.push(event),
  })
  const { hostname, port } = new URL(server.url)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  socket.write(`POST /cgi-bin/open HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(70_000)}`)
  socket.resume()
  await once(socket, 'close')
  assert.ok(await eventually(() => events.some(({ type }) => type === 'request-ended'), 5000))
  assert.deepEqual(failuresOf(events), [])
  const refused = events.find((event) => event.type === 'request-refused')
  assert.equal(refused?.status, 408)
})
