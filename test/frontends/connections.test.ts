// The http frontend's connections: what a client does to its own must not be felt on any other.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { test } from 'node:test'
import { nodeFrontend } from '../../src/frontends/node.ts'
import { serve, type GatewayEvent, type PosternServer } from '../../src/index.ts'
import { eventually, startServer } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { exchangeBytes } from '../support/wire.ts'

const typed = 'printf "Content-Type: text/plain\\n\\n"\n'
const site = temporarySite({
  'file.txt': 'file\n',
  'big.bin': Buffer.alloc(20_000_000),
  'cgi-bin/ok': `#!/bin/sh\n${typed}echo ok\n`,
  'cgi-bin/late': `#!/bin/sh\nsleep 1\n${typed}echo late\n`,
  'cgi-bin/killed': `#!/bin/sh\n${typed}echo half\nkill -9 $$\n`,
  'cgi-bin/works-on': `#!/bin/sh\nprintf 'Content-Type: a/b\\nContent-Length: 5\\n\\nhello'\nsleep 2\ntouch "$QUERY_STRING"\n`,
  'cgi-bin/works-closed': `#!/bin/sh\nprintf 'Content-Type: a/b\\nContent-Length: 5\\n\\nhello'\nexec >&-\nsleep 2\ntouch "$QUERY_STRING"\n`,
  'cgi-bin/works-empty': `#!/bin/sh\nprintf 'Content-Type: a/b\\nContent-Length: 0\\n\\n'\nsleep 2\ntouch "$QUERY_STRING"\n`,
  'cgi-bin/sleep': '#!/bin/sh\nsleep 30\n',
})
const started = site
  .add('cgi-bin/slow', `#!/bin/sh\ntouch started\nsleep 0.3\n${typed}echo late\n`)
  .replace('slow', 'started')
process.on('exit', () => site[Symbol.dispose]())

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`
const last = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`

function open({ url }: Pick<PosternServer, 'url'>, bytes: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  socket.on('error', () => {})
  socket.write(bytes)
  return socket
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

test('a connection that is reset at any moment ends nothing but itself (CONNECT, garbage, files, scripts, refusals)', async () => {
  await using server = await startServer([site.root, '--prod', '--access-log', 'off'])
  const requests = [
    'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n',
    'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\nmore',
    'garbage\r\n\r\n',
    get('/big.bin'),
    get('/cgi-bin/ok'),
    get('/none'),
    get('/big.bin').repeat(5),
    get('/cgi-bin/ok').repeat(5),
    'POST /file.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc',
    'POST /cgi-bin/ok HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz',
    'GET /file.txt HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nContent-Length: 9\r\n\r\n',
    'GET /cgi-bin/ok HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
  ]
  for (const bytes of requests) {
    await Promise.all(
      Array.from({ length: 12 }, async (_, at) => {
        const socket = open(server, bytes)
        await pause(at)
        if (at % 3 === 0) socket.destroy()
        else socket.resetAndDestroy()
      }),
    )
  }
  assert.match(await exchangeBytes(server.url, last('/file.txt')), /^HTTP\/1.1 200/)
  assert.ok(
    await eventually(() => server.descriptors().filter((to) => to.startsWith('socket:')).length <= 3, 5000),
    server.descriptors().join(),
  )
  assert.doesNotMatch(server.log(), /Unhandled|Error:|Warning/)
})

for (const [name, bytes] of [
  ['a CONNECT', 'CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['garbage', 'garbage\r\n\r\n'],
  ['a refused request', 'POST /cgi-bin/ok HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x, chunked\r\n\r\n'],
  ['a timed-out request', 'GET /'],
  ['a broken body', 'POST /cgi-bin/ok HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz'],
] as const) {
  test(`a client that never closes its side after ${name} is let go, and does not hold up the server's end`, async () => {
    const server = await serve(site.root, { port: 0, headerTimeout: '300ms' })
    const socket = open(server, bytes)
    socket.resume()
    await once(socket, 'end')
    const closed = new Promise((resolve) => socket.once('close', resolve))
    const since = performance.now()
    // allowHalfOpen: this side stays open, and writes on.
    const writing = setInterval(() => socket.write('x'), 100)
    await server.close()
    assert.ok(performance.now() - since < 3500, `${performance.now() - since} ms`)
    await Promise.race([closed, pause(1000)])
    clearInterval(writing)
    assert.equal(socket.destroyed, true)
  })
}

test('pipelined requests whose client has gone: the scripts of all of them end, also of those that wait for their turn', async () => {
  const events: GatewayEvent[] = []
  const server = await serve(site.root, { port: 0, killGrace: '100ms', observe: (event) => void events.push(event) })
  const count = (type: GatewayEvent['type']): number => events.filter((event) => event.type === type).length
  const socket = open(server, get('/cgi-bin/sleep').repeat(15))
  assert.ok(await eventually(() => count('program-started') === 15, 5000))
  socket.resetAndDestroy()
  assert.ok(await eventually(() => count('program-ended') === 15, 3000), `${count('program-ended')}`)
  assert.ok(await eventually(() => count('request-ended') === 15, 3000), `${count('request-ended')}`)
  await server.destroy()
})

test('RFC 9112 6.2: a client that leaves with its whole answer has not gone from a script that still works', async () => {
  const after = site
    .add('cgi-bin/after', `#!/bin/sh\nprintf 'Content-Length: 6\\n'\n${typed}echo whole\nsleep 1\ntouch after-it\n`)
    .replace(/after$/, 'after-it')
  const ended: GatewayEvent[] = []
  await using server = await serve(site.root, {
    port: 0,
    observe: (event) => {
      if (event.type === 'request-ended' || event.type === 'script-failed') ended.push(event)
    },
  })
  const socket = open(server, get('/cgi-bin/after'))
  for await (const chunk of socket) if (String(chunk).includes('whole')) break
  socket.destroy()
  await eventually(() => ended.length > 0, 10_000)
  assert.deepEqual(
    ended.map((event) => event.type === 'request-ended' && [event.status, event.bodyBytes, event.clientGone]),
    [[200, 6, false]],
  )
  assert.ok(existsSync(after))
})

test('an answer under way is not followed by the refusal of a broken later request', async () => {
  await using server = await serve(site.root, { port: 0 })
  const raw = await exchangeBytes(server.url, `${get('/big.bin')}garbage\r\n\r\n`, 5000)
  const at = raw.indexOf('\r\n\r\n') + 4
  assert.match(raw, /^HTTP\/1.1 200/)
  assert.match(raw.slice(at + 20_000_000), /^HTTP\/1.1 400/)
})

test('more connections than maxConnections are closed unanswered, and the others are served', async () => {
  await using server = await serve(site.root, { port: 0, maxConnections: 3 })
  const kept = Array.from({ length: 3 }, () => open(server, get('/file.txt')))
  await Promise.all(kept.map((socket) => once(socket, 'data')))
  assert.equal(await exchangeBytes(server.url, last('/file.txt'), 1000).catch(() => ''), '')
  kept[0]?.destroy()
  await pause(100)
  assert.match(await exchangeBytes(server.url, last('/file.txt')), /^HTTP\/1.1 200/)
  for (const socket of kept) socket.destroy()
})

test('a client that reads nothing is cut off after sendTimeout, and does not hold up the others', async () => {
  await using server = await serve(site.root, { port: 0, sendTimeout: '500ms' })
  const socket = open(server, get('/big.bin').repeat(3))
  socket.pause()
  const since = performance.now()
  assert.match(await exchangeBytes(server.url, last('/file.txt')), /^HTTP\/1.1 200/)
  await pause(1200)
  await new Promise((resolve) => socket.once('end', resolve).once('close', resolve).resume())
  socket.destroy()
  assert.ok(performance.now() - since < 5000)
  assert.ok(socket.bytesRead < 60_000_000)
})

test('an orderly stop does not wait for connections that are kept after their last answer', async () => {
  const server = await serve(site.root, { port: 0, keepAliveTimeout: '1h', shutdownTimeout: '1h' })
  const socket = open(server, get('/cgi-bin/slow'))
  const answer = once(socket, 'data')
  await eventually(() => existsSync(started), 5000)
  const closed = server.close()
  await answer
  await closed
  socket.destroy()
})

test('a client that takes its answer slowly, but takes it, is not cut off by sendTimeout', async () => {
  const length = 32_000_000
  const body = Buffer.alloc(length)
  const fields = [['Content-Length', String(length)]] as const
  const handle = async () => ({ status: 200, reason: '', fields, body, delivered: () => {} })
  const handler = nodeFrontend({ handle }, { sendTimeoutMs: 1000, bodyTimeoutMs: 0, minBodyRate: 0 })
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = open({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }, last('/'))
  // 8 MB a second.
  socket.on('data', (bytes) => {
    socket.pause()
    setTimeout(() => socket.resume(), bytes.length / 8000)
  })
  await once(socket, 'end')
  assert.ok(socket.bytesRead > length, `${socket.bytesRead}`)
  socket.destroy()
  server.close()
})

test('an answer that waits for a slow one before it (pipelining) is not taken for one that its client does not read', async () => {
  await using server = await serve(site.root, { port: 0, sendTimeout: '300ms' })
  const raw = await exchangeBytes(server.url, get('/cgi-bin/late') + last('/cgi-bin/ok'))
  assert.match(raw, /late\n[^]*ok\n/)
})

test('an answer that breaks off while it waits for its turn (pipelining) is still sent as far as it goes', async () => {
  await using server = await serve(site.root, { port: 0 })
  const raw = await exchangeBytes(server.url, get('/cgi-bin/late') + get('/cgi-bin/killed') + last('/cgi-bin/ok'))
  assert.match(raw, /late\n[^]*5\r\nhalf\n\r\n$/)
})

for (const name of ['works-on', 'works-closed', 'works-empty']) {
  test(`RFC 9112 6.3: a client that goes with the whole answer has not gone early, and its script works on (${name})`, async () => {
    const events: GatewayEvent[] = []
    await using server = await serve(site.root, { port: 0, observe: (event) => void events.push(event) })
    const marks = ['first', 'second'].map((word) => `${name}-${word}`)
    for (const mark of marks) {
      const socket = open(server, get(`/cgi-bin/${name}?${mark}`))
      let raw = ''
      socket.setEncoding('latin1').on('data', (text: string) => {
        raw += text
      })
      assert.ok(await eventually(() => raw.endsWith(name === 'works-empty' ? '\r\n\r\n' : 'hello'), 5000), raw)
      if (mark.endsWith('first')) socket.destroy()
      else socket.resetAndDestroy()
    }
    const isDone = (): boolean => marks.every((mark) => existsSync(`${site.root}/cgi-bin/${mark}`))
    assert.ok(await eventually(isDone, 10_000), JSON.stringify(events))
    const ended = (): readonly boolean[] =>
      events.flatMap((event) => (event.type === 'request-ended' ? [event.clientGone] : []))
    assert.ok(await eventually(() => ended().length === 2, 5000))
    assert.deepEqual(ended(), [false, false])
  })
}
