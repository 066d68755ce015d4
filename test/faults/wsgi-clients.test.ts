// Clients that are slow, leave, or break their uploads off, at random. Long: POSTERN_WSGI_CLIENTS=5000.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/server-process.ts'
import { expected, random, residentOf, skip, WsgiStage } from './wsgi-stage.ts'

const count = Number(process.env['POSTERN_WSGI_CLIENTS'] ?? 150)
const settledMs = 30_000
const threads = 8
const crew = ['--workers', '2', '--threads', '4', '--queue-timeout', '60s']
const next = random(20_261_123)

/** Every thread answers: as many requests at once as there are, none of which ends before all have begun. */
async function assertAllServe(stage: WsgiStage): Promise<void> {
  const asked = Array.from({ length: threads }, (_, number) => {
    const ask = { kind: 'sleep', id: `t${number}`, query: 'seconds=1' }
    return stage.ask(ask).then(({ status, body }) => status === 200 && body === expected(ask))
  })
  assert.deepEqual(
    await Promise.all(asked),
    Array.from({ length: threads }, () => true),
  )
}

function post(socket: Socket, kind: string, id: string, length: number): void {
  socket.write(`POST /${kind}?id=${id}&size=1000 HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`)
}

async function head(socket: Socket): Promise<string> {
  const [chunk]: unknown[] = await once(socket, 'data')
  return String(chunk)
}

async function atOnce(work: (number: number) => Promise<void>): Promise<void> {
  let begun = 0
  const client = async (): Promise<void> => {
    while (begun < count) await work(begun++)
  }
  await Promise.all(Array.from({ length: 12 }, client))
}

for (const how of ['ends', 'breaks off'] as const) {
  test(`Security: a body that ${how} after its answer is no part of the next request’s`, { skip }, async () => {
    await using stage = await WsgiStage.open(['--workers', '1'])
    const first = stage.dial()
    post(first, 'early', 'first', 300_000)
    first.write('a'.repeat(1000))
    assert.match(await head(first), /^HTTP\/1.1 200 /)
    const second = stage.dial()
    post(second, 'upload', 'second', 300_000)
    second.write('b'.repeat(150_000))
    await sleep(500)
    if (how === 'ends') first.write('a'.repeat(299_000))
    else first.destroy()
    await sleep(500)
    second.write('b'.repeat(150_000))
    const text = await head(second)
    first.destroy()
    second.destroy()
    assert.match(text, new RegExp(`second ${createHash('md5').update('b'.repeat(300_000)).digest('hex')}`))
  })
}

test(
  `faults: ${count} uploads that break off: the application’s read fails, and its thread serves on`,
  { skip },
  async () => {
    await using stage = await WsgiStage.open(crew)
    const begun = new Set<string>()
    const wrong: string[] = []
    await atOnce(async (number) => {
      const id = `r${number}`
      if (next() < 0.3) {
        const ask = { kind: 'upload', id, body: `${id} `.repeat(30_000) }
        const { status, body } = await stage.ask(ask)
        if (status !== 200 || body !== expected(ask)) wrong.push(`${status} ${body.slice(0, 200)}`)
        return
      }
      const socket = stage.dial()
      const closed = once(socket, 'close')
      const length = 70_000 + Math.floor(next() * 300_000)
      post(socket, 'upload', id, length)
      begun.add(id)
      const parts = Math.floor(next() * 4)
      for (let part = 0; part < parts; part++) {
        socket.write('y'.repeat(Math.floor((next() * length) / 5)))
        await sleep(next() * 20)
      }
      if (next() < 0.5) socket.resetAndDestroy()
      else socket.end()
      socket.resume()
      await Promise.race([closed, sleep(5000)])
      socket.destroy()
    })
    assert.deepEqual(wrong, [])
    await assertAllServe(stage)
    const broken = stage.noted('broken')
    assert.equal(new Set(broken).size, broken.length)
    assert.ok(broken.length > 0 && broken.every((id) => begun.has(id)))
    assert.deepEqual(
      stage.noted('uploaded').filter((id) => begun.has(id)),
      [],
    )
    assert.doesNotMatch(stage.server.log(), /internal|TypeError|unhandled/i)
  },
)

test(
  `faults: ${count} clients that leave a streamed answer: its iteration ends, and close() is called once`,
  { skip },
  async () => {
    await using stage = await WsgiStage.open(crew)
    const begun: string[] = []
    await atOnce(async (number) => {
      const socket = stage.dial()
      const pause = next() < 0.5 ? 0 : 0.005
      const query = `id=r${number}&chunks=100000&size=${1 + Math.floor(next() * 3000)}&pause=${pause}`
      socket.write(`GET /stream?${query} HTTP/1.1\r\nHost: a\r\n\r\n`)
      await head(socket)
      begun.push(`r${number}`)
      if (next() < 0.3) socket.pause()
      await sleep(next() * 30)
      if (next() < 0.5) socket.resetAndDestroy()
      else socket.destroy()
    })
    const all = (): boolean => stage.noted('closed').length >= begun.length
    assert.ok(await eventually(all, settledMs), `${stage.noted('closed').length} of ${begun.length}`)
    assert.deepEqual(stage.noted('closed').toSorted(), begun.toSorted())
    await assertAllServe(stage)
    assert.equal(stage.processes().length, 2)
  },
)

test(
  'faults: clients that read slowly or not at all hold their threads, and no memory; then they leave',
  { skip },
  async () => {
    await using stage = await WsgiStage.open(crew)
    const { server } = stage
    await stage.ask({ kind: 'small', id: 'first' })
    const before = residentOf(server.pid)
    const slow = Array.from({ length: threads - 1 }, (_, number) => {
      const socket = stage.dial()
      socket.write(`GET /stream?id=r${number}&chunks=2000&size=5000&pause=0 HTTP/1.1\r\nHost: a\r\n\r\n`)
      return socket
    })
    let read = 0
    const reader = setInterval(() => {
      for (const socket of slow.slice(0, 4)) if (socket.read(1) !== null) read++
    }, 10)
    try {
      await sleep(1500)
      for (let number = 0; number < 20; number++) {
        const ask = { kind: 'small', id: `s${number}` }
        assert.equal((await stage.ask(ask)).body, expected(ask))
      }
      assert.ok(read > 50, String(read))
      assert.deepEqual(stage.noted('closed'), [])
      const grown = residentOf(server.pid) - before
      assert.ok(grown < 60_000, `${grown} kB for ${slow.length} clients`)
    } finally {
      clearInterval(reader)
    }
    // One of them reads on after all, to the end.
    const last = slow.at(-1)
    let length = 0
    last?.on('data', (chunk: Uint8Array) => {
      length += chunk.length
    })
    assert.ok(await eventually(() => length > 2000 * 5000 * 3, settledMs), String(length))
    for (const socket of slow) socket.destroy()
    assert.ok(await eventually(() => stage.noted('closed').length === slow.length, settledMs))
    await assertAllServe(stage)
  },
)
