// What a worker is told of its request (launchers/README.md).

import { test } from 'node:test'
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { byteStringOf } from '../../../src/bytes/byte-string.ts'
import { encodeWorkerRequest, type WorkerRequest } from '../../../src/protocol/launcher/worker-request.ts'
import { byteStrings, runs } from '../arbitraries.ts'

/** As a worker reads it. */
function decode(message: Buffer): WorkerRequest {
  assert.equal(message.readUInt32LE(), message.length - 4)
  const [path = '', cwd = '', count = '', ...rest] = byteStringOf(message.subarray(4)).split('\0')
  return { path, cwd, words: rest.slice(0, Number(count)), environment: rest.slice(Number(count)) }
}

test('worker request: a request of any bytes but NUL is read as it was written', () => {
  const text = byteStrings().map((bytes) => bytes.replaceAll('\0', '/'))
  const texts = fc.array(text, { maxLength: 6 })
  fc.assert(
    fc.property(text, text, texts, texts, (path, cwd, words, environment) => {
      const request = { path, cwd, words, environment }
      assert.deepEqual(decode(encodeWorkerRequest(request)), request)
    }),
    runs,
  )
})

test('worker request: empty words and values stay', () => {
  const request = { path: '/a', cwd: '/', words: ['', 'b', ''], environment: ['A=', 'B==', 'C=\n'] }
  assert.deepEqual(decode(encodeWorkerRequest(request)), request)
})

test('worker request: the message lies in memory of its own, which a system call may hold on to', () => {
  const message = encodeWorkerRequest({ path: '/a', cwd: '/', words: [], environment: [] })
  assert.equal(message.byteOffset, 0)
  assert.equal(message.buffer.byteLength, message.length)
})
