// What a script or a client may take of time, memory and places; and what becomes of those that take more.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Family, Stage } from '../case.ts'
import { hello, plain, printing, showVariables } from '../scripts.ts'

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    // A child of a child that ended is nobody's to reap for a moment.
    return !existsSync('/proc/self/stat') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** The process that the script told us of on standard error. */
async function toldPid({ events, until }: Stage): Promise<number> {
  return until('a process id', () => {
    for (const event of events)
      if (event.type === 'diagnostic-line' && /^\d+$/.test(event.line)) return Number(event.line)
    return undefined
  })
}

async function gone(stage: Stage, pid: number): Promise<void> {
  await stage.until(`the end of process ${pid}`, () => (alive(pid) ? undefined : true))
}

export const timeLimits: Family = {
  name: 'limits of time',
  options: {
    firstByteTimeout: '800ms',
    idleTimeout: '800ms',
    totalTimeout: '2500ms',
    killGrace: '200ms',
    backgroundGrace: '100ms',
  },
  cases: [
    {
      title: 'RFC 9110 15.6.5: a script that says nothing for firstByteTimeout is 504, and ended',
      core: true,
      script: '#!/bin/sh\necho $$ >&2\nexec sleep 20\n',
      story: async (stage) => {
        const seen = await stage.send()
        assert.equal(seen.status, 504)
        assert.match(seen.fields.find(([name]) => name === 'proxy-status')?.[1] ?? '', /http_response_timeout/)
        await gone(stage, await toldPid(stage))
      },
    },
    {
      title: 'RFC 9112 8: silence longer than idleTimeout in the middle breaks the connection off',
      script: plain('echo half', 'exec sleep 20'),
      expected: { status: 200, body: 'half\n', broken: true },
    },
    {
      title: 'Postern: a script that keeps talking is not idle',
      script: plain('for i in 1 2 3; do echo $i; sleep 0.2; done'),
      expected: { status: 200, body: '1\n2\n3\n' },
    },
    {
      title: 'Postern: totalTimeout ends a script that talks for ever',
      script: plain('while :; do echo x; sleep 0.1; done'),
      expected: { status: 200, body: /^(x\n){2,26}$/, broken: true },
    },
    {
      title: 'Postern: a script that ignores TERM is killed after killGrace',
      script: '#!/bin/sh\ntrap "" TERM\necho $$ >&2\nwhile :; do sleep 1; done\n',
      story: async (stage) => {
        assert.equal((await stage.send()).status, 504)
        await gone(stage, await toldPid(stage))
      },
    },
    {
      title: 'Postern: ending a script ends what it has started',
      script: '#!/bin/sh\nsleep 20 &\necho $! >&2\nwait\n',
      story: async (stage) => {
        assert.equal((await stage.send()).status, 504)
        await gone(stage, await toldPid(stage))
      },
    },
    {
      title: 'Postern: a background child that holds the output does not hold the answer, and lives on',
      script: plain('echo fine', 'sleep 3 &', 'echo $! >&2'),
      story: async (stage) => {
        const start = performance.now()
        const seen = await stage.send()
        assert.deepEqual([seen.status, seen.body, seen.broken], [200, 'fine\n', false])
        assert.ok(performance.now() - start < 2500)
        const child = await toldPid(stage)
        assert.ok(alive(child))
        process.kill(child)
      },
    },
    {
      title: 'Postern: a background child that has closed the output delays nothing',
      script: plain('echo fine', 'sleep 3 >/dev/null 2>&1 &'),
      story: async (stage) => {
        const start = performance.now()
        assert.equal((await stage.send()).body, 'fine\n')
        assert.ok(performance.now() - start < 2500)
      },
    },
    {
      title: 'Postern: a client that goes away ends the script',
      core: true,
      script: plain('echo $$ >&2', 'while :; do echo x; sleep 0.05; done'),
      story: async (stage) => {
        const answer = await stage.open()
        const pid = await toldPid(stage)
        answer.leave()
        await gone(stage, pid)
        await stage.until('the end', () => {
          const ended = stage.events.filter((event) => event.type === 'request-ended')
          return ended.find(({ clientGone }) => clientGone)
        })
      },
    },
    {
      title: 'Postern: a client that is slow to read does not make its script idle',
      script: plain('head -c 3000000 /dev/zero', 'sleep 0.1', 'echo end'),
      story: async ({ open }) => {
        const answer = await open()
        let bytes = 0
        for await (const chunk of answer.body) {
          if (bytes === 0) await sleep(1100)
          bytes += chunk.length
        }
        assert.equal(bytes, 3_000_004)
      },
    },
  ],
}

/** Holds its place until the site has this file. */
const holding = (gate: string): string =>
  plain(`while [ ! -e "$DOCUMENT_ROOT/${gate}" ]; do sleep 0.01; done`, 'echo done')

export const queueLimits: Family = {
  name: 'limits of running scripts',
  files: { 'page.txt': 'page' },
  options: { maxRunning: 1, maxQueue: 1, queueTimeout: '2s', retryAfter: '7s' },
  // A place is free when its program has ended, a little after the answer: a case leaves none of them taken.
  cases: [
    {
      title: 'Postern: a script that finds all places taken waits for one',
      script: plain('sleep 0.1', 'echo done'),
      story: async (stage) => {
        const answers = await Promise.all([stage.send(), stage.send()])
        assert.deepEqual(
          answers.map(({ status, body }) => [status, body]),
          [
            [200, 'done\n'],
            [200, 'done\n'],
          ],
        )
        await stage.programsEnded()
      },
    },
    {
      title: 'RFC 9110 15.6.4: a full queue is 503 at once, with Retry-After',
      script: holding('full'),
      story: async (stage) => {
        const asked = [stage.send(), stage.send(), stage.send()]
        const refused = await Promise.race(asked)
        assert.equal(refused.status, 503)
        assert.equal(refused.fields.find(([name]) => name === 'retry-after')?.[1], '7')
        stage.site.add('full', '')
        assert.deepEqual(
          (await Promise.all(asked)).map(({ status }) => status).toSorted((a, b) => a - b),
          [200, 200, 503],
        )
        await stage.programsEnded()
      },
    },
    {
      title: 'RFC 9110 15.6.4: a wait longer than queueTimeout is 503',
      script: holding('waited'),
      story: async (stage) => {
        const start = performance.now()
        const asked = [stage.send(), stage.send()]
        const { status } = await Promise.race(asked)
        const waited = performance.now() - start
        assert.equal(status, 503)
        assert.ok(waited > 1950 && waited < 3900, `refused after ${waited} ms`)
        stage.site.add('waited', '')
        assert.deepEqual(
          (await Promise.all(asked)).map((answer) => answer.status).toSorted((a, b) => a - b),
          [200, 503],
        )
        await stage.programsEnded()
      },
    },
    {
      title: 'Postern: files are sent while all places for scripts are taken',
      script: plain('sleep 0.3', 'echo done'),
      story: async (stage) => {
        const running = stage.send()
        assert.equal((await stage.send({ target: '/page.txt' })).body, 'page')
        assert.equal((await running).status, 200)
        await stage.programsEnded()
      },
    },
    {
      title: 'Postern: a script that failed gives its place back',
      script: printing('nonsense'),
      story: async ({ send }) => {
        for (let time = 0; time < 5; time++) assert.equal((await send()).status, 502)
      },
    },
  ],
}

export const sizeLimits: Family = {
  name: 'limits of size',
  files: { 'cgi-bin/variables': showVariables, 'cgi-bin/hello': hello },
  options: { maxVariables: '16KiB', maxTarget: '3KiB' },
  cases: [
    {
      title: 'RFC 6585 5: meta-variables larger than maxVariables are 431',
      request: { target: '/cgi-bin/variables', fields: [['X-A', 'x'.repeat(16_384)]] },
      expected: { status: 431 },
    },
    {
      title: 'RFC 9110 15.5.15: a target longer than maxTarget is 414 before any script runs',
      request: { target: `/cgi-bin/hello?${'x'.repeat(3072)}` },
      expected: { status: 414 },
    },
    {
      title: 'Postern: a target of many segments is a path like any other',
      request: { target: `/cgi-bin/hello${'/a'.repeat(1000)}` },
      expected: { status: 200, body: 'hello\n' },
    },
    {
      title: 'Postern: a name that is too long for the file system is 404',
      request: { target: `/${'a'.repeat(300)}` },
      expected: { status: 404 },
    },
  ],
}
