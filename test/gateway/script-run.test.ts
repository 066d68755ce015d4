// What is known of a script's end when its output has ended.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import type { Ending } from '../../src/events/events.ts'
import { ScriptRun } from '../../src/gateway/script-run.ts'
import { ByteQueue } from '../../src/transport/byte-queue.ts'

const killed: Ending = { exitCode: null, signal: 'SIGKILL', cpuMs: undefined, maxRssBytes: undefined }

function ended(): ByteQueue {
  const queue = new ByteQueue()
  queue.end()
  return queue
}

test('RFC 9112 8: that a script was killed is known, although the event loop stood still when that came', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const near = connect(address.port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  t.after(() => [near, far].map((socket) => socket.destroy()))
  const ending = once(near, 'data').then(() => killed)
  const running = { pid: 1, isWarm: false, diagnostics: ended(), leaving: ending, ending, end: () => {} }
  const run = new ScriptRun(
    { ...running, output: ended() },
    { id: '1', script: '/x', form: 'cgi' },
    () => {},
    undefined,
  )
  const known = run.killedBy()
  far.write('x')
  for (const start = performance.now(); performance.now() - start < 200;);
  assert.equal(await known, 'SIGKILL')
})
