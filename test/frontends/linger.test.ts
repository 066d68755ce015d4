// How a connection ends whose peer does not behave.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { linger } from '../../src/frontends/linger.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

interface Pair extends AsyncDisposable {
  readonly ours: Socket
  readonly peers: Socket
}

async function pair(): Promise<Pair> {
  const site = temporarySite()
  const server = createServer({ allowHalfOpen: true }).listen(join(site.root, 'socket'))
  await once(server, 'listening')
  const peers = connect({ path: join(site.root, 'socket'), allowHalfOpen: true })
  peers.on('error', () => {})
  const ours = await new Promise<Socket>((resolve) => void server.once('connection', resolve))
  ours.on('error', () => {})
  return {
    ours,
    peers,
    async [Symbol.asyncDispose]() {
      ours.destroy()
      peers.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
      site[Symbol.dispose]()
    },
  }
}

test('Security: a peer that reads nothing of the answer holds its connection for sendTimeout and no longer', async () => {
  await using both = await pair()
  both.peers.pause()
  both.ours.write(Buffer.alloc(16 * 1024 * 1024))
  linger(both.ours, 200)
  assert.ok(await eventually(() => both.ours.destroyed, 10_000))
})

test('RFC 9112 9.6: a peer that reads all, and then neither closes nor stops sending, is cut off too', async () => {
  await using both = await pair()
  both.peers.resume()
  both.ours.write('the answer')
  linger(both.ours, 0)
  assert.ok(await eventually(() => both.ours.destroyed, 10_000))
})

test('RFC 9112 9.6: what the peer still sends is let pass up to a bound', async () => {
  await using both = await pair()
  both.ours.write('the answer')
  linger(both.ours, 0)
  const chunk = Buffer.alloc(64 * 1024)
  let sent = 0
  while (!both.ours.destroyed && sent < 64 * 1024 * 1024) {
    sent += chunk.length
    both.peers.write(chunk)
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.ok(both.ours.destroyed, `${sent} bytes were let pass`)
})
