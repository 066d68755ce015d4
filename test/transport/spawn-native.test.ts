// Programs that were quick are not watched (decisions/0013). They must not notice, nor must those who wait for them.

import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadNative } from '../../src/transport/native.ts'
import { PipeReader, type PipeBytes } from '../../src/transport/pipe-reader.ts'
import { NativeSpawner } from '../../src/transport/spawn-native.ts'

const loaded = loadNative()
const skip = 'reason' in loaded ? `koffi: ${loaded.reason}` : false
const folder = mkdtempSync(join(tmpdir(), 'postern-test-'))
after(() => rmSync(folder, { recursive: true }))
const script = join(folder, 'script')
writeFileSync(script, '#!/bin/sh\n[ "$1" = "" ] && exit\n"$@"\nexec sleep 60\n')
chmodSync(script, 0o755)

/** A new one knows no program, so no test depends on what another has taught it. */
function newSpawner(): NativeSpawner {
  assert.ok('native' in loaded)
  return new NativeSpawner(loaded.native)
}

async function start(spawner: NativeSpawner, ...words: readonly string[]) {
  return spawner.start({
    path: script,
    argv: [script, ...words],
    environment: ['PATH=/usr/bin:/bin'],
    cwd: folder,
    stdin: 'empty',
    backgroundGraceMs: 100,
  })
}

async function first(bytes: PipeBytes): Promise<string> {
  for await (const chunk of bytes) return Buffer.from(chunk).toString()
  return ''
}

test('spawn: a program that has been quick and now is not is heard while it runs', { skip }, async () => {
  for (const stream of ['stdout', 'stderr'] as const) {
    const spawner = newSpawner()
    const quick = await start(spawner)
    assert.equal((await quick.ending).exitCode, 0)
    const slow = await start(spawner, 'sh', '-c', stream === 'stdout' ? 'echo heard' : 'echo heard >&2')
    const text = await first(slow[stream])
    process.kill(-slow.pid, 'SIGKILL')
    const { signal } = await slow.ending
    assert.deepEqual([text, signal], ['heard\n', 'SIGKILL'])
    slow.stdout.destroy()
    slow.stderr.destroy()
  }
})

async function countMillion(bytes: PipeBytes): Promise<number> {
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length === 1_000_000) break
  }
  return length
}

test('spawn: a program that has been quick may write more than a pipe holds', { skip }, async () => {
  const spawner = newSpawner()
  const quick = await start(spawner)
  await quick.ending
  const wordy = await start(spawner, 'sh', '-c', 'head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2')
  assert.deepEqual(await Promise.all([countMillion(wordy.stdout), countMillion(wordy.stderr)]), [1_000_000, 1_000_000])
  process.kill(-wordy.pid, 'SIGKILL')
  await wordy.ending
})

test(
  'spawn: a program that writes more than a pipe holds is waited for once, not each second time',
  { skip },
  async () => {
    const spawner = newSpawner()
    const durations: number[] = []
    for (let run = 0; run < 24; run++) {
      const since = performance.now()
      const { stdout } = await start(spawner, 'eval', 'head -c 200000 /dev/zero; exit')
      for await (const _ of stdout);
      durations.push(performance.now() - since)
    }
    const late = durations.filter((ms) => ms >= 25)
    assert.ok(late.length < 8, durations.map((ms) => ms.toFixed()).join())
  },
)

/** Whether its standard output was watched when something came. */
async function isWatched(spawner: NativeSpawner, ...words: readonly string[]): Promise<boolean> {
  const { stdout, ending } = await start(spawner, ...words)
  for await (const _ of stdout);
  await ending
  assert.ok(stdout instanceof PipeReader)
  return stdout.heard !== undefined
}

const silent = ['eval', 'sleep 0.1; echo done; exit']
const quick = ['eval', 'echo done; exit']
const flushing = ['eval', 'echo first; sleep 0.1; exit']
/** Nearly at its end when somebody begins to watch. */
const lingering = ['eval', 'echo first; sleep 0.035; exit']

/** On a busy machine even the quick ones may take long: it need not be so each time. */
async function onceOf(times: number, what: () => Promise<boolean>): Promise<boolean> {
  for (let time = 0; time < times; time++) if (await what()) return true
  return false
}

test('spawn: a program that takes long, silent until its end, is quick all the same', { skip }, async () => {
  const spawner = newSpawner()
  const isUnwatchedAfterIt = async (): Promise<boolean> => {
    assert.equal(await isWatched(spawner, ...silent), true)
    return !(await isWatched(spawner, ...quick))
  }
  assert.ok(await onceOf(10, isUnwatchedAfterIt), 'not known before')
  assert.ok(await onceOf(10, isUnwatchedAfterIt), 'known as quick')
})

test(
  'spawn: a program that says something and goes on is watched the next time, until it is quick again',
  { skip },
  async () => {
    const spawner = newSpawner()
    for (const _ of ['not known before', 'what it says has to wait']) {
      assert.equal(await isWatched(spawner, ...flushing), true)
      assert.equal(await isWatched(spawner, ...quick), true)
      assert.ok(await onceOf(10, async () => !(await isWatched(spawner, ...quick))))
      assert.ok(await onceOf(10, async () => !(await isWatched(spawner, ...quick))), 'and the next')
    }
  },
)

test('spawn: what had to wait is heard at once the next time, though the end was near', { skip }, async () => {
  const spawner = newSpawner()
  const isWatchedAfterIt = async (): Promise<boolean> => {
    assert.ok(await onceOf(10, async () => !(await isWatched(spawner, ...quick))))
    await isWatched(spawner, ...lingering)
    return isWatched(spawner, ...quick)
  }
  // Where the machine is busy, `sleep` may have ended before anybody looked, or long after.
  const seen: boolean[] = []
  for (let time = 0; time < 5; time++) seen.push(await isWatchedAfterIt())
  assert.ok(seen.filter(Boolean).length >= 3, seen.join())
})

test('spawn: programs that nobody waits for, such as launchers, make no other wait longer', { skip }, async () => {
  const spawner = newSpawner()
  const alive = setInterval(() => {}, 1000)
  const lasting = await Promise.all(
    Array.from({ length: 30 }, () =>
      spawner.start({
        path: script,
        argv: [script, 'true'],
        environment: ['PATH=/usr/bin:/bin'],
        cwd: folder,
        stdin: 'empty',
        backgroundGraceMs: 100,
        keepsAlive: false,
      }),
    ),
  )
  await sleep(300) // Until all that could be learnt from their being slow has been.
  const isSoon = async (): Promise<boolean> => {
    assert.ok(await onceOf(10, async () => !(await isWatched(spawner, ...quick))))
    const since = performance.now()
    const { stdout, ending } = await start(spawner, ...flushing)
    await first(stdout)
    const ms = performance.now() - since
    await ending
    return ms < 80
  }
  try {
    assert.ok(await onceOf(5, isSoon))
  } finally {
    for (const { pid, ending, stdout, stderr } of lasting) {
      process.kill(-pid, 'SIGKILL')
      await ending
      stdout.destroy()
      stderr.destroy()
    }
    clearInterval(alive)
  }
})
