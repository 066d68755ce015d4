// The limit of running programs, its queue and its wait, over a fake executor.

import { mock, test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Started } from '../../src/executors/executor.ts'
import { RunningLimitExecutor, type RunningLimits } from '../../src/executors/running-limit.ts'
import { anyRequest, FakeExecutor, settled } from './fake-executor.ts'

const never = new AbortController().signal

function setUp(limits: Partial<RunningLimits> = {}): {
  readonly inner: FakeExecutor
  readonly executor: RunningLimitExecutor
} {
  const inner = new FakeExecutor()
  return {
    inner,
    executor: new RunningLimitExecutor(inner, { maxRunning: 2, maxQueue: 2, queueTimeoutMs: 0, ...limits }),
  }
}

const nameOf = (started: Started): string => (started.kind === 'failed' ? started.failure.kind : started.kind)

test('Postern: as many programs run at once as may, and the next waits until one ends', async () => {
  const { inner, executor } = setUp()
  await Promise.all([executor.run(anyRequest, never), executor.run(anyRequest, never)])
  const third = executor.run(anyRequest, never)
  await settled()
  assert.deepEqual([inner.runs.length, executor.running, executor.waiting], [2, 2, 1])
  inner.runs[0]?.finish()
  assert.equal(nameOf(await third), 'running')
  assert.deepEqual([inner.runs.length, executor.running, executor.waiting], [3, 2, 0])
})

test('Postern: a full queue refuses at once', async () => {
  const { executor } = setUp({ maxRunning: 1, maxQueue: 1 })
  await executor.run(anyRequest, never)
  void executor.run(anyRequest, never)
  const refused = await executor.run(anyRequest, never)
  assert.deepEqual(refused, { kind: 'failed', failure: { kind: 'queue-full', waiting: 1 } })
})

test('Postern: without a queue every request beyond the limit is refused', async () => {
  const { executor } = setUp({ maxRunning: 1, maxQueue: 0 })
  await executor.run(anyRequest, never)
  assert.equal(nameOf(await executor.run(anyRequest, never)), 'queue-full')
})

test('Postern: who waits longer than queueTimeout is refused, and leaves the queue', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  try {
    const { inner, executor } = setUp({ maxRunning: 1, queueTimeoutMs: 100 })
    await executor.run(anyRequest, never)
    const waiting = executor.run(anyRequest, never)
    mock.timers.tick(99)
    assert.equal(executor.waiting, 1)
    mock.timers.tick(1)
    assert.deepEqual(await waiting, { kind: 'failed', failure: { kind: 'queue-timed-out', afterMs: 100 } })
    assert.equal(executor.waiting, 0)
    inner.runs[0]?.finish()
    await settled()
    assert.deepEqual([inner.runs.length, executor.running], [1, 0])
  } finally {
    mock.timers.reset()
  }
})

test('Postern: a client that goes away leaves the queue, and its program never starts', async () => {
  const { inner, executor } = setUp({ maxRunning: 1 })
  await executor.run(anyRequest, never)
  const gone = new AbortController()
  const waiting = executor.run(anyRequest, gone.signal)
  gone.abort()
  assert.equal(nameOf(await waiting), 'client-gone')
  assert.equal(nameOf(await executor.run(anyRequest, AbortSignal.abort())), 'client-gone')
  inner.runs[0]?.finish()
  await settled()
  assert.deepEqual([inner.runs.length, executor.running, executor.waiting], [1, 0, 0])
})

test('Postern: a program that could not start gives its place to the next', async () => {
  const { inner, executor } = setUp({ maxRunning: 1 })
  inner.failNext = { kind: 'cannot-start', program: '/a', code: 'ENOENT' }
  assert.equal(nameOf(await executor.run(anyRequest, never)), 'cannot-start')
  inner.failNext = new RangeError('odd')
  await assert.rejects(executor.run(anyRequest, never), RangeError)
  assert.equal(executor.running, 0)
  assert.equal(nameOf(await executor.run(anyRequest, never)), 'running')
})

test('Postern: at the end of the server those who wait are told so, and nobody starts any more', async () => {
  const { inner, executor } = setUp({ maxRunning: 1 })
  await executor.run(anyRequest, never)
  const waiting = [executor.run(anyRequest, never), executor.run(anyRequest, never)]
  await executor[Symbol.asyncDispose]()
  assert.deepEqual((await Promise.all(waiting)).map(nameOf), ['shutting-down', 'shutting-down'])
  assert.equal(inner.isDisposed, true)
  inner.runs[0]?.finish()
  await settled()
  assert.equal(nameOf(await executor.run(anyRequest, never)), 'shutting-down')
  assert.equal(inner.runs.length, 1)
})

type Step = 'ask' | 'finish' | 'leave' | 'fail'

test('Postern: in any order of requests, endings and departures no limit is passed, nobody overtakes and nobody is lost', async () => {
  const steps = fc.array(fc.constantFrom<Step>('ask', 'ask', 'finish', 'leave', 'fail'), { maxLength: 25 })
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), fc.nat(3), async (plan, maxRunning, maxQueue) => {
      const { inner, executor } = setUp({ maxRunning, maxQueue })
      const asked: { readonly gone: AbortController; readonly answer: Promise<Started> }[] = []
      const live = new Set<number>()
      for (const step of plan) {
        if (step === 'ask' || step === 'fail') {
          if (step === 'fail' && executor.running < maxRunning)
            inner.failNext = { kind: 'cannot-start', program: '', code: '' }
          const gone = new AbortController()
          asked.push({ gone, answer: executor.run(anyRequest, gone.signal) })
        } else if (step === 'finish') {
          const [oldest] = live
          if (oldest !== undefined) inner.runs[oldest]?.finish()
          if (oldest !== undefined) live.delete(oldest)
        } else {
          asked[asked.length >> 1]?.gone.abort()
        }
        const before = inner.runs.length
        await settled()
        for (let index = 0; index < inner.runs.length; index++) if (index >= before || step === 'ask') live.add(index)
        for (const [index, run] of inner.runs.entries()) if (run.outputClosed) live.delete(index)
        assert.ok(executor.running <= maxRunning && executor.waiting <= maxQueue)
        assert.ok(executor.waiting === 0 || executor.running === maxRunning, 'somebody waits beside a free place')
      }
      for (let round = 0; round < 40 && executor.running > 0; round++) {
        for (const run of inner.runs) run.finish()
        await settled()
      }
      assert.deepEqual([executor.running, executor.waiting], [0, 0])
      await Promise.all(asked.map(({ answer }) => answer))
    }),
    { numRuns: 60, interruptAfterTimeLimit: 3000 },
  )
})

test('Postern: first come, first served', async () => {
  const { inner, executor } = setUp({ maxRunning: 1, maxQueue: 5 })
  const controllers = Array.from({ length: 5 }, () => new AbortController())
  for (const { signal } of controllers) void executor.run(anyRequest, signal)
  for (let turn = 0; turn < 5; turn++) {
    await settled()
    assert.equal(inner.runs[turn]?.signal, controllers[turn]?.signal)
    inner.runs[turn]?.finish()
  }
})
