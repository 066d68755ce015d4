// Several upstreams for one route: who is asked, who rests, who is tried again. The clock is the test's.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayEvent } from '../../src/events/events.ts'
import { FailureError, type GatewayFailure } from '../../src/events/failures.ts'
import type { Executor, Started } from '../../src/executors/executor.ts'
import { restMs, UpstreamsExecutor } from '../../src/executors/upstreams.ts'
import { outcomeOf, type Outcome } from '../support/upstream-server.ts'
import { anyRequest, FakeExecutor, settled } from './fake-executor.ts'

const never = new AbortController().signal
const refused: GatewayFailure = { kind: 'unreachable', address: 'x', code: 'ECONNREFUSED' }
const slow: GatewayFailure = { kind: 'timed-out', phase: 'connect', afterMs: 5 }
const overloaded: GatewayFailure = { kind: 'overloaded', address: 'x' }

/** Answers at once with its name, or fails as it is told. */
class Quick implements Executor {
  readonly name: string
  asked = 0
  refuses: GatewayFailure | undefined
  /** Instead of an answer, once it runs. */
  breaks: GatewayFailure | undefined
  wasDisposed = false

  constructor(name: string) {
    this.name = name
  }

  async run(): Promise<Started> {
    this.asked++
    if (this.refuses !== undefined) return { kind: 'failed', failure: this.refuses }
    const ending = Promise.resolve({ exitCode: 0, signal: null, cpuMs: undefined, maxRssBytes: undefined })
    return {
      kind: 'running',
      running: {
        pid: undefined,
        isWarm: false,
        output: this.#output(),
        diagnostics: nothing(),
        leaving: ending,
        ending,
        end: () => {},
      },
    }
  }

  async *#output(): AsyncGenerator<Uint8Array> {
    if (this.breaks !== undefined) throw new FailureError(this.breaks)
    yield Buffer.from(this.name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.wasDisposed = true
  }
}

// eslint-disable-next-line eslint/require-yield -- nothing is said
async function* nothing(): AsyncGenerator<Uint8Array> {}

class Stage {
  time = 0
  readonly notices: string[] = []
  readonly members: readonly Quick[]
  readonly upstreams: UpstreamsExecutor

  constructor(...names: readonly string[]) {
    this.members = names.map((name) => new Quick(name))
    this.upstreams = new UpstreamsExecutor(
      this.members.map((executor) => ({ name: executor.name, executor })),
      {
        observe: (event: GatewayEvent) => void (event.type === 'notice' && this.notices.push(event.text)),
        now: () => this.time,
        random: () => 1,
      },
    )
  }

  member(name: string): Quick {
    const found = this.members.find((member) => member.name === name)
    assert.ok(found !== undefined)
    return found
  }

  async ask(): Promise<Outcome> {
    const outcome = await outcomeOf(this.upstreams.run(anyRequest, never))
    await settled()
    return outcome
  }

  async answers(count: number): Promise<string> {
    let text = ''
    for (let time = 0; time < count; time++) text += (await this.ask()).output
    return text
  }
}

test('upstreams: ties take turns', async () => {
  const stage = new Stage('a', 'b', 'c')
  assert.equal(await stage.answers(7), 'abcabca')
})

test('upstreams: the least busy one is asked first', async () => {
  const fakes = [new FakeExecutor(), new FakeExecutor()] as const
  const upstreams = new UpstreamsExecutor(
    fakes.map((executor, at) => ({ name: String(at), executor })),
    { observe: () => {} },
  )
  for (let request = 0; request < 4; request++) await upstreams.run(anyRequest, never)
  assert.deepEqual(
    fakes.map(({ runs }) => runs.length),
    [2, 2],
  )
  for (const run of fakes[1].runs) run.finish()
  await settled()
  for (let request = 0; request < 2; request++) await upstreams.run(anyRequest, never)
  assert.deepEqual(
    fakes.map(({ runs }) => runs.length),
    [2, 4],
  )
})

for (const failure of [refused, slow]) {
  test(`upstreams: ${failure.kind}: nothing was sent, so another one is asked, once; it rests meanwhile`, async () => {
    const stage = new Stage('a', 'b', 'c')
    stage.member('a').refuses = failure
    assert.equal(await stage.answers(6), 'bcbcbc')
    assert.equal(stage.member('a').asked, 1)
    stage.member('b').refuses = failure
    stage.member('c').refuses = failure
    const { failure: last } = await stage.ask()
    assert.deepEqual(last, failure)
    assert.equal(stage.member('a').asked + stage.member('b').asked + stage.member('c').asked, 1 + 3 + 1 + 3 + 1)
  })
}

test('upstreams: a request that was sent is not sent to another one, though its upstream rests', async () => {
  for (const failure of [overloaded, { kind: 'upstream-closed', address: 'x', code: undefined } as const]) {
    const stage = new Stage('a', 'b')
    stage.member('a').breaks = failure
    assert.deepEqual((await stage.ask()).failure, failure)
    assert.equal(await stage.answers(3), 'bbb')
    assert.equal(stage.member('a').asked, 1)
  }
})

test('upstreams: a failure of one request alone, such as too many variables, rests nobody', async () => {
  const stage = new Stage('a', 'b')
  stage.member('a').refuses = { kind: 'variables-too-large', bytes: 70_000, limit: 65_535, variable: 'HTTP_COOKIE' }
  for (let time = 0; time < 4; time++) await stage.ask()
  assert.equal(stage.member('a').asked, 2)
  assert.deepEqual(stage.notices, [])
})

test('upstreams: after its rest one request tries it; the log says when it goes and when it is back', async () => {
  const stage = new Stage('a', 'b')
  stage.member('a').refuses = refused
  await stage.ask()
  stage.time = 999
  assert.equal(await stage.answers(2), 'bb')
  stage.time = 1000
  stage.member('a').refuses = undefined
  assert.match(await stage.answers(4), /^b?abab?$/)
  assert.deepEqual(stage.notices, [
    'the upstream a failed (unreachable) and rests; 1 of 2 are left',
    'the upstream a answers again',
  ])
})

test('upstreams: only one request at a time tries one that has rested', async () => {
  let time = 0
  const good = new FakeExecutor()
  const bad = new FakeExecutor()
  const upstreams = new UpstreamsExecutor(
    [
      { name: 'bad', executor: bad },
      { name: 'good', executor: good },
    ],
    { observe: () => {}, now: () => time, random: () => 1 },
  )
  bad.failNext = refused
  await upstreams.run(anyRequest, never)
  time = 5000
  for (let request = 0; request < 5; request++) await upstreams.run(anyRequest, never)
  assert.deepEqual([bad.runs.length, good.runs.length], [1, 5])
})

test('upstreams: of two trials at once, the end of one does not make room for a third', async () => {
  let time = 0
  const [a, b] = [new FakeExecutor(), new FakeExecutor()]
  const upstreams = new UpstreamsExecutor(
    [
      { name: 'a', executor: a },
      { name: 'b', executor: b },
    ],
    { observe: () => {}, now: () => time, random: () => 1 },
  )
  a.failNext = refused
  await upstreams.run(anyRequest, never)
  time = 1
  b.failNext = refused
  // All rest, and `a` the shorter.
  await upstreams.run(anyRequest, never)
  await upstreams.run(anyRequest, never)
  assert.deepEqual([a.runs.length, b.runs.length], [2, 1])
  a.runs[0]?.finish()
  b.runs[0]?.finish()
  await settled()
  time = 5000
  const back = await upstreams.run(anyRequest, never)
  assert.ok(back.kind === 'running')
  b.runs[1]?.write('hello')
  await back.running.output[Symbol.asyncIterator]().next()
  for (let request = 0; request < 3; request++) await upstreams.run(anyRequest, never)
  assert.deepEqual([a.runs.length, b.runs.length], [2, 5])
})

test('upstreams: if all rest, the one that rests the shortest is asked all the same', async () => {
  const stage = new Stage('a', 'b')
  stage.member('a').refuses = refused
  stage.member('b').refuses = refused
  await stage.ask()
  stage.member('a').refuses = undefined
  stage.member('b').refuses = undefined
  assert.notEqual((await stage.ask()).output, '')
})

test('CVE-2025-55753: the rest grows to its bound, and never over it to nothing', () => {
  let before = 0
  for (let failures = 1; failures < 5000; failures++) {
    for (const random of [0, 0.5, 1]) {
      const rest = restMs(failures, random)
      assert.ok(rest >= 750 && rest <= 30_000, `${failures} failures: ${rest}`)
    }
    const full = restMs(failures, 1)
    assert.ok(full >= before)
    before = full
  }
  assert.equal(before, 30_000)
})

test('upstreams: requests that fail together are one failure', async () => {
  const stage = new Stage('a', 'b')
  stage.member('a').breaks = overloaded
  const [first, , third] = [
    stage.upstreams.run(anyRequest, never),
    stage.upstreams.run(anyRequest, never),
    stage.upstreams.run(anyRequest, never),
  ]
  await Promise.all([outcomeOf(first), outcomeOf(third)])
  stage.member('a').breaks = undefined
  stage.time = 1000
  assert.match(await stage.answers(4), /a/)
})

test('upstreams: an answer to a request from before a failure does not end the rest', async () => {
  const a = new FakeExecutor()
  const b = new FakeExecutor()
  const notices: string[] = []
  const upstreams = new UpstreamsExecutor(
    [
      { name: 'a', executor: a },
      { name: 'b', executor: b },
    ],
    { observe: (event) => void (event.type === 'notice' && notices.push(event.text)), now: () => 0 },
  )
  const old = outcomeOf(upstreams.run(anyRequest, never))
  await upstreams.run(anyRequest, never)
  a.failNext = refused
  await upstreams.run(anyRequest, never)
  a.runs[0]?.write('late')
  a.runs[0]?.finish()
  assert.equal((await old).output, 'late')
  assert.equal(notices.length, 1)
})

test('upstreams: disposal disposes of all', async () => {
  const stage = new Stage('a', 'b')
  await stage.upstreams[Symbol.asyncDispose]()
  assert.deepEqual(
    stage.members.map(({ wasDisposed }) => wasDisposed),
    [true, true],
  )
})

test('upstreams: servers that ask the same upstream do not all try it again in the same moment', () => {
  assert.deepEqual(
    [0, 0.5, 1].map((random) => restMs(1, random)),
    [750, 875, 1000],
  )
})
