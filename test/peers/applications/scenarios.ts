// What one request and its answer do not show: when parts of an answer come, what goes on beside it, and what is next.

import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../support/server-process.ts'
import { ask, openAnswer } from '../pairs/client.ts'
import type { Way } from './way.ts'

export type Scenario = (way: Way) => Promise<void>

/** In which a program learns that nobody hears it, or a word reaches a log. */
const longestMs = 30_000

let count = 0

function newGate({ gates }: Way): string {
  count++
  return join(gates, `gate-${process.pid}-${count}`)
}

async function helloIsServed({ base }: Way): Promise<void> {
  const { status, body } = await ask(`${base}/hello?next`)
  assert.deepEqual({ status, body }, { status: 200, body: 'GET /hello ?next\n' })
}

export const scenarios = {
  async 'the handler sees the meta-variables, the mount and the peer'({ base, gateway, mount }) {
    const { body } = await ask(`${base}/task/context?a=%20b`, { fields: { 'X-Test': 'one' } })
    const { SERVER_NAME, ...told }: Record<string, unknown> = JSON.parse(body)
    assert.deepEqual(told, {
      gateway,
      mount,
      peer: '127.0.0.1',
      user: null,
      REMOTE_ADDR: '127.0.0.1',
      REQUEST_METHOD: 'GET',
      SERVER_PROTOCOL: 'HTTP/1.1',
      QUERY_STRING: 'a=%20b',
      HTTP_X_TEST: 'one',
    })
    assert.ok(SERVER_NAME === '127.0.0.1' || SERVER_NAME === 'localhost', String(SERVER_NAME))
  },

  async 'the first part of an answer arrives before the last one is made'(way) {
    const gate = newGate(way)
    const answer = await openAnswer(`${way.base}/task/gated?gate=${gate}`)
    assert.equal(await answer.until('first\n'), 'first\n')
    writeFileSync(gate, '')
    assert.deepEqual(await answer.rest(), { body: 'first\nlast\n', isWhole: true })
  },

  async 'context.signal is aborted when the client leaves in the middle of an answer'(way) {
    const gate = newGate(way)
    const answer = await openAnswer(`${way.base}/task/endless?gate=${gate}`)
    await answer.until('tick\n')
    answer.leave()
    assert.ok(await eventually(() => existsSync(`${gate}.aborted`), longestMs), 'the handler still works')
    await helloIsServed(way)
  },

  async 'context.signal is aborted when the client leaves before the answer begins'(way) {
    const gate = newGate(way)
    const leave = new AbortController()
    const asked = fetch(`${way.base}/task/waiting?gate=${gate}`, { signal: leave.signal })
    assert.ok(await eventually(() => existsSync(`${gate}.begun`), longestMs), 'it has not begun')
    leave.abort()
    await assert.rejects(asked)
    assert.ok(await eventually(() => existsSync(`${gate}.aborted`), longestMs), 'the handler still waits')
    await helloIsServed(way)
  },

  async 'what waitUntil was given goes on after the answer'(way) {
    const gate = newGate(way)
    const { status, body } = await ask(`${way.base}/task/later?gate=${gate}`)
    assert.deepEqual({ status, body }, { status: 200, body: 'soon\n' })
    writeFileSync(`${gate}.go`, '')
    assert.ok(await eventually(() => existsSync(`${gate}.done`), longestMs), 'it has not been done')
  },

  async 'diagnostics are in the log'(way) {
    const word = newGate(way).slice(way.gates.length + 1)
    const { body } = await ask(`${way.base}/task/diagnose?word=${word}`)
    assert.equal(body, 'told\n')
    const line = `a word for the log: ${word}`
    assert.ok(await eventually(() => way.log().includes(line), longestMs), way.log().slice(-2000))
  },

  async 'after a handler that throws the next request is served'(way) {
    const { status, body } = await ask(`${way.base}/throw`)
    assert.ok(status >= 500, String(status))
    assert.doesNotMatch(body, /shared\.mjs|\.mjs:/)
    await helloIsServed(way)
  },

  async 'an answer that breaks off in the middle is not taken for whole'(way) {
    const answer = await openAnswer(`${way.base}/task/cut`)
    await answer.until('begun\n')
    // By itself, and not for any limit of time.
    const rest = await Promise.race([answer.rest(), sleep(longestMs, 'late', { ref: false })])
    assert.deepEqual(rest, { body: 'begun\n', isWhole: false })
    await helloIsServed(way)
  },

  async 'twelve requests at once get each its own answer'({ base }) {
    const asked = Array.from({ length: 12 }, async (_, at) => {
      const body = Buffer.from(`request ${at}`)
      const answer = await ask(`${base}/echo`, { method: 'POST', body, fields: { 'Content-Type': 'text/plain' } })
      return answer.body
    })
    const wanted = Array.from({ length: 12 }, (_, at) => `request ${at}`)
    assert.deepEqual(await Promise.all(asked), wanted)
  },
} as const satisfies Record<string, Scenario>

export type ScenarioTitle = keyof typeof scenarios
