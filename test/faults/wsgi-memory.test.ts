// Memory and descriptors after many requests. Long: POSTERN_WSGI_MEMORY_REQUESTS=20000.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expected, residentOf, skip, WsgiStage, type Ask } from './wsgi-stage.ts'
import { descriptorCount } from './warm-stage.ts'

const count = Number(process.env['POSTERN_WSGI_MEMORY_REQUESTS'] ?? 2000)
const connections = 8
/** Kilobytes between the middle and the end; a leak of a kilobyte a request would show in the long run. */
const mostGrownServer = 24 * 1024
const mostGrownWorker = 6 * 1024

interface Measure {
  readonly server: number
  readonly workers: readonly number[]
  readonly descriptors: readonly number[]
}

test(
  `faults: ${count} requests, small, uploads and streams: memory and descriptors stay`,
  { skip },
  async (context) => {
    await using stage = await WsgiStage.open(['--workers', '2', '--threads', '2', '--keep-alive-timeout', '60s'])
    let asked = 0
    const ask = async (): Promise<void> => {
      const id = `r${asked++}`
      const kind = ['small', 'upload', 'stream', 'large', 'write', 'loud', 'small', 'early'][asked % 8] ?? 'small'
      const hasBody = kind === 'upload' || kind === 'early'
      const one: Ask = hasBody ? { kind, id, body: id.repeat(20_000) } : { kind, id, query: 'pause=0' }
      const outcome = await stage.ask(one)
      assert.deepEqual([outcome.status, outcome.body === expected(one)], [200, true], kind)
    }
    const askUntil = async (most: number): Promise<void> => {
      const isUnderWay = (): boolean => asked < most
      const client = async (): Promise<void> => {
        while (isUnderWay()) await ask()
      }
      await Promise.all(Array.from({ length: connections }, client))
    }
    const measure = (): Measure => {
      const pids = stage.processes().map(({ pid }) => pid)
      return {
        server: residentOf(stage.server.pid),
        workers: pids.map(residentOf),
        descriptors: [stage.server.pid, ...pids].map(descriptorCount),
      }
    }
    await askUntil(count / 2)
    const middle = measure()
    await askUntil(count)
    const end = measure()
    context.diagnostic(JSON.stringify({ middle, end }))
    assert.ok(end.server - middle.server < mostGrownServer, `server: ${middle.server} kB, ${end.server} kB`)
    end.workers.forEach((kilobytes, at) => {
      assert.ok(
        kilobytes - (middle.workers[at] ?? 0) < mostGrownWorker,
        `worker: ${middle.workers[at]} kB, ${kilobytes} kB`,
      )
    })
    end.descriptors.forEach((number, at) => {
      assert.ok(number <= (middle.descriptors[at] ?? 0) + 2, JSON.stringify({ middle, end }))
    })
  },
)
