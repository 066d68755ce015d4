// The pool decides with launchers that are no processes: when to start one, when to leave it alone, who gets a worker.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ending } from '../../../src/events/events.ts'
import type { LauncherReport } from '../../../src/protocol/launcher/lines.ts'
import type { LauncherEvents } from '../../../src/transport/warm/launcher.ts'
import { WarmPool, type PooledLauncher } from '../../../src/transport/warm/pool.ts'
import { eventually } from '../../support/server-process.ts'
import type { Worker } from '../../../src/transport/warm/workers.ts'

const message = Buffer.from('request')

class FakeLauncher implements PooledLauncher {
  readonly modules: readonly string[]
  readonly events: LauncherEvents
  state: 'made' | 'started' | 'retired' | 'ended' = 'made'
  idle = 0
  forking = 0
  /** Ends the worker that was given the n-th request. */
  readonly running: ((ending: Ending) => void)[] = []

  constructor(modules: readonly string[], events: LauncherEvents) {
    this.modules = modules
    this.events = events
  }

  start(): void {
    this.state = 'started'
  }

  fork(count: number): void {
    this.forking += count
  }

  /** All that was asked for has been forked. */
  forkAll(): void {
    for (; this.forking > 0; this.forking--) {
      this.idle++
      this.events.idle()
    }
  }

  unforkAll(): void {
    for (; this.forking > 0; this.forking--) this.events.unforked('EAGAIN')
  }

  give(): Worker | undefined {
    if (this.idle === 0) return undefined
    this.idle--
    const ending = new Promise<Ending>((resolve) => this.running.push(resolve))
    return { pid: this.running.length, leaving: ending.then(() => {}), ending }
  }

  endIdle(count: number): void {
    this.idle -= count
  }

  retire(): void {
    this.state = 'retired'
    this.idle = 0
  }

  async end(cause = 'ended'): Promise<void> {
    this.state = 'ended'
    this.die(cause)
  }

  die(cause: string, isUnfit = false): void {
    this.events.gone({ cause, isUnfit, isCertain: false })
  }

  report(report: LauncherReport): void {
    this.events.report(report)
  }

  ready(): void {
    this.report({ kind: 'ready' })
  }
}

function setUp(options: { minIdle?: number; maxIdle?: number; idleTimeoutMs?: number } = {}) {
  const launchers: FakeLauncher[] = []
  const notices: string[] = []
  const interpreter = { file: 'first' }
  const pool = new WarmPool(
    (modules, events) => {
      const launcher = new FakeLauncher(modules, events)
      launchers.push(launcher)
      return launcher
    },
    () => interpreter.file,
    { minIdle: 1, maxIdle: 8, idleTimeoutMs: 60_000, ...options },
    { ready: () => {}, cold: () => {}, notice: (text) => notices.push(text) },
  )
  const latest = (): FakeLauncher => {
    const launcher = launchers.at(-1)
    assert.ok(launcher !== undefined)
    return launcher
  }
  /** A launcher that is ready, with as many idle workers as it was asked for. */
  const warm = (): FakeLauncher => {
    assert.equal(pool.give(message, []), undefined)
    latest().ready()
    latest().forkAll()
    return latest()
  }
  return { pool, launchers, notices, interpreter, latest, warm }
}

const ended: Ending = { exitCode: 0, signal: null, cpuMs: undefined, maxRssBytes: undefined }

test('pool: the first request starts a launcher and does not wait for it', async () => {
  const { pool, launchers, latest } = setUp()
  assert.equal(pool.give(message, []), undefined)
  assert.equal(pool.give(message, []), undefined)
  assert.deepEqual([launchers.length, latest().state, latest().forking], [1, 'started', 0])
  latest().ready()
  assert.equal(latest().forking, 1)
  await pool.end()
  assert.equal(latest().state, 'ended')
})

test('pool: a request without an idle worker waits for one; first come, first served', async () => {
  const { pool, warm } = setUp()
  const launcher = warm()
  assert.ok(pool.give(message, []) !== undefined)
  const waiting = [1, 2].map(async () => pool.give(message, []))
  launcher.forkAll()
  assert.deepEqual(
    (await Promise.all(waiting)).map((worker) => worker?.pid),
    [2, 3],
  )
  await pool.end()
})

test('pool: as many workers wait as there were requests at once, within the bounds', async () => {
  const { pool, warm } = setUp({ maxIdle: 3 })
  const launcher = warm()
  const given = [1, 2, 3, 4, 5].map(async () => {
    const worker = pool.give(message, [])
    launcher.forkAll()
    return worker
  })
  assert.equal((await Promise.all(given)).length, 5)
  for (const end of launcher.running) end(ended)
  await sleep(1)
  launcher.forkAll()
  assert.equal(launcher.idle, 3)
  await pool.end()
})

test('pool: a request that waits too long is started afresh, and the launcher is left alone for a while', async () => {
  const { pool, warm, notices } = setUp()
  const launcher = warm()
  await sleep(1001)
  void pool.give(message, [])
  const waiting = pool.give(message, [])
  const late = await waiting
  assert.equal(late, undefined)
  assert.match(notices.join(), /does not answer/)
  assert.equal(pool.give(message, []), undefined)
  assert.equal(launcher.state, 'started')
  await pool.end()
})

test('pool: several forks that fail at once are one failure: told once, tried again after a quarter of a second', async () => {
  const { pool, warm, notices, launchers } = setUp()
  const launcher = warm()
  void pool.give(message, [])
  const waiting = [1, 2, 3, 4].map(async () => pool.give(message, []))
  assert.ok(launcher.forking >= 4)
  launcher.unforkAll()
  assert.deepEqual(await Promise.all(waiting), [undefined, undefined, undefined, undefined])
  assert.equal(notices.length, 1)
  assert.equal(pool.give(message, []), undefined)
  assert.equal(launcher.forking, 0)
  await sleep(300)
  assert.ok(launcher.forking > 0)
  launcher.forkAll()
  assert.ok(pool.give(message, []) !== undefined)
  assert.match(notices[1] ?? '', /workers again/)
  assert.deepEqual([notices.length, launchers.length], [2, 1])
  await pool.end()
})

test('pool: a worker that dies each time it waits is no busy loop: the pauses grow', async () => {
  const { pool, warm } = setUp()
  const launcher = warm()
  let forks = 0
  const until = performance.now() + 1000
  while (performance.now() < until) {
    void pool.give(message, [])
    for (; launcher.forking > 0; launcher.forking--) {
      forks++
      launcher.events.idle()
      launcher.events.idleDied()
    }
    launcher.idle = 0
    await sleep(5)
  }
  assert.ok(forks <= 8, `${forks} forks in a second`)
  await pool.end()
})

test('pool: a launcher that dies is followed by another, after a pause that grows while it keeps dying', async () => {
  const { pool, launchers, latest } = setUp()
  const until = performance.now() + 1200
  while (performance.now() < until) {
    void pool.give(message, [])
    if (latest().state === 'started') {
      latest().state = 'ended'
      latest().die('it was ended by SIGKILL')
    }
    await sleep(5)
  }
  assert.equal(launchers.length, 3)
  await pool.end()
})

test('pool: an interpreter that is unfit three times is left alone, told once, until its file changes', async () => {
  const { pool, launchers, latest, notices, interpreter } = setUp()
  const until = performance.now() + 1500
  while (performance.now() < until) {
    void pool.give(message, [])
    if (latest().state === 'started') {
      latest().state = 'ended'
      latest().die('it ended with exit code 1', true)
    }
    await sleep(5)
  }
  assert.equal(launchers.length, 3)
  assert.equal(notices.length, 1)
  assert.match(notices[0] ?? '', /exit code 1; .* until the interpreter changes/)
  interpreter.file = 'second'
  void pool.give(message, [])
  assert.equal(launchers.length, 4)
  await pool.end()
})

test('pool: what scripts load is learnt, and the next launcher loads it; the one before ends when it can', async () => {
  const { pool, warm, launchers, latest } = setUp()
  const before = warm()
  before.report({ kind: 'learned', modules: ['json'] })
  before.report({ kind: 'learned', modules: ['csv', 'json'] })
  await sleep(350)
  assert.equal(launchers.length, 2)
  assert.deepEqual(latest().modules, ['json', 'csv'])
  assert.equal(before.state, 'started', 'it serves until the other one is ready')
  latest().report({ kind: 'left', module: 'csv', reason: 'warns' })
  latest().ready()
  assert.equal(before.state, 'retired')
  latest().report({ kind: 'learned', modules: ['csv'] })
  await sleep(350)
  assert.equal(launchers.length, 2, 'what was left once is not learnt again')
  await pool.end()
})

test('pool: a launcher that dies before it takes the place of another is no harm, and is tried again', async () => {
  const { pool, launchers, notices, latest, warm } = setUp()
  const first = warm()
  first.report({ kind: 'learned', modules: ['json'] })
  await sleep(350)
  assert.deepEqual([launchers.length, latest().modules], [2, ['json']])
  latest().die('it was ended by SIGKILL')
  assert.notEqual(pool.give(message, []), undefined, 'the one before goes on')
  first.running[0]?.(ended)
  assert.ok(await eventually(() => launchers.length === 3, 2000))
  assert.deepEqual(latest().modules, ['json'])
  latest().die('it was ended by SIGKILL')
  await sleep(300)
  assert.equal(launchers.length, 3, 'the pauses grow')
  assert.ok(await eventually(() => launchers.length === 4, 2000))
  latest().ready()
  assert.equal(first.state, 'retired')
  assert.equal(notices.length, 1)
  assert.match(notices[0] ?? '', /goes on without what scripts have loaded since: .*SIGKILL/)
  await pool.end()
})

test('pool: after a time without a request the idle beyond the minimum end, and then the launcher', async () => {
  const { pool, latest, warm } = setUp({ minIdle: 1, maxIdle: 8, idleTimeoutMs: 100 })
  const launcher = warm()
  for (let request = 0; request < 4; request++) {
    assert.notEqual(await Promise.resolve(pool.give(message, [])), undefined)
    launcher.forkAll()
  }
  for (const end of launcher.running) end(ended)
  await sleep(1)
  launcher.forkAll()
  assert.ok(launcher.idle >= 4, `${launcher.idle} wait`)
  assert.ok(await eventually(() => launcher.idle === 1, 900))
  assert.equal(launcher.state, 'started')
  // The demand of before is forgotten.
  assert.notEqual(pool.give(message, []), undefined)
  launcher.running.at(-1)?.(ended)
  await sleep(1)
  launcher.forkAll()
  assert.equal(launcher.idle, 1)
  assert.ok(await eventually(() => launcher.state === 'retired', 3000))
  assert.equal(latest(), launcher, 'nothing is started without a request')
  await pool.end()
})

test('pool: after `stale` nothing of that launcher serves any more, even while another start is under way', async () => {
  const { pool, warm, launchers, latest } = setUp()
  const first = warm()
  first.report({ kind: 'learned', modules: ['json'] })
  await sleep(350)
  const second = latest()
  void pool.give(message, [])
  const waiting = pool.give(message, [])
  first.report({ kind: 'stale', file: '/x' })
  assert.equal(first.state, 'retired')
  assert.equal(await waiting, undefined)
  assert.equal(pool.give(message, []), undefined)
  second.ready()
  await sleep(700)
  assert.equal(launchers.length, 3, 'the second may have loaded the old file')
  latest().ready()
  assert.equal(second.state, 'retired')
  await pool.end()
})

test('pool: when it ends nobody waits any more, and nothing is started', async () => {
  const { pool, warm, launchers } = setUp()
  warm()
  void pool.give(message, [])
  const waiting = pool.give(message, [])
  await pool.end()
  assert.equal(await waiting, undefined)
  assert.equal(pool.give(message, []), undefined)
  assert.equal(launchers.length, 1)
  assert.ok(pool.isAsleep)
})
