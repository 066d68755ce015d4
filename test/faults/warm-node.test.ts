// What can befall Node processes that wait for requests, and what requests see of it: as little as of fresh ones.

import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chmodSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadNative } from '../../src/transport/native.ts'
import { eventually } from '../support/server-process.ts'
import { descriptorCount, processesOf, WarmStage } from './warm-stage.ts'

const native = loadNative()
const skip = 'reason' in native ? native.reason : !existsSync('/proc/self/environ') && 'needs /proc'

const node = (...lines: string[]): string => `#!${process.execPath}\n${lines.join('\n')}\n`
const head = 'console.log("Content-Type: text/plain\\n")'
const look = node(head, 'console.log(process.pid, process.ppid)')

const scripts = {
  look,
  nothing: node('process.exit(0)'),
  long: node(head, 'setTimeout(() => console.log("x".repeat(300000)), 1500)'),
  marks: node(
    'require("fs").appendFileSync(process.env.MARKS, process.pid + "\\n")',
    head,
    'setTimeout(() => console.log("whole"), 1000)',
  ),
}

const pidsOf = (folder: string): number[] => processesOf(folder).map((line) => Number.parseInt(line, 10))
const longestWaitMs = 20_000

/** As many wait as are to wait, and are past their start. */
async function allWait(stage: WarmStage, count: number): Promise<readonly number[]> {
  const waiting = (): number[] => pidsOf(stage.folder).filter((pid) => isWaiting(pid))
  assert.ok(await eventually(() => waiting().length === count, longestWaitMs), processesOf(stage.folder).join())
  await sleep(100) // The pool hears of it in a turn of this process's event loop.
  return waiting()
}

/** It has loaded the launcher and reads from its control socket: the system call's number says so, then its descriptor. */
function isWaiting(pid: number): boolean {
  try {
    return / 0x3f /.test(readFileSync(`/proc/${pid}/syscall`, 'latin1'))
  } catch {
    return false
  }
}

test('faults, warm node: one that is killed while it waits is missed by nobody', { skip }, async () => {
  await using stage = new WarmStage(scripts, { warmMinIdle: 3 })
  await stage.warmUp('look')
  for (const pid of await allWait(stage, 3)) process.kill(pid, 'SIGKILL')
  for (let time = 0; time < 5; time++) assert.equal((await stage.get('look')).status, 200)
  await stage.warmUp('look')
  assert.ok(await eventually(() => stage.count('program-started') === stage.count('program-ended'), longestWaitMs))
  for (const event of stage.events) {
    if (event.type === 'program-ended') assert.deepEqual([event.ending.exitCode, event.ending.signal], [0, null])
  }
})

test('faults, warm node: one that stands still is ended, and its request runs elsewhere, once', { skip }, async () => {
  await using stage = new WarmStage(scripts, { warmMinIdle: 1, warmMaxIdle: 1, env: { MARKS: '/dev/null' } })
  await stage.warmUp('look')
  const [stopped = 0] = await allWait(stage, 1)
  process.kill(stopped, 'SIGSTOP')
  const { status, body } = await stage.get('look')
  assert.equal(status, 200)
  assert.notEqual(Number.parseInt(body, 10), stopped)
  assert.ok(!pidsOf(stage.folder).includes(stopped))
})

test(
  'faults, warm node: one that is killed in use fails its own request, which is not run again',
  { skip },
  async () => {
    await using site = new WarmStage({})
    const marks = join(site.folder, 'marks')
    await using stage = new WarmStage(scripts, { env: { MARKS: marks }, warmMinIdle: 2 })
    await stage.warmUp('look')
    await allWait(stage, 2)
    const answer = stage.get('marks')
    assert.ok(await eventually(() => existsSync(marks), longestWaitMs))
    const pid = Number(readFileSync(marks, 'latin1'))
    process.kill(pid, 'SIGKILL')
    const { status, isBroken } = await answer
    assert.ok(status === 502 || isBroken, `${status} ${isBroken}`)
    assert.equal(readFileSync(marks, 'latin1'), `${pid}\n`)
    assert.equal((await stage.get('look')).status, 200)
  },
)

test(
  'faults, warm node: a deadline ends the process group of one that had waited, children included',
  { skip },
  async () => {
    const deaf = node(
      'process.on("SIGTERM", () => {})',
      'require("child_process").spawn("sleep", ["60"])',
      head,
      'setInterval(() => {}, 1000)',
    )
    await using stage = new WarmStage({ ...scripts, deaf }, { totalTimeout: 1500 }, { killGrace: 300 })
    await stage.warmUp('look')
    const waiting = await allWait(stage, 2)
    await stage.get('deaf')
    assert.ok(await eventually(() => stage.count('program-ended') === stage.count('program-started'), longestWaitMs))
    const started = stage.events.findLast((event) => event.type === 'program-started')
    assert.ok(started?.type === 'program-started' && waiting.includes(started.pid))
    const names = (): string => processesOf(stage.folder).join()
    assert.ok(await eventually(() => !names().includes('sleep'), longestWaitMs), names())
  },
)

test(
  'faults, warm node: a Node that cannot start in advance is given up, and tried anew when it changes',
  { skip },
  async () => {
    // It is started with `-r`, and a script by its path.
    const wrapper = `#!/bin/sh\ncase "$1" in -r) echo "no such thing" >&2; exit 9;; esac\nexec ${process.execPath} "$@"\n`
    await using stage = new WarmStage({ 'bin/node': wrapper })
    const path = join(stage.site.root, 'bin/node')
    chmodSync(path, 0o755)
    stage.site.add('look', `#!${path}\n${look.slice(look.indexOf('\n') + 1)}`, 0o755)
    const gaveUp = (): boolean =>
      /no process can wait for requests: .*exit code 9: no such thing/.test(stage.notices.join('\n'))
    const deadline = performance.now() + longestWaitMs
    while (!gaveUp() && performance.now() < deadline) {
      assert.equal((await stage.get('look')).status, 200)
      await sleep(100)
    }
    assert.ok(gaveUp(), stage.notices.join('\n'))
    assert.ok(!stage.isWarm())
    rmSync(path)
    symlinkSync(process.execPath, path)
    await stage.warmUp('look')
  },
)

const says = (version: string): string => `#!/bin/sh\nVERSION=${version} exec ${process.execPath} "$@"\n`

test('faults, warm node: after an upgrade of Node nobody gets a process of before it', { skip }, async () => {
  await using stage = new WarmStage({ 'bin/node': says('1') })
  const path = join(stage.site.root, 'bin/node')
  chmodSync(path, 0o755)
  stage.site.add('look', `#!${path}\n${look.slice(look.indexOf('\n') + 1)}`, 0o755)
  await stage.warmUp('look')
  const before = await allWait(stage, 2)
  writeFileSync(path, says('2'))
  await sleep(1200)
  const { body } = await stage.get('look')
  assert.ok(!before.includes(Number.parseInt(body, 10)))
  assert.ok(await eventually(() => !pidsOf(stage.folder).some((pid) => before.includes(pid)), longestWaitMs))
})

test('faults, warm node: without requests those beyond the least number end, and later all', { skip }, async () => {
  await using stage = new WarmStage(scripts, { warmMinIdle: 1, warmMaxIdle: 4, warmIdleTimeout: 500 })
  await stage.warmUp('look')
  await Promise.all(Array.from({ length: 4 }, () => stage.get('long')))
  assert.ok(await eventually(() => pidsOf(stage.folder).length === 0, longestWaitMs), processesOf(stage.folder).join())
  await stage.warmUp('look')
})

test(
  'faults, warm node: a gateway that ends takes those that wait with it, those that start too',
  { skip },
  async () => {
    const before = descriptorCount()
    await using stage = new WarmStage(scripts, { warmMinIdle: 4 })
    await stage.warmUp('look')
    const { folder } = stage
    await stage.gateway[Symbol.asyncDispose]()
    assert.deepEqual(processesOf(folder), [])
    assert.ok(descriptorCount() <= before + 1, `${before} descriptors before, now ${descriptorCount()}`)
  },
)

const requests = Number(process.env['POSTERN_NODE_REQUESTS'] ?? 150)

test(
  'faults, warm node: many requests, some that exit at once, leave no process, descriptor or zombie',
  { skip },
  async (t) => {
    await using stage = new WarmStage(scripts, { warmMinIdle: 2, warmMaxIdle: 4 })
    await stage.warmUp('look')
    await allWait(stage, 2)
    const before = descriptorCount()
    const pids: number[] = []
    const until = performance.now() + 12_000
    const work = async (): Promise<void> => {
      for (let time = 0; time < requests / 3 && performance.now() < until; time++) {
        if (time % 4 === 3) assert.equal((await stage.get('nothing')).status, 502)
        const { status, body } = await stage.get('look')
        assert.equal(status, 200)
        pids.push(Number.parseInt(body, 10))
      }
    }
    await Promise.all([work(), work(), work()])
    assert.equal(new Set(pids).size, pids.length, 'each had a process of its own')
    assert.ok(await eventually(() => stage.count('program-started') === stage.count('program-ended'), longestWaitMs))
    const warm = stage.events.filter((event) => event.type === 'program-started' && event.isWarm).length
    t.diagnostic(`${stage.count('program-started')} requests, ${warm} of them warm`)
    assert.ok(warm > 0)
    assert.ok(await eventually(() => pidsOf(stage.folder).every((pid) => isWaiting(pid)), longestWaitMs))
    assert.ok(pidsOf(stage.folder).length <= 4, processesOf(stage.folder).join())
    // Each that waits has its two outputs, its input and its control socket here.
    assert.ok(descriptorCount() <= before + 8, `${before} descriptors before, now ${descriptorCount()}`)
    const { folder } = stage
    await stage.gateway[Symbol.asyncDispose]()
    assert.deepEqual(processesOf(folder), [])
  },
)
