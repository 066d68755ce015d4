// The table of limits, from which flags, options and docs/limits.md come.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { flagOf, limitNames, limits, parseLimit, readLimits } from '../../src/config/limits.ts'

test('Postern: every limit has a default that its own kind can read', () => {
  const values = readLimits({})
  for (const name of limitNames) assert.ok(Number.isSafeInteger(values[name]) && values[name] >= 0, name)
})

test('Postern: only totalTimeout and maxMemory are off unless it is asked for', () => {
  const values = readLimits({})
  assert.deepEqual(
    limitNames.filter((name) => values[name] === 0),
    ['totalTimeout', 'maxMemory'],
  )
})

test('Postern: a limit is written in the units of its kind, or as a number', () => {
  const values = readLimits({
    idleTimeout: '2m',
    maxBody: '1MiB',
    maxRunning: '3',
    queueTimeout: 250,
    totalTimeout: 'off',
  })
  assert.deepEqual(
    [values.idleTimeout, values.maxBody, values.maxRunning, values.queueTimeout, values.totalTimeout],
    [120_000, 1_048_576, 3, 250, 0],
  )
})

test('Postern: a limit that cannot be read is a TypeError with its name, the value and an example', () => {
  assert.throws(() => readLimits({ idleTimeout: '2 minutes' }), {
    name: 'TypeError',
    message: /idleTimeout.*30s.*"2 minutes"/,
  })
  assert.throws(() => parseLimit('maxRunning', '16s'), { name: 'TypeError', message: /maxRunning.*16.*"16s"/ })
  assert.throws(() => parseLimit('maxBody', -1), { name: 'TypeError', message: /maxBody.*-1/ })
})

test('Postern: a flag is its limit in words', () => {
  assert.equal(flagOf('firstByteTimeout'), '--first-byte-timeout')
  assert.equal(new Set(limitNames.map(flagOf)).size, limitNames.length)
})

test('Postern: every limit says what it bounds', () => {
  for (const name of limitNames) assert.ok(limits[name].about.length > 10, name)
})

test('Postern: off is no limit; a time of grace cannot be without end, and 0 is none', () => {
  for (const name of limitNames) {
    if (limits[name].kind !== 'grace') continue
    assert.equal(parseLimit(name, 0), 0)
    assert.equal(parseLimit(name, '250ms'), 250)
    assert.throws(() => parseLimit(name, 'off'), {
      name: 'TypeError',
      message: `${name} cannot be off: write 0 for no grace`,
    })
  }
  assert.deepEqual(
    limitNames.filter((name) => limits[name].kind === 'grace'),
    ['killGrace', 'backgroundGrace'],
  )
})
