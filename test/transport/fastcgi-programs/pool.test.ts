// The pool of processes of one FastCGI program, without a gateway.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { byteStringOfText } from '../../../src/bytes/byte-string.ts'
import { FailureError } from '../../../src/events/failures.ts'
import type { FastCgiLease } from '../../../src/transport/fastcgi/source.ts'
import { ProgramGuard } from '../../../src/transport/fastcgi-programs/guard.ts'
import {
  FastCgiProgramPool,
  requestLimit,
  type FastCgiProgramLimits,
} from '../../../src/transport/fastcgi-programs/pool.ts'
import { chooseSpawner } from '../../../src/transport/spawner.ts'
import { counting, withoutFcgi as skip } from '../../support/fastcgi-scripts.ts'
import { eventually } from '../../support/server-process.ts'
import { temporarySite, type TemporarySite } from '../../support/temporary-site.ts'

const never = new AbortController().signal
const usual: FastCgiProgramLimits = {
  min: 1,
  max: 2,
  idleTimeoutMs: 60_000,
  maxRequests: 0,
  killGraceMs: 500,
  queueTimeoutMs: 20_000,
}

interface Stage extends AsyncDisposable {
  readonly pool: FastCgiProgramPool
  /** Processes of the program. */
  processes(): number
}

function stage(site: TemporarySite, limits: Partial<FastCgiProgramLimits> = {}, program = counting()): Stage {
  const { spawner, native } = chooseSpawner()
  const guard = new ProgramGuard(spawner)
  const path = site.add('app', program)
  const pool = new FastCgiProgramPool({
    ...usual,
    ...limits,
    spawner,
    native,
    guard,
    observe: () => {},
    start: { path: byteStringOfText(path), words: [], environment: [`MARK=${site.root}`], folder: '/' },
  })
  const processes = (): number =>
    readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandOf(name).includes(path)).length
  return {
    pool,
    processes,
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]()
      await guard[Symbol.asyncDispose]()
      assert.equal(processes(), 0)
    },
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // It ended while we looked.
  }
}

const failureOf = (kind: string) => (error: unknown) => error instanceof FailureError && error.failure.kind === kind

/** One request, and the words of its answer. */
async function serve(lease: FastCgiLease): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const variables = new Map([['REQUEST_METHOD', 'GET']])
    lease.connection.begin(
      { role: 'responder', variables, body: new Uint8Array(0), keepsConnection: true },
      {
        stdout: (content) => (text += Buffer.from(content).toString()),
        stderr: () => {},
        end: () => {
          lease.release('whole')
          resolve(text.split('\r\n\r\n')[1] ?? '')
        },
        fail: (failure) => {
          lease.release('broken')
          reject(new FailureError(failure))
        },
      },
    )
  })
}

test('pool: nothing runs before the first request, then min stay, and no more than max run', { skip }, async () => {
  using site = temporarySite()
  await using at = stage(site, { min: 1, max: 2, idleTimeoutMs: 300 })
  assert.equal(at.processes(), 0)
  const first = await at.pool.lease(never)
  const second = await at.pool.lease(never)
  assert.ok(await eventually(() => at.processes() === 2, 10_000))
  const third = at.pool.lease(never)
  await serve(first)
  await serve(second)
  await serve(await third)
  assert.ok(at.processes() <= 2)
  assert.ok(await eventually(() => at.processes() === 1, 20_000))
})

test('pool: on demand (min 0) none stays', { skip }, async () => {
  using site = temporarySite()
  await using at = stage(site, { min: 0, idleTimeoutMs: 200 })
  assert.match(await serve(await at.pool.lease(never)), /^\d+ 1 GET/)
  assert.ok(await eventually(() => at.processes() === 0, 20_000))
  assert.match(await serve(await at.pool.lease(never)), /^\d+ 1 GET/)
})

test(
  'pool: static (min = max): all are there after the first request, and one that ends is replaced',
  {
    skip,
  },
  async () => {
    using site = temporarySite()
    await using at = stage(site, { min: 3, max: 3, idleTimeoutMs: 200 })
    await serve(await at.pool.lease(never))
    assert.ok(await eventually(() => at.processes() === 3, 20_000))
    const answer = await serve(await at.pool.lease(never))
    process.kill(Number(answer.split(' ')[0]), 'SIGKILL')
    assert.ok(await eventually(() => at.processes() === 3, 20_000))
  },
)

test(
  'pool: a request that waits too long is told so, and one that nobody wants any more leaves the queue',
  {
    skip,
  },
  async () => {
    using site = temporarySite()
    await using at = stage(site, { max: 1, queueTimeoutMs: 200 })
    const lease = await at.pool.lease(never)
    await assert.rejects(at.pool.lease(never), failureOf('queue-timed-out'))
    const gone = new AbortController()
    const asked = at.pool.lease(gone.signal)
    gone.abort()
    await assert.rejects(asked, failureOf('client-gone'))
    await serve(lease)
    assert.match(await serve(await at.pool.lease(never)), /^\d+ 2 GET/)
  },
)

test('pool: restart() starts new processes and lets the old ones finish', { skip }, async () => {
  using site = temporarySite()
  await using at = stage(site)
  const [pid] = (await serve(await at.pool.lease(never))).split(' ')
  const busy = await at.pool.lease(never)
  await at.pool.restart()
  const other = await serve(await at.pool.lease(never))
  assert.notEqual(other.split(' ')[0], pid)
  assert.match(await serve(busy), new RegExp(`^${pid} 2 GET`))
  assert.ok(await eventually(() => !commandOf(pid ?? '').includes(site.root), 10_000))
})

test('pool: after its end it lends nothing', { skip }, async () => {
  using site = temporarySite()
  await using at = stage(site)
  await serve(await at.pool.lease(never))
  await at.pool[Symbol.asyncDispose]()
  await assert.rejects(at.pool.lease(never), /shutting-down/)
})

test('pool: where a program ends at its start, all who wait for it are told, and nobody waits for queueTimeout', async () => {
  using site = temporarySite()
  await using at = stage(site, { max: 1, queueTimeoutMs: 60_000 }, '#!/bin/sh\nexit 3\n')
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => at.pool.lease(never)))
  for (const outcome of outcomes) {
    // A first one may have been lent to somebody, who then finds its connection closed.
    if (outcome.status === 'fulfilled') outcome.value.release('broken')
    else assert.ok(!failureOf('queue-timed-out')(outcome.reason), String(outcome.reason))
  }
  assert.ok(outcomes.some(({ status }) => status === 'rejected'))
})

test('pool: a process that was lent for nothing has served nobody', { skip }, async () => {
  using site = temporarySite()
  await using at = stage(site, { max: 1 })
  for (let lease = 0; lease < 3; lease++) (await at.pool.lease(never)).release('unused')
  const used = await at.pool.lease(never)
  assert.equal(used.isReused, false)
  assert.match(await serve(used), /^\d+ 1 GET/)
})

test('pool: processes that were started together do not all end after as many requests', () => {
  assert.equal(requestLimit(0, 0.5), Infinity)
  assert.deepEqual(
    [0, 0.5, 0.999].map((random) => requestLimit(1000, random)),
    [750, 875, 1000],
  )
  assert.equal(requestLimit(1, 0), 1)
})
