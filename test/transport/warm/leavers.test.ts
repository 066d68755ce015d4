// Workers, and whatever scripts make of that, write into one FIFO: only whole lines with a process id are heard.

import assert from 'node:assert/strict'
import { closeSync, constants, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { loadNative } from '../../../src/transport/native.ts'
import { hearLeavers } from '../../../src/transport/warm/leavers.ts'
import { eventually } from '../../support/server-process.ts'

const loaded = loadNative()
const skip = 'reason' in loaded ? `koffi: ${loaded.reason}` : false

class Listening implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'postern-test-'))
  readonly heard: number[] = []
  readonly leavers: Disposable | undefined
  #fd: number | undefined

  constructor() {
    assert.ok('native' in loaded)
    this.leavers = hearLeavers(loaded.native, this.folder, (pid) => this.heard.push(pid))
    this.#fd = openSync(join(this.folder, 'leaving'), constants.O_WRONLY | constants.O_NONBLOCK)
  }

  write(text: string): void {
    if (this.#fd !== undefined) writeSync(this.#fd, text, null, 'latin1')
  }

  async hears(...pids: readonly number[]): Promise<void> {
    await eventually(() => this.heard.length >= pids.length, 2000)
    assert.deepEqual(this.heard.splice(0), pids)
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  [Symbol.dispose](): void {
    this.close()
    this.leavers?.[Symbol.dispose]()
    rmSync(this.folder, { recursive: true })
  }
}

test('leavers: every process id on a line of its own is heard, wherever the reads are cut', { skip }, async () => {
  using listening = new Listening()
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 4_194_304 }), { minLength: 1 }),
      fc.nat(),
      async (pids, cut) => {
        const text = pids.map((pid) => `${pid}\n`).join('')
        listening.write(text.slice(0, cut % text.length))
        await new Promise((resolve) => setImmediate(resolve))
        listening.write(text.slice(cut % text.length))
        await listening.hears(...pids)
      },
    ),
    { numRuns: 50 },
  )
})

test('leavers: it goes on when all who wrote have closed it', { skip }, async () => {
  using listening = new Listening()
  listening.close()
  for (const pid of [7, 8, 9]) {
    const fd = openSync(join(listening.folder, 'leaving'), constants.O_WRONLY | constants.O_NONBLOCK)
    writeSync(fd, `${pid}\n`)
    closeSync(fd)
    await listening.hears(pid)
  }
})

test('leavers: what is no process id is nobody, however long it is', { skip }, async () => {
  using listening = new Listening()
  for (const text of ['\n', '0\n', '-1\n', '1.5\n', ' 7\n', '7 \n', '0x10\n', '12345678901\n', '\0\xff\n'])
    listening.write(text)
  listening.write(`${'9'.repeat(60_000)}\n`)
  listening.write('42\n')
  await listening.hears(42)
})

test('leavers: the FIFO is private, and where none can be made nobody is heard', { skip }, () => {
  using listening = new Listening()
  assert.equal(statSync(join(listening.folder, 'leaving')).mode & 0o777, 0o600)
  assert.ok('native' in loaded)
  rmSync(join(listening.folder, 'leaving'))
  writeFileSync(join(listening.folder, 'leaving'), '')
  assert.equal(
    hearLeavers(loaded.native, listening.folder, () => {}),
    undefined,
  )
})
