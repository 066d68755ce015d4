import { test } from 'node:test'
import assert from 'node:assert/strict'
import { StartTrouble } from '../../../src/transport/fastcgi-programs/start-trouble.ts'

const failure = { kind: 'cannot-start', program: '/x', code: 'exit code 1' } as const

test('start trouble: after one failure the program is tried again at once, after two there is a pause', () => {
  const trouble = new StartTrouble()
  assert.equal(trouble.now, undefined)
  trouble.add(failure)
  assert.equal(trouble.isThere, true)
  assert.equal(trouble.now, undefined)
  for (let times = 0; times < 10; times++) trouble.add(failure)
  assert.deepEqual(trouble.now, failure)
})

test('start trouble: it is forgotten when the program has served, or is another one', () => {
  const trouble = new StartTrouble()
  for (let times = 0; times < 100; times++) trouble.add(failure)
  trouble.forget()
  assert.equal(trouble.isThere, false)
  assert.equal(trouble.now, undefined)
})

test('start trouble: the pause grows to half a minute, and never over it', () => {
  let time = 1
  const trouble = new StartTrouble(() => time)
  const pauses: number[] = []
  for (let times = 0; times < 2000; times++) {
    const before = time
    trouble.add(failure)
    while (trouble.now !== undefined) time += 250
    pauses.push(time - before)
  }
  assert.deepEqual(pauses.slice(0, 6), [0, 250, 500, 1000, 2000, 4000])
  assert.deepEqual(new Set(pauses.slice(20)), new Set([30_000]))
})
