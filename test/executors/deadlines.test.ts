// Limits of time over a fake executor, under a clock that the test moves.

import { afterEach, beforeEach, mock, test } from 'node:test'
import assert from 'node:assert/strict'
import { FailureError } from '../../src/events/failures.ts'
import { DeadlineExecutor, type Deadlines } from '../../src/executors/deadlines.ts'
import { anyRequest, FakeExecutor, settled, type FakeRun } from './fake-executor.ts'

const never = new AbortController().signal

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
afterEach(() => mock.timers.reset())

interface Reading {
  readonly run: FakeRun
  readonly output: AsyncIterator<Uint8Array>
}

async function start(deadlines: Partial<Deadlines>): Promise<Reading> {
  const inner = new FakeExecutor()
  const executor = new DeadlineExecutor(inner, { firstByteMs: 0, idleMs: 0, totalMs: 0, ...deadlines })
  const started = await executor.run(anyRequest, never)
  const [run] = inner.runs
  assert.ok(started.kind === 'running' && run !== undefined)
  return { run, output: started.running.output[Symbol.asyncIterator]() }
}

async function read({ output }: Reading): Promise<string> {
  const result = await output.next()
  return result.done === true ? '(end)' : Buffer.from(result.value).toString()
}

async function timedOut(reading: Promise<unknown>, phase: string, afterMs: number): Promise<void> {
  await assert.rejects(reading, (error) => {
    assert.ok(error instanceof FailureError)
    assert.deepEqual(error.failure, { kind: 'timed-out', phase, afterMs })
    return true
  })
}

test('Postern: output before firstByteTimeout passes, and its end is the end', async () => {
  const reading = await start({ firstByteMs: 100 })
  const first = read(reading)
  mock.timers.tick(99)
  reading.run.write('a')
  assert.equal(await first, 'a')
  reading.run.finish()
  assert.equal(await read(reading), '(end)')
  assert.equal(reading.run.wasEnded, false)
})

test('Postern: without output for firstByteTimeout the program is ended, and the failure says which limit', async () => {
  const reading = await start({ firstByteMs: 100, idleMs: 5 })
  const first = read(reading)
  mock.timers.tick(100)
  await timedOut(first, 'first-byte', 100)
  assert.deepEqual([reading.run.wasEnded, reading.run.outputClosed], [true, true])
})

test('Postern: silence between two outputs is limited by idleTimeout, counted anew after each', async () => {
  const reading = await start({ firstByteMs: 10, idleMs: 100 })
  reading.run.write('a')
  assert.equal(await read(reading), 'a')
  for (const text of ['b', 'c']) {
    const next = read(reading)
    mock.timers.tick(99)
    reading.run.write(text)
    assert.equal(await next, text)
  }
  const last = read(reading)
  mock.timers.tick(100)
  await timedOut(last, 'idle', 100)
  assert.equal(reading.run.wasEnded, true)
})

test('Postern: a program that closes its output and goes on is ended after idleTimeout', async () => {
  const reading = await start({ idleMs: 100 })
  reading.run.closeOutput()
  assert.equal(await read(reading), '(end)')
  mock.timers.tick(99)
  assert.equal(reading.run.wasEnded, false)
  mock.timers.tick(1)
  assert.equal(reading.run.wasEnded, true)
})

test('Postern: a program that ends after its output is left alone', async () => {
  const reading = await start({ idleMs: 100 })
  reading.run.closeOutput()
  assert.equal(await read(reading), '(end)')
  reading.run.finish()
  await settled()
  mock.timers.tick(1000)
  assert.equal(reading.run.wasEnded, false)
})

test('Postern: time in which nobody asks for output is not the program’s silence', async () => {
  const reading = await start({ firstByteMs: 100, idleMs: 100 })
  mock.timers.tick(1000)
  reading.run.write('a')
  assert.equal(await read(reading), 'a')
  mock.timers.tick(1000)
  reading.run.write('b')
  assert.equal(await read(reading), 'b')
  assert.equal(reading.run.wasEnded, false)
})

test('Postern: totalTimeout ends a program whether somebody reads or not', async () => {
  const reading = await start({ totalMs: 100 })
  reading.run.write('a')
  assert.equal(await read(reading), 'a')
  mock.timers.tick(100)
  assert.equal(reading.run.wasEnded, true)
  await timedOut(read(reading), 'total', 100)
})

test('Postern: totalTimeout in the middle of a wait ends the wait', async () => {
  const reading = await start({ firstByteMs: 1000, totalMs: 100 })
  const first = read(reading)
  mock.timers.tick(100)
  await timedOut(first, 'total', 100)
})

test('Postern: a program that has ended in time is not ended again', async () => {
  const reading = await start({ totalMs: 100, firstByteMs: 100, idleMs: 100 })
  reading.run.write('a')
  reading.run.finish()
  assert.deepEqual([await read(reading), await read(reading)], ['a', '(end)'])
  await settled()
  mock.timers.tick(1000)
  assert.equal(reading.run.wasEnded, false)
})

test('Postern: a limit of 0 is none', async () => {
  const reading = await start({})
  const first = read(reading)
  mock.timers.tick(2 ** 31 - 1)
  reading.run.write('a')
  assert.equal(await first, 'a')
})

test('Postern: leaving the output closes it; a program that goes on all the same is ended after idleTimeout', async () => {
  const reading = await start({ firstByteMs: 100, idleMs: 100 })
  reading.run.write('a')
  await read(reading)
  await reading.output.return?.()
  assert.equal(reading.run.outputClosed, true)
  mock.timers.tick(99)
  assert.equal(reading.run.wasEnded, false)
  mock.timers.tick(1)
  assert.equal(reading.run.wasEnded, true)
})

test('Postern: a program that could not start is passed on as it is, and disposing reaches the inner executor', async () => {
  const inner = new FakeExecutor()
  inner.failNext = { kind: 'queue-full', waiting: 3 }
  const executor = new DeadlineExecutor(inner, { firstByteMs: 1, idleMs: 1, totalMs: 1 })
  assert.deepEqual(await executor.run(anyRequest, never), {
    kind: 'failed',
    failure: { kind: 'queue-full', waiting: 3 },
  })
  await executor[Symbol.asyncDispose]()
  assert.equal(inner.isDisposed, true)
})
