// Requests that do not come back, and workers that end in the middle of one. Long: POSTERN_WSGI_STUCK=all.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/server-process.ts'
import { expected, skip, WsgiStage, type Outcome } from './wsgi-stage.ts'

const settledMs = 30_000

async function assertServes(stage: WsgiStage, id = 'after'): Promise<void> {
  const ask = { kind: 'small', id }
  const { status, body } = await stage.ask(ask)
  assert.deepEqual([status, body], [200, expected(ask)])
}

/** Lines of the log, which are JSON, with what is in them of one request's. */
function logged(stage: WsgiStage, pattern: RegExp): readonly { readonly id?: string; readonly msg?: string }[] {
  return stage.server
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{') && pattern.test(line))
    .map((line): { id?: string; msg?: string } => JSON.parse(line))
}

const ways = [
  ['--workers', '1'],
  ['--workers', '1', '--threads', '2'],
  ['--workers', '1', '--preload'],
] as const

for (const [kind, usual] of [
  ['sleep', ways[0]],
  ['lock', ways[1]],
  ['busy', ways[2]],
] as const) {
  for (const args of process.env['POSTERN_WSGI_STUCK'] === 'all' ? ways : [usual]) {
    test(
      `faults: stuck in "${kind}" (${args.join(' ')}): 504, its stack in the log, and a new worker`,
      { skip },
      async () => {
        await using stage = await WsgiStage.open([...args, '--access-log', 'json', '--first-byte-timeout', '2s'])
        await assertServes(stage, 'before')
        const { status, body } = await stage.ask({ kind, id: 'stuck' })
        assert.equal(status, 504, body)
        await assertServes(stage)
        assert.ok(await eventually(() => logged(stage, /in application/).length > 0, settledMs), stage.server.log())
        const [line] = logged(stage, /"msg":" {2}File .*app\.py.*in application/)
        assert.match(line?.msg ?? '', /line \d+ in application/)
        const access =
          stage.server
            .output()
            .split('\n')
            .find((each) => each.includes('id=stuck')) ?? '{}'
        const { id }: { id?: string } = JSON.parse(access)
        assert.ok(id !== undefined && line?.id === id, `${access} ${JSON.stringify(line)}`)
        const processes = args === ways[2] ? 2 : 1
        assert.ok(await eventually(() => stage.processes().length === processes, settledMs))
      },
    )
  }
}

test(
  'faults: other threads of a worker with a stuck request finish theirs; several stuck ones each have a stack',
  { skip },
  async () => {
    await using stage = await WsgiStage.open(['--workers', '1', '--threads', '4', '--first-byte-timeout', '3s'])
    const begun = stage.ask({ kind: 'stream', id: 'other', query: 'chunks=100&pause=0.06' })
    await eventually(() => stage.processes().length === 1, settledMs)
    const stuck = await Promise.all(['sleep', 'lock'].map((kind) => stage.ask({ kind, id: kind })))
    assert.deepEqual(
      stuck.map(({ status }) => status),
      [504, 504],
    )
    await assertServes(stage)
    const { status, isWhole, body } = await begun
    assert.deepEqual([status, isWhole, body], [200, true, 'other '.repeat(50_000)])
    assert.ok(
      await eventually(() => logged(stage, /"msg":" {2}File .*app\.py.*in application/).length === 2, settledMs),
      stage.server.log(),
    )
    assert.ok(await eventually(() => stage.processes().length === 1, settledMs), JSON.stringify(stage.processes()))
  },
)

test(
  'faults: siblings that are stuck at the same time each have a stack (preloaded, whose words come mixed)',
  { skip },
  async () => {
    await using stage = await WsgiStage.open(['--workers', '3', '--preload', '--first-byte-timeout', '2s'])
    const stuck = await Promise.all(['sleep', 'lock', 'busy'].map((kind) => stage.ask({ kind, id: kind })))
    assert.deepEqual(
      stuck.map(({ status }) => status),
      [504, 504, 504],
    )
    assert.ok(
      await eventually(() => logged(stage, /"msg":" {2}File .*app\.py.*in application/).length === 3, settledMs),
      stage.server.log(),
    )
    await assertServes(stage)
  },
)

for (const [kind, how] of [
  ['exit', /exit code 3/],
  ['fault', /SIGSEGV/],
] as const) {
  for (const args of [
    ['--workers', '1'],
    ['--workers', '1', '--threads', '2', '--preload'],
  ]) {
    test(
      `faults: a worker that ends by "${kind}" (${args.join(' ')}): 502, told in the log, and a new worker`,
      { skip },
      async () => {
        await using stage = await WsgiStage.open(args)
        await assertServes(stage, 'before')
        const { status } = await stage.ask({ kind, id: 'r1' })
        assert.equal(status, 502)
        await assertServes(stage)
        assert.ok(await eventually(() => logged(stage, /worker-ended/).length > 0, settledMs), stage.server.log())
        assert.ok(logged(stage, how).length > 0, stage.server.log())
      },
    )
  }
}

test(
  'faults: a client that leaves while it waits in the queue: its request never reaches the application',
  { skip },
  async () => {
    await using stage = await WsgiStage.open(['--workers', '1'])
    await assertServes(stage, 'before')
    const running = stage.ask({ kind: 'sleep', id: 'running', query: 'seconds=3' })
    await sleep(500)
    const socket = stage.dial()
    socket.write('GET /stream?id=left HTTP/1.1\r\nHost: a\r\n\r\n')
    await sleep(500)
    socket.destroy()
    const waits = stage.ask({ kind: 'stream', id: 'waits', query: 'chunks=2' })
    assert.equal((await running).status, 200)
    assert.equal((await waits).status, 200)
    assert.ok(await eventually(() => stage.noted('closed').length > 0, settledMs))
    assert.deepEqual(stage.noted('closed'), ['waits'])
  },
)

test('faults: more than maxQueue wait: 503; longer than queueTimeout: 503; the queue goes on', { skip }, async () => {
  const limits = ['--max-queue', '2', '--queue-timeout', '2s']
  await using stage = await WsgiStage.open(['--workers', '1', ...limits])
  await assertServes(stage, 'before')
  const running = stage.ask({ kind: 'sleep', id: 'running', query: 'seconds=5' })
  await sleep(500)
  const began = performance.now()
  const waiting = Array.from({ length: 5 }, (_, number) => stage.ask({ kind: 'small', id: `w${number}` }))
  const first: Outcome = await Promise.race(waiting)
  assert.equal(first.status, 503)
  assert.ok(performance.now() - began < 1500, 'at once')
  assert.deepEqual(
    (await Promise.all(waiting)).map(({ status }) => status),
    [503, 503, 503, 503, 503],
  )
  assert.equal((await running).status, 200)
  await assertServes(stage)
})

test('faults: --max-memory replaces a worker that has grown, and no request is lost', { skip }, async () => {
  await using stage = await WsgiStage.open(['--workers', '1', '--max-memory', '80MiB'])
  const { pid } = await stage.ask({ kind: 'grow', id: 'r1', query: 'size=1000' })
  assert.equal((await stage.ask({ kind: 'grow', id: 'r2', query: 'size=100000000' })).pid, pid)
  let now = pid
  for (let number = 0; now === pid && number < 600; number++) {
    const outcome = await stage.ask({ kind: 'small', id: `s${number}` })
    assert.equal(outcome.status, 200)
    now = outcome.pid
    await sleep(50)
  }
  assert.notEqual(now, pid)
  assert.ok(await eventually(() => stage.processes().length === 1, settledMs))
  assert.match(stage.server.log(), /holds \d+ MiB/)
  assert.deepEqual(stage.noted('exits'), [String(pid)])
})
