// Applications whose loading does not come to an end, and what the log says of loads that fail.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/server-process.ts'
import { skip, WsgiStage } from './wsgi-stage.ts'

const settledMs = 60_000

const saying = (word: string): string => `
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'${word}']
`
const hanging = `
import threading
print('it has begun')
lock = threading.Lock()
lock.acquire()
def take():
    lock.acquire()
take()
`

interface Record {
  readonly level: number
  readonly msg: string
  readonly text?: string
}

function records(stage: WsgiStage, pattern: RegExp): readonly Record[] {
  const lines = stage.server.log().split('\n')
  const found = lines.filter((line) => line.startsWith('{')).map((line): Record => JSON.parse(line))
  return found.filter(({ msg, text = '' }) => pattern.test(`${msg}\n${text}`))
}

async function get(stage: WsgiStage): Promise<string> {
  const { status, body } = await stage.ask({ kind: '', id: 'x' })
  return `${status} ${body}`
}

async function becomes(stage: WsgiStage, wanted: string): Promise<void> {
  const deadline = performance.now() + settledMs
  let now = await get(stage)
  while (now !== wanted && performance.now() < deadline) {
    await sleep(200)
    now = await get(stage)
  }
  assert.equal(now, wanted, stage.server.log())
}

for (const args of [[], ['--preload']]) {
  test(
    `faults: loading that does not end (${args.join(' ')}): its stack is on the log, once, and it is tried after pauses`,
    { skip },
    async () => {
      const all = ['--workers', '2', '--load-timeout', '2s', '--queue-timeout', '30s', ...args]
      await using stage = await WsgiStage.open(all, { 'app.py': hanging })
      assert.match(await get(stage), /^503 /)
      assert.ok(await eventually(() => records(stage, /as before \(after 2 s; \d+ by now\)/).length > 0, settledMs))
      const told = records(stage, /a worker could not be started \(after 2 s\); it is tried again in 1 s/)
      assert.equal(told.length, 1, stage.server.log())
      assert.match(
        told[0]?.text ?? '',
        /^it has begun\nIt stood here.*\n {2}File ".*app\.py", line 7 in take\n {2}File ".*app\.py", line 8 in <module>\n$/,
      )
      assert.equal(records(stage, /line 7 in take/).length, 1, stage.server.log())
      const most = args.length === 0 ? 2 : 1
      assert.ok(stage.processes().length <= most)
      stage.site.add('app.py', saying('mended'))
      await becomes(stage, '200 mended')
    },
  )

  test(
    `faults: loading that does not end (${args.join(' ')}): SIGHUP keeps the old workers, and says so`,
    { skip },
    async () => {
      const all = ['--workers', '2', '--load-timeout', '2s', ...args]
      await using stage = await WsgiStage.open(all, { 'app.py': saying('old') })
      assert.equal(await get(stage), '200 old')
      stage.site.add('app.py', hanging)
      process.kill(stage.server.pid, 'SIGHUP')
      assert.ok(await eventually(() => records(stage, /the old workers go on until/).length > 0, settledMs))
      assert.equal(await get(stage), '200 old')
      assert.equal(records(stage, /line 7 in take/).length, 1, stage.server.log())
      stage.site.add('app.py', saying('new'))
      await becomes(stage, '200 new')
    },
  )
}

test('faults: whoever waits too long for an application that still loads sees where it stands', { skip }, async () => {
  const args = ['--dev', '--reload', '--queue-timeout', '4s']
  await using stage = await WsgiStage.open(args, { 'app.py': hanging })
  const page = await get(stage)
  assert.match(page, /^503 /)
  assert.match(page, /line 7 in take/)
  assert.match(page, /was not loaded within/)
  assert.match(page, /could not be started just now/)
})

test('faults: a load that fails is told once, as one record, however many workers there are', { skip }, async () => {
  const failing = `def part():\n    raise LookupError('nowhere')\npart()\n`
  await using stage = await WsgiStage.open(['--workers', '4'], { 'app.py': failing })
  assert.match(await get(stage), /^503 /)
  assert.ok(
    await eventually(() => records(stage, /as before .*; [4-9] by now/).length > 0, settledMs),
    stage.server.log(),
  )
  const told = records(stage, /LookupError: nowhere/).filter(({ msg }) => msg !== 'script failed')
  assert.equal(told.length, 1, stage.server.log())
  const frames = (told[0]?.text ?? '').split('\n').filter((line) => line.includes('File "'))
  assert.equal(frames.length, 2, told[0]?.text)
  assert.match(frames[0] ?? '', /app\.py", line 3, in <module>/)
})

test('faults: another failure than before is told', { skip }, async () => {
  await using stage = await WsgiStage.open(['--workers', '2'], { 'app.py': 'raise LookupError(1)\n' })
  assert.ok(await eventually(() => records(stage, /as before/).length > 0, settledMs), stage.server.log())
  stage.site.add('app.py', `raise LookupError('another')\n`)
  assert.ok(await eventually(() => records(stage, /another/).length > 0, settledMs), stage.server.log())
})

test('faults: in production a traceback of a request is one record with the id', { skip }, async () => {
  await using stage = await WsgiStage.open(['--workers', '1'])
  assert.match(await get(stage), /^500 /)
  assert.ok(await eventually(() => records(stage, /ValueError/).length > 0, settledMs))
  const [record, ...others] = records(stage, /ValueError/).filter(({ msg }) => msg !== 'script failed')
  assert.deepEqual(others, [])
  assert.match(record?.text ?? '', /^Traceback \(most recent call last\):\n {2}File .*\n[^]*\nValueError.*\n$/)
  assert.match(record?.msg ?? '', /^ValueError/)
})

test('faults: what the application prints as it is loaded is on the log', { skip }, async () => {
  const chatty = `import sys, time\nprint('first')\nsys.stderr.write('second\\n')\n${saying('x')}`
  await using stage = await WsgiStage.open(['--workers', '1'], { 'app.py': chatty })
  assert.equal(await get(stage), '200 x')
  assert.ok(await eventually(() => records(stage, /first|second/).length === 2, settledMs), stage.server.log())
})
