import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FailureError } from '../../src/events/failures.ts'
import { WaitQueue } from '../../src/transport/wait-queue.ts'
import { settled } from '../executors/fake-executor.ts'

const never = new AbortController().signal
const isKind = (kind: string) => (error: unknown) => error instanceof FailureError && error.failure.kind === kind

test('wait queue: one is woken at a time, the one that came first before the others', async () => {
  const queue = new WaitQueue(0)
  const woken: number[] = []
  const gone = new AbortController()
  const waits = [0, 1, 2, 3].map((name) =>
    queue.wait(name === 1 ? gone.signal : never, performance.now()).then(() => void woken.push(name)),
  )
  const left = assert.rejects(waits[1] ?? Promise.resolve(), isKind('client-gone'))
  gone.abort()
  await left
  for (const expected of [[0], [0, 2], [0, 2, 3]]) {
    queue.wakeOne()
    await settled()
    assert.deepEqual(woken, expected)
  }
  assert.equal(queue.size, 0)
})

test('wait queue: the limit counts from when the request came, not from when it waits again', async () => {
  const queue = new WaitQueue(60_000)
  await assert.rejects(queue.wait(never, performance.now() - 60_000), isKind('queue-timed-out'))
})
