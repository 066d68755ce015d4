// What the benchmark knows of a server's processor time: of whom it is taken, and where it says that it does not know.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { parseStat, readProcesses, treeCpuUs, type Processes, type ProcessTimes } from '../../bench/process-times.ts'
import { missing } from '../support/real-parts.ts'

const skip = missing('python3')
const workedUs = 300_000
/** Ticks of three processes, and what forking costs. */
const toleranceUs = 100_000

/** Waits for a line, works or has others work, says so, and waits for the end of its input. */
function server(job: string): string {
  return `
import os, signal, sys, time
def work():
    until = time.process_time() + ${workedUs / 1e6}
    while time.process_time() < until: pass
def fork(job):
    pid = os.fork()
    if pid == 0:
        job()
        os._exit(0)
    return pid
def say(text):
    os.write(1, (text + '\\n').encode())
def stay():
    work()
    say('done')
    sys.stdin.read()
say('ready')
sys.stdin.readline()
${job}
sys.stdin.read()
`
}

async function cpuUsOf(job: string): Promise<number | undefined> {
  const child = spawn('python3', ['-c', server(job)], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { pid } = child
  assert.ok(pid !== undefined)
  try {
    assert.equal((await lines.next()).value, 'ready')
    const before = readProcesses()
    child.stdin.write('go\n')
    assert.equal((await lines.next()).value, 'done')
    return treeCpuUs([pid], before, readProcesses())
  } finally {
    const exit = once(child, 'exit')
    child.stdin.end()
    await exit
  }
}

const counted: Readonly<Record<string, string>> = {
  'the process itself': 'work()\nsay("done")',
  'a child that has ended': 'os.waitpid(fork(work), 0)\nsay("done")',
  'a child of a child, both ended': 'os.waitpid(fork(lambda: os.waitpid(fork(work), 0)), 0)\nsay("done")',
  'a child that lives on, in a session of its own': 'fork(lambda: (os.setsid(), stay()))',
  'an orphan that lives on in its session': 'os.waitpid(fork(lambda: fork(stay)), 0)',
}

for (const [who, job] of Object.entries(counted)) {
  test(`bench: the processor time of a server is also that of ${who}, once`, { skip }, async () => {
    const us = await cpuUsOf(job)
    assert.ok(us !== undefined && Math.abs(us - workedUs) < toleranceUs, String(us))
  })
}

test('bench: what a server did while it rested is nothing', { skip }, async () => {
  assert.ok(((await cpuUsOf('say("done")')) ?? NaN) < 50_000)
})

test(
  'bench: the processor time of a server that ignores its children is not known, however few it starts',
  { skip },
  async () => {
    const ignoring = 'signal.signal(signal.SIGCHLD, signal.SIG_IGN)\nfork(work)'
    const us = await cpuUsOf(`${ignoring}\ntry: os.wait()\nexcept ChildProcessError: say("done")`)
    assert.equal(us, undefined)
  },
)

test('bench: a process that ignores its children and rests leaves the processor time of the others known', () => {
  const root: ProcessTimes = {
    parent: 1,
    session: 10,
    ownUs: 50_000,
    childrenUs: 0,
    switches: 3,
    ignoresChildren: false,
  }
  const ignoring: ProcessTimes = { ...root, parent: 10, ignoresChildren: true }
  const other: ProcessTimes = { ...ignoring, parent: 1, session: 20 }
  const before: Processes = new Map([
    [10, root],
    [11, ignoring],
    [20, other],
  ])
  const worked: readonly (readonly [number, ProcessTimes])[] = [
    [10, { ...root, ownUs: 70_000 }],
    [20, { ...other, switches: 9 }],
  ]
  assert.equal(treeCpuUs([10], before, new Map([...worked, [11, ignoring]])), 20_000)
  assert.equal(treeCpuUs([10], before, new Map([...worked, [11, { ...ignoring, switches: 4 }]])), undefined)
  assert.equal(treeCpuUs([10], before, new Map([...worked, [11, ignoring], [12, ignoring]])), undefined)
})

test('proc_pid_stat(5): the fields are those behind the name, whatever stands in it', () => {
  const text = '7 (a) S 1 2) R 5 6 8 0 -1 4194304 100 200 0 0 11 13 17 19 20 0 1 0 300 400 500'
  assert.deepEqual(parseStat(text), { parent: 5, session: 8, ownUs: 240_000, childrenUs: 360_000 })
})
