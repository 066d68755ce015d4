// The fastcgi executor, over a real pool, against an application whose records the test writes.

import assert from 'node:assert/strict'
import { open, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { FastCgiExecutor } from '../../src/executors/fastcgi.ts'
import type { FastCgiPoolOptions } from '../../src/transport/fastcgi/pool.ts'
import { connect } from '../../src/transport/connect.ts'
import { FastCgiConnection } from '../../src/transport/fastcgi/connection.ts'
import type { FastCgiSource } from '../../src/transport/fastcgi/source.ts'
import { SpooledFile } from '../../src/transport/spool.ts'
import type { UpstreamAddress } from '../../src/transport/upstream-address.ts'
import { fastCgiApplication, plainHead, poolTo, type Reply } from '../support/fastcgi-application.ts'
import { eventually } from '../support/server-process.ts'
import { outcomeOf, pieces, requestOf } from '../support/upstream-server.ts'

const never = new AbortController().signal

function executor(address: UpstreamAddress, options: Partial<FastCgiPoolOptions> = {}): FastCgiExecutor {
  const source = poolTo(address, options)
  return new FastCgiExecutor({ source, role: 'responder', keepsConnections: true })
}

const multiplexing = { limits: { maxRequests: 100 } }

test('FastCGI 6.2: variables and body go in, standard output and error come out, appStatus is the exit code', async () => {
  await using application = await fastCgiApplication({
    onBody: (reply) => {
      reply.stderr('a warning\n')
      reply.stdout(`${plainHead}${reply.request.variables.get('X') ?? ''}${reply.body()}`)
      reply.end(7)
    },
  })
  await using fastcgi = executor(application.address)
  const outcome = await outcomeOf(fastcgi.run(requestOf({ X: '\xe9' }, Buffer.from('body')), never))
  assert.equal(outcome.output, `${plainHead}\xe9body`)
  assert.equal(outcome.diagnostics, 'a warning\n')
  assert.deepEqual(outcome.ending, { exitCode: 7, signal: null, cpuMs: undefined, maxRssBytes: undefined })
})

test('FastCGI 3.4, 5.2: variables of more than 64 KiB arrive whole', async () => {
  await using application = await fastCgiApplication({
    onBody: (reply) => {
      reply.stdout(plainHead + String(reply.request.variables.get('HTTP_COOKIE')?.length))
      reply.end()
    },
  })
  await using fastcgi = executor(application.address)
  const { output } = await outcomeOf(fastcgi.run(requestOf({ HTTP_COOKIE: 'c'.repeat(200_000) }), never))
  assert.equal(output, `${plainHead}200000`)
})

for (const size of [0, 1, 7, 8, 65_527, 65_528, 65_529, 65_535, 65_536, 131_072, 3_000_000]) {
  test(`FastCGI 5.3: a body of ${size} bytes arrives whole, at once or in pieces`, async () => {
    await using application = await fastCgiApplication({
      onBody: (reply) => {
        reply.stdout(`${plainHead}${reply.body().length}`)
        reply.end()
      },
    })
    await using fastcgi = executor(application.address)
    const body = Buffer.alloc(size, 'b')
    async function* cut(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < size; at += 50_000) yield body.subarray(at, at + 50_000)
    }
    for (const sent of [body, cut()]) {
      assert.equal((await outcomeOf(fastcgi.run(requestOf({}, sent, size), never))).output, `${plainHead}${size}`)
    }
  })
}

const statuses: readonly [status: number, kind: string][] = [
  [2, 'overloaded'],
  [3, 'unknown-role'],
  [4, 'upstream-fault'],
]
for (const [status, kind] of statuses) {
  test(`FastCGI 5.5: protocolStatus ${status} is ${kind}`, async () => {
    await using application = await fastCgiApplication({ onBody: (reply) => reply.end(0, status) })
    await using fastcgi = executor(application.address)
    assert.equal((await outcomeOf(fastcgi.run(requestOf(), never))).failure?.kind, kind)
  })
}

test('FastCGI 5.5, FCGI_CANT_MPX_CONN: the request is sent again on a connection of its own, and none is shared any more', async () => {
  const waiting: Reply[] = []
  let isStrict = true
  const shared = new Set<number>()
  await using application = await fastCgiApplication({
    ...multiplexing,
    onBody: (reply) => {
      if (isStrict && waiting.some((other) => other.socket === reply.socket)) {
        shared.add(reply.connection)
        reply.end(0, 1)
        return
      }
      waiting.push(reply)
      if (waiting.length < 4) return
      isStrict = false
      for (const each of waiting.splice(0)) {
        each.stdout(`${plainHead}ok`)
        each.end()
      }
    },
  })
  await using fastcgi = executor(application.address, { maxShared: 10 })
  const first = outcomeOf(fastcgi.run(requestOf(), never))
  assert.ok(await eventually(() => waiting.length === 1, 5000))
  const others = [2, 3, 4].map(() => outcomeOf(fastcgi.run(requestOf(), never)))
  const outcomes = await Promise.all([first, ...others])
  assert.deepEqual(
    outcomes.map(({ output }) => output),
    [1, 2, 3, 4].map(() => `${plainHead}ok`),
  )
  assert.ok(shared.size > 0)
})

test('FastCGI 5.4: a client that leaves: FCGI_ABORT_REQUEST, and the connection serves on', async () => {
  let aborts = 0
  await using application = await fastCgiApplication({
    onBody: (reply) => {
      reply.stdout(plainHead)
      if (reply.request.variables.get('X') === 'quick') reply.end()
    },
    onAbort: (reply) => {
      aborts++
      reply.end()
    },
  })
  await using fastcgi = executor(application.address)
  await outcomeOf(fastcgi.run(requestOf({ X: 'quick' }), never))
  const { connections } = application
  const gone = new AbortController()
  const started = await fastcgi.run(requestOf(), gone.signal)
  assert.ok(started.kind === 'running')
  for await (const _ of started.running.output) break
  gone.abort()
  await started.running.ending
  assert.equal(aborts, 1)
  await outcomeOf(fastcgi.run(requestOf({ X: 'quick' }), never))
  assert.equal(application.connections, connections)
})

test('FastCGI 5.4: an application that goes on after an abort loses its connection, and the request ends', async () => {
  await using application = await fastCgiApplication({ onBody: (reply) => reply.stdout(plainHead) })
  await using fastcgi = executor(application.address)
  const started = await fastcgi.run(requestOf(), never)
  assert.ok(started.kind === 'running')
  started.running.end()
  await started.running.ending
  assert.ok(await eventually(() => application.sockets.size === 0, 5000))
})

test('FastCGI 5.4: an aborted request that goes on, on a shared connection, ends for us, and the others have their answers', async () => {
  const waiting: Reply[] = []
  await using application = await fastCgiApplication({
    ...multiplexing,
    onBody: (reply) => {
      reply.stdout(plainHead)
      waiting.push(reply)
    },
  })
  await using fastcgi = executor(application.address, { maxShared: 10 })
  const first = await fastcgi.run(requestOf(), never)
  const second = await fastcgi.run(requestOf(), never)
  assert.ok(first.kind === 'running' && second.kind === 'running')
  assert.ok(await eventually(() => waiting.length === 2, 5000))
  assert.equal(waiting[0]?.connection, waiting[1]?.connection)
  first.running.end()
  await first.running.ending
  waiting[1]?.stdout('hello')
  waiting[1]?.end()
  assert.equal((await outcomeOf(second)).output, `${plainHead}hello`)
})

test('FastCGI 3.3: a client that takes nothing does not fill the memory, and does not block the next on its connection', async () => {
  let written = 0
  await using application = await fastCgiApplication({
    onBody: (reply) => {
      if (reply.request.variables.get('X') !== 'much') {
        reply.stdout(`${plainHead}ok`)
        reply.end()
        return
      }
      const fill = (): void => {
        while (written < 64 * 1024 * 1024) {
          written += 65_536
          if (!reply.stdout('x'.repeat(65_536))) return void reply.socket.once('drain', fill)
        }
        reply.end()
      }
      fill()
    },
    onAbort: (reply) => reply.end(),
  })
  await using fastcgi = executor(application.address)
  const gone = new AbortController()
  const started = await fastcgi.run(requestOf({ X: 'much' }), gone.signal)
  assert.ok(started.kind === 'running')
  let before = -1
  while (before !== written) {
    before = written
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  assert.ok(written < 8 * 1024 * 1024, `${written} bytes were taken`)
  gone.abort()
  await started.running.ending
  assert.equal((await outcomeOf(fastcgi.run(requestOf(), never))).output, `${plainHead}ok`)
})

test('FastCGI 3.3: an answer that ends while its client is slow leaves the connection to the next request', async () => {
  await using application = await fastCgiApplication({
    onBody: (reply) => {
      reply.stdout(plainHead + (reply.request.variables.get('X') === 'much' ? 'x'.repeat(400_000) : 'ok'))
      reply.end()
    },
  })
  await using fastcgi = executor(application.address)
  const slow = await fastcgi.run(requestOf({ X: 'much' }), never)
  assert.ok(slow.kind === 'running')
  for (let request = 0; request < 3; request++) {
    assert.equal((await outcomeOf(fastcgi.run(requestOf(), never))).output, `${plainHead}ok`)
  }
  assert.equal((await outcomeOf(slow)).output.length, plainHead.length + 400_000)
})

test('FastCGI 3.3: of two slow answers on one connection neither is read without a bound because the other is taken', async () => {
  const total = 32 * 1024 * 1024
  const written = new Map<string, number>()
  await using application = await fastCgiApplication({
    ...multiplexing,
    onBody: (reply) => {
      const name = reply.request.variables.get('X') ?? ''
      const fill = (): void => {
        for (let sent = written.get(name) ?? 0; sent < total; sent = written.get(name) ?? 0) {
          written.set(name, sent + 65_536)
          if (!reply.stdout('x'.repeat(65_536))) return void reply.socket.once('drain', fill)
        }
        reply.end()
      }
      fill()
    },
    onAbort: (reply) => reply.end(),
  })
  await using fastcgi = executor(application.address, { maxShared: 2 })
  const unread = await fastcgi.run(requestOf({ X: 'unread' }), never)
  const read = await fastcgi.run(requestOf({ X: 'read' }), never)
  assert.ok(unread.kind === 'running' && read.kind === 'running')
  const taking = outcomeOf(read)
  let before = -1
  while (before !== (written.get('unread') ?? 0)) {
    before = written.get('unread') ?? 0
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  assert.ok(before < total / 2, `${before} bytes of the answer that nobody takes`)
  unread.running.end()
  await taking
})

test('FastCGI: an answer before the body was read is the answer; the connection is not used again', async () => {
  await using application = await fastCgiApplication({
    onRequest: (reply) => {
      reply.stdout(`${plainHead}early`)
      reply.end()
      reply.socket.pause()
    },
  })
  await using fastcgi = executor(application.address)
  for (let round = 0; round < 5; round++) {
    const before = application.connections
    const { output, failure } = await outcomeOf(fastcgi.run(requestOf({}, pieces(100, 65_536), 100 * 65_536), never))
    assert.equal(failure, undefined)
    assert.equal(output, `${plainHead}early`)
    assert.ok(application.connections > before)
  }
})

test('FastCGI: an answer, and a close, while the body is being sent, is the answer', async () => {
  await using application = await fastCgiApplication({
    onRequest: (reply) => {
      reply.socket.pause()
      reply.stdout(`${plainHead}early`)
      reply.end()
      reply.socket.destroySoon()
    },
  })
  await using fastcgi = executor(application.address)
  for (let round = 0; round < 10; round++) {
    const { output, failure } = await outcomeOf(fastcgi.run(requestOf({}, pieces(100, 65_536), 100 * 65_536), never))
    assert.equal(failure, undefined)
    assert.equal(output, `${plainHead}early`)
  }
})

for (const [method, isSent] of [
  ['GET', true],
  ['POST', false],
] as const) {
  test(`FastCGI 3.5: a kept connection that proves closed: ${method} is ${isSent ? '' : 'not '}sent again`, async () => {
    const answered = new Set<number>()
    await using application = await fastCgiApplication({
      onBody: (reply) => {
        if (answered.has(reply.connection)) return void reply.socket.destroy()
        answered.add(reply.connection)
        reply.stdout(`${plainHead}ok`)
        reply.end()
      },
    })
    await using fastcgi = executor(application.address)
    await outcomeOf(fastcgi.run(requestOf(), never))
    const second = await outcomeOf(fastcgi.run(requestOf({ REQUEST_METHOD: method }), never))
    assert.equal(second.failure?.kind, isSent ? undefined : 'upstream-closed')
  })
}

test('FastCGI: an answer that breaks off is cut short, whatever was sent, and never sent again', async () => {
  let isFirst = true
  await using application = await fastCgiApplication({
    onBody: (reply) => {
      reply.stdout(`${plainHead}half`)
      if (isFirst) reply.end()
      else reply.socket.end()
      isFirst = false
    },
  })
  await using fastcgi = executor(application.address)
  await outcomeOf(fastcgi.run(requestOf(), never))
  const { output, failure } = await outcomeOf(fastcgi.run(requestOf(), never))
  assert.equal(output, `${plainHead}half`)
  assert.equal(failure?.kind, 'body-cut-short')
  assert.equal(application.requests, 2)
})

test('FastCGI: a spooled body that is disposed of while it is being sent is closed once it has been', async () => {
  await using application = await fastCgiApplication({
    onRequest: (reply) => void reply.stdout(plainHead),
    onBody: (reply) => {
      reply.stdout(String(reply.body().length))
      reply.end()
    },
  })
  await using fastcgi = executor(application.address)
  const path = join(tmpdir(), `postern-test-${process.pid}`)
  const file = await open(path, 'wx+')
  await unlink(path)
  await file.write(Buffer.alloc(5_000_000))
  const body = new SpooledFile(file, 5_000_000)
  const started = await fastcgi.run(requestOf({}, body, body.length), never)
  await body[Symbol.asyncDispose]()
  assert.equal((await outcomeOf(started)).output, `${plainHead}5000000`)
  assert.ok(await eventually(() => file.fd === -1, 5000))
})

test('FastCGI 3.5: no listener is left over on a connection after 1,000 requests, nor while a long body drains', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  try {
    await using application = await fastCgiApplication({
      onBody: (reply) => {
        reply.stdout(`${plainHead}${reply.body().length}`)
        reply.end()
      },
    })
    await using fastcgi = executor(application.address)
    for (let request = 0; request < 1000; request++) {
      assert.equal((await outcomeOf(fastcgi.run(requestOf(), never))).failure, undefined)
    }
    await outcomeOf(fastcgi.run(requestOf({}, pieces(300, 65_536), 300 * 65_536), never))
    // One more was asked for its values.
    assert.ok(application.connections <= 2)
    assert.deepEqual(warnings, [])
  } finally {
    process.off('warning', onWarning)
  }
})

test('FastCGI 4.1: one connection, closed after each answer: those that wait for it are served in turn', async () => {
  await using application = await fastCgiApplication({
    limits: { values: new Map([['FCGI_MAX_CONNS', '1']]) },
    onBody: (reply) => {
      reply.stdout(`${plainHead}ok`)
      reply.end()
      reply.socket.end()
    },
  })
  await using fastcgi = executor(application.address)
  const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => outcomeOf(fastcgi.run(requestOf(), never))))
  for (const { failure } of outcomes) assert.equal(failure, undefined)
})

test('FastCGI 5.4: who ends a request that is over does not abort the next one on its connection', async () => {
  let aborts = 0
  const replies: Reply[] = []
  await using application = await fastCgiApplication({
    onBody: (reply) => {
      replies.push(reply)
      if (replies.length > 1) return
      reply.stdout(`${plainHead}first`)
      reply.end()
    },
    onAbort: () => void aborts++,
  })
  await using fastcgi = executor(application.address)
  const first = await fastcgi.run(requestOf(), never)
  assert.ok(first.kind === 'running')
  assert.equal(await buffer(first.running.output).then(String), `${plainHead}first`)
  await first.running.ending
  const second = fastcgi.run(requestOf(), never)
  while (replies.length < 2) await sleep(5)
  assert.equal(replies[1]?.connection, replies[0]?.connection, 'the connection is kept')
  first.running.end()
  await sleep(50)
  replies[1]?.stdout(`${plainHead}second`)
  replies[1]?.end()
  const outcome = await outcomeOf(second)
  assert.equal(outcome.failure, undefined)
  assert.equal(aborts, 0)
})

test('Security: no connection is kept after a request with a body, of which something may lie unread', async () => {
  const connections: number[] = []
  await using application = await fastCgiApplication({
    onRequest: (reply) => {
      connections.push(reply.connection)
      reply.stdout(`${plainHead}ok`)
      reply.end()
    },
  })
  await using fastcgi = executor(application.address)
  for (const body of [Buffer.alloc(0), Buffer.alloc(0), Buffer.from('unread'), Buffer.alloc(0)]) {
    assert.equal((await outcomeOf(fastcgi.run(requestOf({}, body), never))).failure, undefined)
  }
  const [first, second, third, fourth] = connections
  assert.equal(first, second)
  assert.equal(second, third)
  assert.notEqual(third, fourth)
})

test('FastCGI 3.3: garbage behind an answer costs the connection, and never the request that waits for it', async () => {
  await using application = await fastCgiApplication({
    limits: { values: new Map([['FCGI_MAX_CONNS', '2']]) },
    onBody: (reply) => {
      reply.socket.cork()
      reply.stdout(`${plainHead}ok`)
      reply.end()
      reply.socket.write('garbage')
      reply.socket.uncork()
    },
  })
  await using fastcgi = executor(application.address)
  await outcomeOf(fastcgi.run(requestOf(), never))
  const outcomes = await Promise.all([1, 2, 3, 4, 5, 6].map(() => outcomeOf(fastcgi.run(requestOf(), never))))
  for (const { failure } of outcomes) assert.equal(failure, undefined)
})

test('FastCGI 5.5: once the request has ended, a sender of whom nothing comes is left, not waited for', async () => {
  await using application = await fastCgiApplication({
    onRequest: (reply) => {
      reply.stdout(`${plainHead}early`)
      reply.end()
    },
  })
  await using fastcgi = executor(application.address)
  let wasLeft = false
  let asked = 0
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () =>
        asked++ === 0 ? Promise.resolve({ done: false, value: Buffer.from('begun') }) : new Promise(() => {}),
      return: () => {
        wasLeft = true
        return Promise.reject(new Error('of no interest'))
      },
    }),
  }
  assert.equal((await outcomeOf(fastcgi.run(requestOf({}, body, 100), never))).output, `${plainHead}early`)
  assert.ok(await eventually(() => wasLeft, 5000))
})

test('FastCGI: whoever has gone when there is a connection at last sends nothing over it', async () => {
  const outcomes: string[] = []
  const gone = new AbortController()
  const source: FastCgiSource = {
    name: 'x',
    lease: () => {
      gone.abort()
      return Promise.resolve({
        get connection(): never {
          throw new Error('it is used')
        },
        isShared: false,
        isReused: false,
        release: (outcome) => void outcomes.push(outcome),
      })
    },
    cannotMultiplex: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const fastcgi = new FastCgiExecutor({ source, role: 'responder', keepsConnections: true })
  assert.deepEqual(await fastcgi.run(requestOf(), gone.signal), { kind: 'failed', failure: { kind: 'client-gone' } })
  assert.deepEqual(outcomes, ['unused'])
})

test('FastCGI 5.5, FCGI_CANT_MPX_CONN: whoever lends connections is told, also where the request cannot be sent again', async () => {
  await using application = await fastCgiApplication({
    onRequest: (reply) => {
      reply.stdout(plainHead)
      reply.end(0, 1)
    },
  })
  const connection = new FastCgiConnection(await connect(application.address, 5000, never), 'x')
  let told = 0
  const source: FastCgiSource = {
    name: 'x',
    lease: () => Promise.resolve({ connection, isShared: true, isReused: false, release: () => {} }),
    cannotMultiplex: () => void told++,
    [Symbol.asyncDispose]: () => Promise.resolve(connection.close()),
  }
  await using fastcgi = new FastCgiExecutor({ source, role: 'responder', keepsConnections: true })
  assert.equal((await outcomeOf(fastcgi.run(requestOf(), never))).failure?.kind, 'upstream-fault')
  assert.equal(told, 1)
})
