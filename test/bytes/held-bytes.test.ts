// Bytes that wait for more to come.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf, bytesOf } from '../../src/bytes/byte-string.ts'
import { HeldBytes } from '../../src/bytes/held-bytes.ts'
import { byteStrings, runs } from '../protocol/arbitraries.ts'

test('bytes: what is held and what comes are together what was kept and what came, however much is let go', () => {
  const steps = fc.array(fc.tuple(byteStrings(40), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 30 })
  fc.assert(
    fc.property(steps, (all) => {
      const held = new HeldBytes()
      let expected = ''
      for (const [text, fraction] of all) {
        const chunk = bytesOf(text)
        expected += text
        assert.equal(byteStringOf(held.join(chunk)), expected)
        const at = Math.round(fraction * expected.length)
        held.keepFrom(at)
        chunk.fill('!')
        expected = expected.slice(at)
        assert.equal(held.length, expected.length)
      }
    }),
    runs,
  )
})

test('bytes: a chunk that meets nothing held is passed on, not copied', () => {
  const chunk = bytesOf('chunk')
  assert.equal(new HeldBytes().join(chunk), chunk)
})
