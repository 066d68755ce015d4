// RFC 9110 6.4, 7.6.1 and 8.6: what of a script's answer goes on to the client.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { FailureError } from '../../src/events/failures.ts'
import {
  admitResponseFields,
  boundBody,
  mayHaveBody,
  mayHaveLength,
  plainField,
} from '../../src/gateway/response-policy.ts'
import { hopByHopFields, isFieldValue, type Field } from '../../src/protocol/http/fields.ts'
import { runs } from '../protocol/arbitraries.ts'

async function* bodyOf(chunks: readonly Uint8Array[], onEnd = (): void => {}): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } finally {
    onEnd()
  }
}

test('RFC 9110 7.6.1: no field of the connection passes, nor one that Connection names, nor Content-Length', () => {
  const names = [
    'Connection',
    'KEEP-ALIVE',
    'te',
    'Upgrade',
    'Trailer',
    'Proxy-Authenticate',
    'X-A',
    'x-b',
    'Content-Length',
  ]
  const values = ['x-a', 'X-B, close', 'a', 'te , x-a', '']
  const list = fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)), { maxLength: 6 })
  fc.assert(
    fc.property(list, (fields: readonly Field[]) => {
      const connection = fields
        .filter(([name]) => name === 'Connection')
        .flatMap(([, value]) => value.toLowerCase().split(/ *, */))
      for (const [name] of admitResponseFields(fields)) {
        const field = name.toLowerCase()
        assert.ok(!hopByHopFields.has(field) && !connection.includes(field) && field !== 'content-length', field)
      }
    }),
    runs,
  )
})

test('RFC 9110 7.6.1: all other fields pass, in their order', () => {
  const fields: readonly Field[] = [
    ['Set-Cookie', 'a'],
    ['X-A', 'b'],
    ['Set-Cookie', 'c'],
    ['Content-Type', 'd'],
  ]
  assert.deepEqual(admitResponseFields(fields), fields)
})

test('CVE-2026-7381: instructions to servers do not pass', () => {
  assert.deepEqual(
    admitResponseFields([
      ['X-Sendfile', '/a'],
      ['X-ACCEL-Redirect', '/b'],
      ['x-lighttpd-send-file', '/c'],
    ]),
    [],
  )
})

test('RFC 9110 8.6: a body is never longer than its Content-Length, and one that is shorter ends in a failure', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(chunks, fc.nat(20), async (parts, announced) => {
      const total = parts.reduce((sum, part) => sum + part.length, 0)
      const all = Buffer.concat(parts)
      const seen: Uint8Array[] = []
      let excess = 0
      let failure: unknown
      let ended = 0
      try {
        for await (const chunk of boundBody(
          bodyOf(parts, () => ended++),
          announced,
          () => excess++,
        ))
          seen.push(chunk)
      } catch (error) {
        failure = error instanceof FailureError ? error.failure : error
      }
      assert.deepEqual(Buffer.concat(seen), all.subarray(0, announced))
      assert.equal(excess, total > announced ? 1 : 0)
      assert.ok(ended === 1, 'the source has ended')
      const cut = { kind: 'body-cut-short', sent: total, announced, signal: null }
      assert.deepEqual(failure, total < announced ? cut : undefined)
    }),
    runs,
  )
})

test('RFC 9110 6.4.1: no body with HEAD, 204, 205 and 304', () => {
  assert.equal(mayHaveBody('GET', 200), true)
  assert.equal(mayHaveBody('HEAD', 200), false)
  for (const status of [204, 205, 304]) assert.equal(mayHaveBody('GET', status), false)
})

test('RFC 9110 8.6, 15.3.6: a Content-Length is never that of a body which is not sent, but with HEAD', () => {
  for (const status of [204, 205, 304]) assert.equal(mayHaveLength(status), false)
  assert.equal(mayHaveLength(200), true)
})

test('RFC 9110 5.5: what the gateway itself writes into a field is a field’s value', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => isFieldValue(plainField(text))))
})
