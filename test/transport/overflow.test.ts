// A queue that takes whatever comes: memory first, then a file.

import assert from 'node:assert/strict'
import { readdirSync, readlinkSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Overflow } from '../../src/transport/overflow.ts'

const loopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function takeAll(queue: Overflow): Promise<Buffer> {
  const parts: Uint8Array[] = []
  while (!queue.isEmpty) {
    const part = await queue.take()
    if (part === undefined) await loopTurn()
    else parts.push(part)
  }
  return Buffer.concat(parts)
}

function unnamedFiles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /postern-.*deleted/.test(readlinkSync(`/proc/self/fd/${fd}`))
    } catch {
      return false
    }
  }).length
}

test('Postern: bytes come out of an overflow in the order in which they went in, however they were read (property)', async () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.constant('take' as const)), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const queue = new Overflow(4096, () => {})
      const sent: Uint8Array[] = []
      const got: Uint8Array[] = []
      let next = 0
      for (const step of list) {
        if (step === 'take') {
          const part = await queue.take()
          if (part !== undefined) got.push(part)
        } else {
          const part = Buffer.from(Array.from({ length: step }, () => next++ & 255))
          sent.push(part)
          queue.push(part)
        }
      }
      got.push(await takeAll(queue))
      await queue.close()
      assert.ok(Buffer.concat(got).equals(Buffer.concat(sent)))
    }),
    { numRuns: 50 },
  )
})

test('Postern: what nobody takes lies in a file without a name, which goes when the queue is closed', async () => {
  const before = unnamedFiles()
  for (const waits of [true, false]) {
    const queue = new Overflow(1000, () => {})
    for (let at = 0; at < 100; at++) queue.push(Buffer.alloc(500))
    if (waits) {
      while (queue.isBehind) await loopTurn()
      assert.equal(unnamedFiles(), before + 1)
    }
    await queue.close()
    queue.push(Buffer.alloc(5000))
    assert.equal(await queue.take(), undefined)
  }
  const deadline = performance.now() + 10_000
  while (unnamedFiles() > before && performance.now() < deadline) await loopTurn()
  assert.equal(unnamedFiles(), before)
})

test('Postern: a file that cannot be made is a fault that is told', async () => {
  const folder = process.env['TMPDIR']
  process.env['TMPDIR'] = '/nowhere/at/all'
  try {
    const told = new Promise<void>((resolve) => {
      const queue: Overflow = new Overflow(10, () => {
        assert.ok(queue.fault instanceof Error)
        resolve()
      })
      queue.push(Buffer.alloc(100))
      queue.push(Buffer.alloc(100))
    })
    await told
  } finally {
    if (folder === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = folder
  }
})
