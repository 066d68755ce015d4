// Durations, sizes and counts as people write them.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { parseCount, parseDuration, parseSize } from '../../src/config/units.ts'

const durations = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const sizes = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 }

test('Postern: a whole number of any unit is that many of its milliseconds or bytes', () => {
  for (const [unit, factor] of Object.entries(durations)) {
    fc.assert(fc.property(fc.nat(500), (n) => assert.equal(parseDuration(`${n}${unit}`), n * factor)))
  }
  for (const [unit, factor] of Object.entries(sizes)) {
    fc.assert(fc.property(fc.nat(1000), (n) => assert.equal(parseSize(`${n} ${unit}`), n * factor)))
  }
})

test('Postern: a number is milliseconds, bytes or a count', () => {
  fc.assert(
    fc.property(fc.nat(), (n) => {
      for (const parse of [parseDuration, parseSize, parseCount]) {
        assert.equal(parse(n), n)
        assert.equal(parse(String(n)), n)
      }
    }),
  )
})

test('Postern: milliseconds may be written as a part of a second, whatever binary fractions make of it', () => {
  for (let ms = 0; ms <= 20_000; ms++) assert.equal(parseDuration(`${ms / 1000}s`), ms, `${ms / 1000}s`)
  assert.equal(parseDuration('1.5m'), 90_000)
  assert.equal(parseSize('0.5KiB'), 512)
  assert.equal(parseSize('1.1MB'), 1_100_000)
})

test('Postern: a part of a millisecond or byte is none', () => {
  for (const value of ['0.5ms', '1.0005s', 1.5]) assert.equal(parseDuration(value), undefined, String(value))
  for (const value of ['0.5B', '1.1KiB', 0.1]) assert.equal(parseSize(value), undefined, String(value))
  assert.equal(parseCount('1.5'), undefined)
})

test('Postern: off is a duration without end, and nothing else', () => {
  assert.equal(parseDuration('off'), 0)
  assert.equal(parseSize('off'), undefined)
  assert.equal(parseCount('off'), undefined)
})

test('Postern: what is no number with a known unit is refused', () => {
  const bad = [
    '',
    ' ',
    's',
    '-1',
    '+1',
    '1e3',
    '0x10',
    '1 000',
    '1,5s',
    '.5s',
    '5.s',
    '1s ',
    ' 1s',
    '1  s',
    '1d',
    '1S',
    '1constructor',
    '1__proto__',
    'NaN',
    'Infinity',
    '٣s',
  ]
  for (const value of bad) assert.equal(parseDuration(value), undefined, JSON.stringify(value))
  for (const value of ['1k', '1kb', '1KB', '1mib', '1s', '1toString']) assert.equal(parseSize(value), undefined, value)
  for (const value of ['1s', '1B', '1ms']) assert.equal(parseCount(value), undefined, value)
  for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e21])
    assert.equal(parseSize(value), undefined, String(value))
})

test('Postern: whatever is read is a whole number from 0 to what a timer or a file can take', () => {
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{0,20}(\.[0-9]{0,5})? ?(ms|s|m|h|B|kB|TiB|TB)?$/))
  fc.assert(
    fc.property(texts, (text) => {
      const duration = parseDuration(text)
      assert.ok(duration === undefined || (Number.isInteger(duration) && duration >= 0 && duration < 2 ** 31), text)
      const size = parseSize(text)
      assert.ok(size === undefined || (Number.isSafeInteger(size) && size >= 0), text)
    }),
    { numRuns: 2000 },
  )
})

test('Postern: a duration longer than a timer can be set to is refused, not cut', () => {
  assert.equal(parseDuration(2 ** 31 - 1), 2 ** 31 - 1)
  assert.equal(parseDuration(2 ** 31), undefined)
  assert.equal(parseDuration('1000h'), undefined)
})
