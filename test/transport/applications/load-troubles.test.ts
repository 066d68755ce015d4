// What is told of workers that could not be started: whole once, and when what is named is not there at all.

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { GatewayFailure } from '../../../src/events/failures.ts'
import { LoadTroubles } from '../../../src/transport/applications/load-troubles.ts'

function failing(code: string, lastWords: string, afterMs?: number): GatewayFailure {
  const failure = { kind: 'application-not-loaded', application: 'a', python: '/p', code, lastWords } as const
  return afterMs === undefined ? failure : { ...failure, afterMs }
}

function make(t: TestContext) {
  const told: (readonly [text: string, details: string | undefined])[] = []
  const missing: string[] = []
  const troubles = new LoadTroubles({
    reload: true, // Without timers.
    tell: (text, details) => void told.push([text, details]),
    tryAgain: () => {},
    onMissing: (words) => void missing.push(words),
  })
  t.after(() => troubles.close())
  return { troubles, told, missing }
}

test('Postern: a failure that differs in numbers alone is told whole once; another one is told', (t) => {
  const { troubles, told } = make(t)
  const later = Date.now() + 1000
  troubles.add(failing('exit code 3', 'at 0x7f01, pid 17: no'), later)
  troubles.add(failing('exit code 3', 'at 0x7f02, pid 4: no'), 0)
  troubles.add(failing('exit code 3', 'at 0x7f03, pid 18: no'), later)
  troubles.add(failing('exit code 3', 'something else'), 0)
  troubles.add(failing('exit code 3', 'something else'), 0)
  assert.deepEqual(told, [
    ['a worker could not be started (exit code 3); it is tried again with the next request', 'at 0x7f01, pid 17: no'],
    [
      'a worker could not be started, as before (exit code 3; 3 by now); it is tried again with the next request',
      undefined,
    ],
    ['another worker could not be started (exit code 3)', 'something else'],
  ])
})

test('Postern: once a worker was ready, a failure is told whole again', (t) => {
  const { troubles, told } = make(t)
  troubles.add(failing('exit code 3', 'no'), Date.now())
  troubles.ready()
  assert.equal(troubles.isThere, false)
  troubles.add(failing('exit code 3', 'no'), Date.now() + 1000)
  assert.deepEqual(
    told.map(([, details]) => details),
    ['no', 'no'],
  )
})

test('Postern: what takes too long is not tried again at once, as one that was killed', (t) => {
  const { troubles } = make(t)
  troubles.add(failing('SIGKILL', ''), Date.now())
  assert.equal(troubles.now, undefined)
  assert.equal(troubles.isLate, false)
  troubles.afresh()
  const late = failing('after 60 s', '', 60_000)
  troubles.add(late, Date.now() + 1000)
  assert.equal(troubles.now, late)
  assert.equal(troubles.isLate, true)
})

test('Postern: only what is not there, in several trials, and never was, ends the trials', (t) => {
  const later = Date.now() + 1000
  for (const [code, wasReady, wanted] of [
    ['exit code 4', false, 1],
    ['exit code 3', false, 0],
    ['exit code 4', true, 0],
  ] as const) {
    const { troubles, missing } = make(t)
    if (wasReady) troubles.ready()
    for (let trial = 0; trial < 3; trial++) troubles.add(failing(code, 'not there'), later)
    assert.deepEqual(missing, [])
    for (let trial = 0; trial < 10; trial++) troubles.add(failing(code, 'not there'), later)
    assert.deepEqual(
      missing,
      Array.from({ length: wanted }, () => 'not there'),
    )
  }
})
