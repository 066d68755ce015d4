// Workers are killed at any moment of any request. Long: POSTERN_WSGI_KILLS=5000.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/server-process.ts'
import { expected, random, skip, WsgiStage, type Ask, type Outcome } from './wsgi-stage.ts'

const count = Number(process.env['POSTERN_WSGI_KILLS'] ?? 80)
const clients = 8
const settledMs = 60_000

const next = random(20_261_122)

function anyRequest(number: number): Ask {
  const id = `r${number}`
  const kind = ['small', 'large', 'write', 'stream', 'upload'][Math.floor(next() * 5)] ?? 'small'
  return kind === 'upload' ? { kind, id, body: `${id} `.repeat(Math.floor(next() * 60_000)) } : { kind, id }
}

/** What is wrong with it; undefined: it is whole and right, or told to be broken. */
function faultOf(ask: Ask, { status, body, isWhole }: Outcome): string | undefined {
  const right = expected(ask)
  if (status === 200) {
    if (isWhole ? body === right : right.startsWith(body)) return undefined
    return `${ask.kind}: ${isWhole ? 'whole' : 'broken'}, ${body.length} of ${right.length} bytes: ${body.slice(0, 80)}`
  }
  if (status === 0 || status === 502) return undefined
  return `${ask.kind}: ${status} ${body.slice(0, 200)}`
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false // It has ended by itself, where its parent was killed.
  }
}

const modes: readonly (readonly [name: string, args: readonly string[], share: number, processes: number])[] = [
  ['each on its own', ['--workers', '3'], 0.15, 3],
  ['four threads', ['--workers', '2', '--threads', '4'], 0.15, 2],
  ['preloaded', ['--workers', '3', '--preload'], 0.4, 4],
  ['preloaded, four threads', ['--workers', '2', '--threads', '4', '--preload'], 0.3, 3],
]

for (const [name, args, share, processes] of modes) {
  const kills = Math.ceil(count * share)
  test(
    `faults: ${kills} workers killed (${name}): answers are right or told to be broken`,
    { skip },
    async (context) => {
      await using stage = await WsgiStage.open([...args, '--queue-timeout', '60s', '--keep-alive-timeout', '60s'])
      const { server } = stage
      const ready = new Set<number>()
      const faults: string[] = []
      const statuses = new Map<string, number>()
      let asked = 0
      let killed = 0
      const isUnderWay = (): boolean => killed < kills
      const client = async (): Promise<void> => {
        while (isUnderWay()) {
          const ask = anyRequest(asked++)
          const outcome = await stage.ask(ask)
          if (outcome.pid !== 0) ready.add(outcome.pid)
          const fault = faultOf(ask, outcome)
          if (fault !== undefined) faults.push(fault)
          const key = `${outcome.status}${outcome.isWhole ? '' : ' broken'}`
          statuses.set(key, (statuses.get(key) ?? 0) + 1)
        }
      }
      const killer = async (): Promise<void> => {
        while (isUnderWay()) {
          await sleep(next() * 40)
          const all = stage.processes()
          const parent = args.includes('--preload') && next() < 0.05
          const workers = all.filter(({ pid }) => ready.has(pid))
          const those = parent ? all.filter(({ pid }) => workers.some((worker) => worker.parent === pid)) : workers
          const one = those[Math.floor(next() * those.length)]
          if (one === undefined) continue
          // What it has forked goes with it.
          for (const { pid, parent: by } of all) if (pid === one.pid || by === one.pid) ready.delete(pid)
          if (kill(one.pid)) killed++
        }
      }
      await stage.ask({ kind: 'small', id: 'first' })
      const descriptors = server.descriptors().length
      await Promise.all([killer(), ...Array.from({ length: clients }, client)])
      context.diagnostic(`${asked} requests: ${JSON.stringify(Object.fromEntries(statuses))}`)

      assert.deepEqual(faults, [])
      assert.ok(await stage.runs(), server.log().slice(-2000))
      const all = (): boolean =>
        stage.processes().length === processes && stage.processes().every((look) => !look.isZombie)
      assert.ok(await eventually(all, settledMs), JSON.stringify(stage.processes()))
      for (let number = 0; number < 20; number++) {
        const ask = anyRequest(asked++)
        const outcome = await stage.ask(ask)
        assert.deepEqual([outcome.status, outcome.isWhole, outcome.body === expected(ask)], [200, true, true])
      }
      stage.hangUp()
      // Each thread has one, and what starts late comes late.
      const most = descriptors + 2 * clients
      assert.ok(await eventually(() => server.descriptors().length <= most, settledMs), server.descriptors().join(', '))
      assert.deepEqual(stage.leftovers(), [])
      assert.doesNotMatch(server.log(), /internal|TypeError|unhandled/i)
      server.signal('SIGTERM')
      assert.equal(await server.exited, 0)
      assert.deepEqual([stage.processes(), readdirSync(stage.folder)], [[], []])
    },
  )
}
