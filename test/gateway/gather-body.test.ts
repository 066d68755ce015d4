import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import * as fc from 'fast-check'
import { gatherBody } from '../../src/gateway/gather-body.ts'

interface Part {
  readonly bytes: string
  readonly isLate: boolean
}

async function* source(parts: readonly Part[], fails: boolean, onEnd: () => void): AsyncGenerator<Uint8Array> {
  try {
    for (const { bytes, isLate } of parts) {
      if (isLate) {
        await turn()
        await turn()
      }
      yield Buffer.from(bytes)
    }
    if (fails) throw new Error('in the middle')
  } finally {
    onEnd()
  }
}

// eslint-disable-next-line eslint/require-yield -- it fails before its first part
async function* failsLate(): AsyncGenerator<Uint8Array> {
  await turn()
  await turn()
  throw new Error('late')
}

async function* endless(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a')
  await new Promise(() => {})
}

const part = fc.record({ bytes: fc.string({ unit: 'binary-ascii', maxLength: 9000 }), isLate: fc.boolean() })

test('gathering loses nothing of a body, whenever its parts come, and passes its failure on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.boolean(), fc.boolean(), async (parts, fails, hasEnded) => {
      let ended = 0
      const gathered = await gatherBody(
        source(parts, fails, () => ended++),
        hasEnded,
      )
      let text = ''
      let failure = ''
      try {
        if (gathered instanceof Uint8Array) text = Buffer.from(gathered).toString()
        else for await (const chunk of gathered) text += Buffer.from(chunk).toString()
      } catch (error) {
        failure = String(error)
      }
      assert.equal(text, parts.map(({ bytes }) => bytes).join(''))
      assert.equal(failure, fails ? 'Error: in the middle' : '')
      assert.equal(ended, 1)
    }),
  )
})

const of = (parts: readonly Part[], hasEnded = false): ReturnType<typeof gatherBody> =>
  gatherBody(
    source(parts, false, () => {}),
    hasEnded,
  )

test('a body that never ends is not waited for, though its script has ended', async () => {
  assert.ok(!((await gatherBody(endless(), true)) instanceof Uint8Array))
})

test('a body that is at hand and small is whole; a late or large one is not waited for', async () => {
  assert.deepEqual(await of([]), Buffer.alloc(0))
  assert.deepEqual(
    await of([
      { bytes: 'a', isLate: false },
      { bytes: 'b', isLate: false },
    ]),
    Buffer.from('ab'),
  )
  assert.ok(!((await of([{ bytes: 'a', isLate: true }])) instanceof Uint8Array))
  // Its script has ended: what it left is nearly there.
  assert.deepEqual(await of([{ bytes: 'a', isLate: true }], true), Buffer.from('a'))
  assert.ok(!((await of([{ bytes: 'a'.repeat(20_000), isLate: false }])) instanceof Uint8Array))
})

test('a failure that comes late is no unhandled rejection, though nobody ever reads the body', async () => {
  const large = { bytes: 'a'.repeat(20_000), isLate: false }
  for (const body of [failsLate(), source([large], true, () => {})]) {
    assert.ok(!((await gatherBody(body, false)) instanceof Uint8Array))
  }
  for (let turns = 0; turns < 10; turns++) await turn()
})

test('whoever leaves a gathered body ends its source', async () => {
  let ended = 0
  const gathered = await gatherBody(
    source(
      [
        { bytes: 'a', isLate: false },
        { bytes: 'b', isLate: true },
      ],
      false,
      () => ended++,
    ),
    false,
  )
  assert.ok(!(gathered instanceof Uint8Array))
  for await (const _ of gathered) break
  assert.equal(ended, 1)
})
