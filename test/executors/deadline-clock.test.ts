// The one clock of all that run under the same limits of time.

import assert from 'node:assert/strict'
import { stat } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DeadlineClock, expiryOf, type Clocked } from '../../src/executors/deadline-clock.ts'

const deadlines = { firstByteMs: 30, idleMs: 60, totalMs: 100 }

test('Postern: silence has the limit of its phase, none where it is nobody’s fault, and the whole has one always', () => {
  const run = { startedAt: 1000, movedAt: 1010, hasBegun: false }
  assert.equal(expiryOf(run, 1040, deadlines), undefined)
  assert.deepEqual(expiryOf(run, 1041, deadlines), { phase: 'first-byte', afterMs: 30 })
  assert.equal(expiryOf({ ...run, hasBegun: true }, 1070, deadlines), undefined)
  assert.deepEqual(expiryOf({ ...run, hasBegun: true }, 1071, deadlines), { phase: 'idle', afterMs: 60 })
  const excused = { ...run, movedAt: undefined }
  assert.equal(expiryOf(excused, 1100, deadlines), undefined)
  assert.deepEqual(expiryOf(excused, 1101, deadlines), { phase: 'total', afterMs: 100 })
  assert.equal(expiryOf(run, 1e9, { firstByteMs: 0, idleMs: 0, totalMs: 0 }), undefined)
})

test('Postern: what came while the process was busy is not late', async () => {
  const clock = new DeadlineClock(deadlines)
  const startedAt = performance.now()
  let isLate = false
  const run: Clocked = {
    look: (now, limits) => {
      isLate ||= expiryOf({ startedAt, movedAt: startedAt, hasBegun: false }, now, limits) !== undefined
    },
  }
  clock.add(run)
  const came = new Promise<void>((resolve) => {
    stat('.', () => {
      clock.delete(run)
      resolve()
    })
  })
  while (performance.now() - startedAt < 200);
  await came
  await sleep(100)
  assert.equal(isLate, false)
  assert.equal(clock.running.size, 0)
})

test('Postern: a clock that stood still while nothing ran goes on with the next run', async () => {
  const clock = new DeadlineClock(deadlines)
  for (let number = 0; number < 2; number++) {
    const looked = new Promise<number>((resolve) => {
      const run: Clocked = {
        look: (now) => {
          clock.delete(run)
          resolve(now)
        },
      }
      clock.add(run)
    })
    const alive = setInterval(() => {}, 1000)
    assert.ok((await looked) <= performance.now())
    clearInterval(alive)
    // Long enough for it to find that nothing runs.
    await sleep(100)
  }
})
