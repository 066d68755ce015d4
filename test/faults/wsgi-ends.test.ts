// The end of a server with an application: in order, and not.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/server-process.ts'
import { skip, WsgiStage } from './wsgi-stage.ts'

const settledMs = 30_000

for (const args of [[], ['--threads', '3'], ['--preload'], ['--preload', '--threads', '3']]) {
  test(
    `faults: SIGTERM (${args.join(' ')}): running requests finish, exit handlers run, nothing is left`,
    { skip },
    async () => {
      await using stage = await WsgiStage.open(['--workers', '2', ...args])
      const { server } = stage
      assert.equal((await stage.ask({ kind: 'small', id: 'before' })).status, 200)
      const running = stage.ask({ kind: 'sleep', id: 'running', query: 'seconds=2' })
      const streaming = stage.ask({ kind: 'stream', id: 'streaming', query: 'chunks=30&pause=0.1' })
      await sleep(700)
      const workers = args.includes('--preload') ? 3 : 2
      assert.equal(stage.processes().length, workers)
      server.signal('SIGTERM')
      assert.equal((await running).body, 'running '.repeat(20))
      const { isWhole, body } = await streaming
      assert.deepEqual([isWhole, body], [true, 'streaming '.repeat(15_000)])
      stage.hangUp()
      assert.equal(await server.exited, 0)
      assert.deepEqual([stage.processes(), readdirSync(stage.folder)], [[], []])
      assert.ok(stage.noted('exits').length >= 2, String(stage.noted('exits')))
    },
  )

  test(
    `faults: SIGKILL of the server (${args.join(' ')}) ends its workers, also those that are stuck`,
    { skip },
    async () => {
      await using stage = await WsgiStage.open(['--workers', '2', ...args])
      assert.equal((await stage.ask({ kind: 'small', id: 'before' })).status, 200)
      const socket = stage.dial()
      socket.write('GET /busy?id=stuck HTTP/1.1\r\nHost: a\r\n\r\n')
      const closed = once(socket, 'close')
      await sleep(500)
      stage.server.signal('SIGKILL')
      await closed
      assert.ok(await eventually(() => stage.processes().length === 0, settledMs), JSON.stringify(stage.processes()))
      assert.ok(await eventually(() => readdirSync(stage.folder).length === 0, settledMs))
    },
  )
}
