// RFC 3875 4.2: a body has a length before its script starts, and is never longer.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import type { Bytes } from '../../src/bytes/byte-string.ts'
import { BodyError, prepareBody, StreamedBody, type PreparedBody } from '../../src/gateway/request-body.ts'
import { SpooledFile } from '../../src/transport/spool.ts'

const limits = { maxBodyBytes: 200_000, spoolMemoryBytes: 1000 }

async function* source(parts: readonly Uint8Array[], end?: Error): AsyncGenerator<Uint8Array> {
  yield* parts
  if (end !== undefined) throw end
}

const bytes = (length: number): Uint8Array => Buffer.alloc(length, 'x')

async function collect(body: Uint8Array | Bytes): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function prepared(...args: Parameters<typeof prepareBody>): Promise<PreparedBody & AsyncDisposable> {
  const body = await prepareBody(...args)
  assert.ok(!('refused' in body), JSON.stringify(body))
  return { ...body, [Symbol.asyncDispose]: async () => body.spooled?.[Symbol.asyncDispose]() }
}

async function refusal(...args: Parameters<typeof prepareBody>): Promise<number> {
  const body = await prepareBody(...args)
  assert.ok('refused' in body)
  return body.refused
}

test('RFC 3875 4.2: a body of unknown length comes back whole with its length, in memory or in a file', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 5 }), async (parts) => {
      await using body = await prepared(source(parts), undefined, limits)
      const all = Buffer.concat(parts)
      assert.equal(body.length, all.length)
      assert.equal(body.body instanceof SpooledFile, all.length > limits.spoolMemoryBytes)
      assert.deepEqual(Buffer.from(await collect(body.body)), all)
    }),
    { numRuns: 60, interruptAfterTimeLimit: 2000 },
  )
})

test('RFC 3875 4.2: the descriptor of a body in a file stands at its start', async () => {
  await using body = await prepared(source([bytes(1500), bytes(10)]), undefined, limits)
  assert.ok(body.body instanceof SpooledFile)
  assert.equal(readFileSync(body.body.fd).length, 1510)
})

test('RFC 3875 4.2: a body that is longer than announced is cut at its length', async () => {
  await using body = await prepared(source([bytes(70_000), bytes(70_000)]), 100_000, limits)
  assert.equal((await collect(body.body)).length, 100_000)
})

test('RFC 9112 8: a small body that is shorter than announced is 400', async () => {
  assert.equal(await refusal(source([bytes(3)]), 5, limits), 400)
})

test('Postern: a body that lies in a file and is shorter than announced leaves no file open', async () => {
  const opened = readdirSync('/dev/fd').length
  assert.equal(await refusal(source([bytes(1500)]), 2000, limits), 400)
  assert.equal(readdirSync('/dev/fd').length, opened)
})

test('RFC 9110 15.5.14: a body that is announced or becomes larger than the largest is 413', async () => {
  assert.equal(await refusal(source([]), 200_001, limits), 413)
  assert.equal(await refusal(source([bytes(150_000), bytes(50_001)]), undefined, limits), 413)
  await using body = await prepared(source([bytes(150_000), bytes(50_000)]), undefined, limits)
  assert.equal(body.length, 200_000)
})

test('RFC 9110 15.5.9: what the frontend finds wrong with a body is the refusal', async () => {
  assert.equal(await refusal(source([bytes(1)], new BodyError(408, 'slow')), undefined, limits), 408)
  assert.equal(await refusal(source([bytes(1)], new BodyError(400, 'broken')), 10, limits), 400)
})

test('Postern: an error that nobody foresaw is not taken for a refusal', async () => {
  await assert.rejects(prepareBody(source([], new RangeError('odd')), undefined, limits), RangeError)
})

test('Postern: a large body of known length is not read before somebody asks', async () => {
  let read = 0
  const counting = {
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
      read++
      yield bytes(100_000)
    },
  }
  await using body = await prepared(counting, 100_000, limits)
  assert.equal(read, 0)
  assert.equal((await collect(body.body)).length, 100_000)
})

test('RFC 3875 4.2: a large body that ends before its announced length is an error, never an end', async () => {
  await using body = await prepared(source([bytes(70_000)]), 100_000, limits)
  assert.ok(body.body instanceof StreamedBody)
  let isTold = false
  body.body.onFault = () => {
    isTold = true
  }
  let seen = 0
  await assert.rejects(
    async () => {
      for await (const chunk of body.body instanceof StreamedBody ? body.body : []) seen += chunk.length
    },
    (error) => error instanceof BodyError && error.status === 400,
  )
  assert.equal(seen, 70_000)
  assert.ok(isTold)
  assert.equal(body.body.fault?.status, 400)
})
