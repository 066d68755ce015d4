// A traceback in the log for machines: one record where it came in one piece.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GatewayEvent } from '../../src/index.ts'
import { errorLog } from '../../src/observers/error-log.ts'
import { prettyLog } from '../../src/observers/pretty-log.ts'

interface Logged {
  readonly id?: string
  readonly script?: string
  readonly msg: string
  readonly text?: string
}

function logging(): { observe: (event: GatewayEvent) => void; logged: () => readonly Logged[] } {
  const lines: string[] = []
  const observe = errorLog({ write: (line) => void lines.push(line) })
  return { observe, logged: () => lines.map((line): Logged => JSON.parse(line)) }
}

const line = (id: string, text: string): GatewayEvent => ({ type: 'diagnostic-line', id, script: 'a.py', line: text })
const header = 'Traceback (most recent call last):'
const frames = ['  File "/srv/a.py", line 3, in f', '    g()']

test('log: lines of a traceback that come at once are one record, with the exception as its message', async () => {
  const { observe, logged } = logging()
  const lines = ['before', header, ...frames, 'ValueError: one', '', 'During handling of the above:', '', header]
  for (const each of [...lines, ...frames, 'KeyError: 2', 'more of it']) observe(line('r1', each))
  await sleep(0)
  assert.deepEqual(
    logged().map(({ id, script, msg }) => [id, script, msg]),
    [
      ['r1', 'a.py', 'before'],
      ['r1', 'a.py', 'KeyError: 2'],
    ],
  )
  const [, record] = logged()
  assert.equal(record?.text, `${[...lines.slice(1), ...frames, 'KeyError: 2', 'more of it'].join('\n')}\n`)
  assert.equal(logged()[0]?.text, undefined)
})

test('log: requests are told apart, and what comes later is lines of its own', async () => {
  const { observe, logged } = logging()
  for (const each of [header, ...frames, 'ValueError: x']) for (const id of ['r1', 'r2']) observe(line(id, each))
  await sleep(0)
  observe(line('r1', 'after'))
  await sleep(0)
  assert.deepEqual(
    logged().map(({ id, msg }) => [id, msg]),
    [
      ['r1', 'ValueError: x'],
      ['r2', 'ValueError: x'],
      ['r1', 'after'],
    ],
  )
})

test('log: a traceback that comes line by line is one record, too; one that breaks off is told', async () => {
  const { observe, logged } = logging()
  for (const each of [header, ...frames, 'ValueError: x']) {
    observe(line('r1', each))
    await Promise.resolve()
  }
  observe(line('r2', header))
  assert.deepEqual(
    logged().map(({ msg }) => msg),
    ['ValueError: x'],
  )
  await sleep(1000)
  assert.deepEqual(
    logged().map(({ id, msg }) => [id, msg]),
    [
      ['r1', 'ValueError: x'],
      ['r2', header],
    ],
  )
})

test('Security: a traceback without an end is told in records of a bounded size', async () => {
  const { observe, logged } = logging()
  observe(line('r1', header))
  for (let number = 0; number < 5000; number++) observe(line('r1', `  ${'x'.repeat(100)}`))
  await sleep(1000)
  const sizes = logged().map(({ text = '', msg }) => Math.max(text.length, msg.length))
  assert.ok(Math.max(...sizes) <= 70_000, String(Math.max(...sizes)))
  assert.ok(sizes.length > 1)
})

test('log: what a worker says beside requests is told in the same way, with the name of its application', async () => {
  const { observe, logged } = logging()
  for (const each of [header, ...frames, 'ValueError: x']) observe({ type: 'notice', text: `shop.wsgi: ${each}` })
  observe({ type: 'notice', text: 'a.b: a worker has ended' })
  observe({ type: 'notice', text: 'a.b: it failed', details: 'one\ntwo\n' })
  await sleep(0)
  const told = logged().toSorted((one, other) => one.msg.localeCompare(other.msg))
  assert.deepEqual(
    told.map(({ msg, text }) => [msg, text]),
    [
      ['a.b: a worker has ended', undefined],
      ['a.b: it failed', 'one\ntwo\n'],
      ['shop.wsgi: ValueError: x', `${[header, ...frames, 'ValueError: x'].join('\n')}\n`],
    ],
  )
})

test('log: on a terminal, what belongs to a notice is below it, without what a terminal would obey', () => {
  let written = ''
  const observe = prettyLog({ write: (text) => void (written += text) }, { colours: false })
  observe({ type: 'notice', text: 'it failed', details: 'one\n\u001b[2Jtwo\n' })
  assert.equal(written, 'it failed\n    one\n    \\x1b[2Jtwo\n')
})
