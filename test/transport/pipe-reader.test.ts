// A pipe is read when its writer has ended, or watched from the moment somebody says so: nothing may be lost either way.

import assert from 'node:assert/strict'
import { closeSync, existsSync, readdirSync, writeSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { loadNative } from '../../src/transport/native.ts'
import { PipeReader } from '../../src/transport/pipe-reader.ts'

const loaded = loadNative()
const skip = 'reason' in loaded ? `koffi: ${loaded.reason}` : false

function pipe(): { reader: PipeReader; writeEnd: number } {
  assert.ok('native' in loaded)
  const { readEnd, writeEnd } = loaded.native.pipe()
  loaded.native.doNotBlock(readEnd)
  return { reader: new PipeReader(readEnd, loaded.native), writeEnd }
}

async function all(reader: PipeReader): Promise<string> {
  let text = ''
  for await (const chunk of reader) text += Buffer.from(chunk).toString('latin1')
  return text
}

test('pipe reader: what an ended writer left is read, watched or not', { skip }, async () => {
  const parts = fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 2000 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(parts, fc.nat(13), fc.boolean(), async (texts, watchedAt, asksEarly) => {
      const { reader, writeEnd } = pipe()
      const early = asksEarly ? all(reader) : undefined
      for (const [at, text] of texts.entries()) {
        if (at === watchedAt) reader.watch()
        writeSync(writeEnd, text)
      }
      closeSync(writeEnd)
      reader.writerEnded(5000)
      assert.equal(await (early ?? all(reader)), texts.join(''))
    }),
    { numRuns: 200 },
  )
})

test('pipe reader: finished in the turn in which its writers ended, it loses nothing', { skip }, async () => {
  for (const isWatched of [false, true]) {
    const { reader, writeEnd } = pipe()
    if (isWatched) reader.watch()
    const text = all(reader)
    await sleep(5)
    writeSync(writeEnd, 'told to end')
    closeSync(writeEnd)
    reader.finish()
    assert.equal(await text, 'told to end', isWatched ? 'watched' : 'unwatched')
  }
})

test(
  'pipe reader: what was written in time is read, though the event loop was busy until the grace was over',
  { skip },
  async () => {
    const { reader, writeEnd } = pipe()
    try {
      reader.watch()
      const first = reader.next()
      reader.writerEnded(30)
      // Behind what is read in this turn, and before the timers of the next.
      await new Promise((resolve) => void setImmediate(resolve))
      // A background child holds the pipe; what the program wrote lies in it.
      writeSync(writeEnd, 'in time')
      const until = performance.now() + 100
      while (performance.now() < until);
      const { value } = await first
      assert.equal(Buffer.from(value ?? []).toString(), 'in time')
      assert.equal((await reader.next()).done, true, 'after another grace')
    } finally {
      closeSync(writeEnd)
    }
  },
)

test('pipe reader: finished, it does not wait for one who goes on writing', { skip }, async () => {
  assert.ok('native' in loaded)
  const { readEnd, writeEnd } = loaded.native.pipe()
  let reads = 0
  const endless = (_: number, into: Buffer): number => {
    assert.ok(++reads < 10)
    return into.write('x')
  }
  const reader = new PipeReader(readEnd, { read: endless })
  reader.watch()
  reader.finish()
  assert.match(await all(reader), /^x+$/)
  closeSync(writeEnd)
})

test('pipe reader: unwatched, it gives nothing before the end; watched, at once', { skip }, async () => {
  const { reader, writeEnd } = pipe()
  const first = reader.next()
  writeSync(writeEnd, 'hello')
  assert.equal(await Promise.race([first, sleep(50, 'nothing')]), 'nothing')
  reader.watch()
  const { value } = await first
  assert.equal(Buffer.from(value ?? []).toString(), 'hello')
  closeSync(writeEnd)
  assert.equal((await reader.next()).done, true)
})

test('pipe reader: a child in the background is heard, and given up after silence', { skip }, async () => {
  const { reader, writeEnd } = pipe()
  writeSync(writeEnd, 'script, ')
  reader.writerEnded(300)
  const text = all(reader)
  await sleep(50)
  writeSync(writeEnd, 'child')
  assert.equal(await text, 'script, child')
  closeSync(writeEnd)
})

test('pipe reader: more than it buffers waits in the pipe until somebody asks', { skip }, async () => {
  const { reader, writeEnd } = pipe()
  writeSync(writeEnd, 'x'.repeat(65_536))
  closeSync(writeEnd)
  reader.writerEnded(5000)
  await sleep(20)
  assert.equal((await all(reader)).length, 65_536)
})

test(
  'pipe reader: destroyed, it closes its descriptor and ends who waits',
  { skip: skip || !existsSync('/proc/self/fd') },
  async () => {
    const before = readdirSync('/proc/self/fd').length
    for (const watched of [false, true]) {
      const { reader, writeEnd } = pipe()
      if (watched) reader.watch()
      const waiting = reader.next()
      reader.destroy()
      reader.destroy()
      assert.equal((await waiting).done, true)
      closeSync(writeEnd)
    }
    await sleep(20)
    assert.equal(readdirSync('/proc/self/fd').length, before)
  },
)
