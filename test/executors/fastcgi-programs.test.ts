// FastCGI programs that belong to files: how many of them there are.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { byteStringOfText } from '../../src/bytes/byte-string.ts'
import type { GatewayRequest, Started } from '../../src/executors/executor.ts'
import { FastCgiFilesExecutor } from '../../src/executors/fastcgi-programs.ts'
import { ProgramGuard } from '../../src/transport/fastcgi-programs/guard.ts'
import { chooseSpawner } from '../../src/transport/spawner.ts'
import { counting, withoutFcgi as skip } from '../support/fastcgi-scripts.ts'
import { eventually, isAlive } from '../support/server-process.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { outcomeOf, requestOf } from '../support/upstream-server.ts'

const never = new AbortController().signal

function executor(): FastCgiFilesExecutor {
  const { spawner, native } = chooseSpawner()
  return new FastCgiFilesExecutor({
    spawner,
    native,
    guard: new ProgramGuard(spawner),
    observe: () => {},
    environment: new Map(),
    min: 1,
    max: 1,
    idleTimeoutMs: 0,
    maxRequests: 0,
    killGraceMs: 500,
    queueTimeoutMs: 20_000,
  })
}

function requestFor(site: TemporarySite, name: string, more: Partial<GatewayRequest> = {}): GatewayRequest {
  const program = { path: byteStringOfText(`${site.root}/${name}`), words: [], folder: '/' }
  return { ...requestOf(), program, ...more }
}

/** The process that answered, and how many requests it has had. */
async function served(started: Started | Promise<Started>): Promise<{ readonly pid: number; readonly count: number }> {
  const { output, failure } = await outcomeOf(started)
  const [, pid, count] = /\r\n\r\n(\d+) (\d+) /.exec(output) ?? []
  assert.ok(pid !== undefined && count !== undefined, JSON.stringify(failure))
  return { pid: Number(pid), count: Number(count) }
}

async function* bodyAfter(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (!signal.aborted) await once(signal, 'abort')
  yield Buffer.from('hello')
}

test('files: past 32 programs the one used longest ago ends, and never one that is busy', { skip }, async () => {
  using site = temporarySite()
  const names = Array.from({ length: 34 }, (_, at) => `${at}.fcgi`)
  for (const name of names) site.add(name, counting())
  await using files = executor()
  const pids = new Map<string, number>()
  const ask = async (name: string): Promise<number> => {
    const { pid, count } = await served(files.run(requestFor(site, name), never))
    pids.set(name, pid)
    return count
  }
  const alive = (): readonly string[] => names.filter((name) => pids.has(name) && isAlive(pids.get(name) ?? 0))
  for (const name of names.slice(0, 32)) await ask(name)
  assert.deepEqual(alive(), names.slice(0, 32))
  // From now on 1.fcgi is the oldest, and it waits for a body.
  assert.equal(await ask('0.fcgi'), 2)
  const sending = new AbortController()
  const body = bodyAfter(sending.signal)
  const variables = new Map([...requestOf().variables, ['REQUEST_METHOD', 'POST'], ['CONTENT_LENGTH', '5']])
  const busy = await files.run(requestFor(site, '1.fcgi', { variables, body, bodyLength: 5 }), never)
  // As old as before, were it not busy.
  for (const name of [...names.slice(2, 32), '0.fcgi']) await ask(name)
  await ask('32.fcgi')
  assert.ok(await eventually(() => !isAlive(pids.get('2.fcgi') ?? 0), 10_000), 'the oldest idle one goes on')
  await ask('33.fcgi')
  assert.ok(await eventually(() => !isAlive(pids.get('3.fcgi') ?? 0), 10_000))
  assert.deepEqual(
    alive(),
    names.filter((name) => name !== '2.fcgi' && name !== '3.fcgi'),
  )
  sending.abort()
  assert.deepEqual(await served(busy), { pid: pids.get('1.fcgi'), count: 2 })
  assert.equal(await ask('2.fcgi'), 1)
})

test('files: of programs that are all busy none ends for another one', { skip }, async () => {
  using site = temporarySite()
  const names = Array.from({ length: 33 }, (_, at) => `${at}.fcgi`)
  for (const name of names) site.add(name, counting())
  await using files = executor()
  // All are still starting when the last one comes.
  const all = names.map((name) => served(files.run(requestFor(site, name), never)))
  for (const { count } of await Promise.all(all)) assert.equal(count, 1)
})
