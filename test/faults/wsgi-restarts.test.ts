// Workers are replaced while requests run: not one of them is lost. Long: POSTERN_WSGI_RESTART_REQUESTS=50000.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/server-process.ts'
import { expected, skip, WsgiStage, type Ask } from './wsgi-stage.ts'

const count = Number(process.env['POSTERN_WSGI_RESTART_REQUESTS'] ?? 2500)
const connections = 16
const restartEveryMs = 1000
const settledMs = 60_000

const modes: readonly (readonly [name: string, args: readonly string[], share: number, processes: number])[] = [
  ['each on its own', ['--workers', '2'], 0.35, 2],
  ['preloaded, two threads', ['--workers', '2', '--threads', '2', '--preload'], 0.35, 3],
  ['after 50 requests each', ['--workers', '2', '--max-requests', '50', '--preload'], 0.3, 3],
]

for (const [name, args, share, processes] of modes) {
  const most = Math.ceil(count * share)
  test(`faults: SIGHUP every second, ${most} requests (${name}): none is lost`, { skip }, async (context) => {
    await using stage = await WsgiStage.open([...args, '--queue-timeout', '60s', '--keep-alive-timeout', '60s'])
    const { server } = stage
    const wrong: string[] = []
    const pids = new Set<number>()
    let asked = 0
    let answered = 0
    const client = async (): Promise<void> => {
      while (asked < most) {
        const id = `r${asked++}`
        const kind = ['small', 'small', 'small', 'stream', 'upload'][asked % 5] ?? 'small'
        const ask: Ask = kind === 'upload' ? { kind, id, body: id.repeat(20_000) } : { kind, id }
        const { status, body, isWhole, pid } = await stage.ask(ask)
        pids.add(pid)
        answered++
        if (status !== 200 || !isWhole || body !== expected(ask)) wrong.push(`${kind} ${status} ${body.slice(0, 100)}`)
      }
    }
    let restarts = 0
    const isUnderWay = (): boolean => answered < most
    const restarter = async (): Promise<void> => {
      await sleep(200)
      while (isUnderWay()) {
        server.signal('SIGHUP')
        restarts++
        await sleep(restartEveryMs)
      }
    }
    await Promise.all([restarter(), ...Array.from({ length: connections }, client)])
    context.diagnostic(`${restarts} restarts, ${pids.size} workers`)
    assert.deepEqual(wrong, [])
    assert.ok(pids.size > 2, String(pids.size))
    const all = (): boolean =>
      stage.processes().length === processes && stage.processes().every((look) => !look.isZombie)
    assert.ok(await eventually(all, settledMs), JSON.stringify(stage.processes()))
    // Each has ended as Python ends.
    assert.ok(await eventually(() => stage.noted('exits').length >= pids.size - 2, settledMs))
    assert.doesNotMatch(server.log(), /internal|TypeError|unhandled|could not be started/i)
  })
}

test(
  'faults: SIGHUP while the application cannot be loaded: the old workers go on, and the mended one takes over',
  { skip },
  async () => {
    await using stage = await WsgiStage.open(['--workers', '2'])
    const { server, site } = stage
    const whole = stage.noted('app.py').join('\n')
    const first = await stage.ask({ kind: 'small', id: 'first' })
    site.add('app.py', 'this is no Python')
    server.signal('SIGHUP')
    assert.ok(await eventually(() => server.log().includes('could not be started'), settledMs))
    for (let number = 0; number < 20; number++) {
      assert.equal((await stage.ask({ kind: 'small', id: `r${number}` })).status, 200)
    }
    site.add('app.py', whole)
    server.signal('SIGHUP')
    const old = stage.processes().map(({ pid }) => pid)
    assert.ok(old.includes(first.pid))
    const isNew = (): boolean =>
      stage.processes().length === 2 && stage.processes().every(({ pid }) => !old.includes(pid))
    assert.ok(await eventually(isNew, settledMs), JSON.stringify(stage.processes()))
    assert.equal((await stage.ask({ kind: 'small', id: 'last' })).status, 200)
  },
)
