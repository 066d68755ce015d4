// The workers of a launcher: to whom a request goes, and what is believed of what is said of them.

import assert from 'node:assert/strict'
import { closeSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import type { Ending } from '../../../src/events/events.ts'
import { loadNative, type Native } from '../../../src/transport/native.ts'
import { Workers, type Worker } from '../../../src/transport/warm/workers.ts'

const loaded = loadNative()
const skip = 'reason' in loaded ? `koffi: ${loaded.reason}` : false
const ended: Ending = { exitCode: 3, signal: null, cpuMs: 1, maxRssBytes: 1 }

function native(): Native {
  assert.ok('native' in loaded)
  return loaded.native
}

function message(): Buffer {
  const bytes = Buffer.allocUnsafeSlow(1)
  bytes.fill(0)
  return bytes
}

/** An idle one; whoever is given its end of the socket closes that. */
function idle(workers: Workers, id: number, pid: number): number {
  const { ours, theirs } = native().socketPair()
  workers.expect(id, ours)
  assert.equal(workers.forked(id, pid), true)
  return theirs
}

async function settled(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false
  void promise.then(() => {
    isSettled = true
  })
  await turn()
  return isSettled
}

function given(workers: Workers): Worker {
  const worker = workers.give(message(), [])
  assert.ok(worker !== undefined)
  return worker
}

test('workers: one that says that it leaves has left before it has ended', { skip }, async () => {
  const workers = new Workers(native())
  const theirs = idle(workers, 1, 1001)
  const worker = given(workers)
  assert.equal(await settled(worker.leaving), false)
  workers.leaves(1001)
  assert.equal(await settled(worker.leaving), true)
  assert.equal(await settled(worker.ending), false)
  assert.equal(workers.running, 1)
  assert.equal(workers.ended(1001, ended), 'running')
  assert.deepEqual(await worker.ending, ended)
  assert.equal(workers.running, 0)
  closeSync(theirs)
})

test('workers: one that has ended has left, whether it said so or not', { skip }, async () => {
  const workers = new Workers(native())
  const theirs = idle(workers, 1, 1001)
  const worker = given(workers)
  workers.ended(1001, ended)
  assert.equal(await settled(worker.leaving), true)
  closeSync(theirs)
})

test('workers: of one that waits, or is not known, it is not believed that it leaves', { skip }, async () => {
  const workers = new Workers(native())
  const theirs = idle(workers, 1, 1001)
  workers.leaves(1001)
  workers.leaves(4711)
  const worker = given(workers)
  assert.equal(await settled(worker.leaving), false)
  closeSync(theirs)
})

test('workers: a request goes to one that is there, not to one whose socket has ended', { skip }, () => {
  const workers = new Workers(native())
  const first = idle(workers, 1, 1001)
  const second = idle(workers, 2, 1002)
  closeSync(second)
  assert.equal(given(workers).pid, 1001)
  assert.equal(workers.give(message(), []), undefined)
  assert.equal(workers.ended(1002, ended), 'left')
  closeSync(first)
})
