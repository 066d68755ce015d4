// The connections to one FastCGI upstream: what it is asked, how many there are, who waits, when they close.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { link } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { FailureError } from '../../../src/events/failures.ts'
import { encodeGetValues } from '../../../src/protocol/fastcgi/server-side.ts'
import { FastCgiPool } from '../../../src/transport/fastcgi/pool.ts'
import type { FastCgiLease } from '../../../src/transport/fastcgi/source.ts'
import type { UpstreamAddress } from '../../../src/transport/upstream-address.ts'
import { settled } from '../../executors/fake-executor.ts'
import { fastCgiApplication, poolTo, type Application } from '../../support/fastcgi-application.ts'
import { eventually } from '../../support/server-process.ts'
import { fakeUpstream } from '../../support/upstream-server.ts'

const never = new AbortController().signal

function application(values: Readonly<Record<string, string>> = {}, maxRequests = 1): Promise<Application> {
  return fastCgiApplication({
    limits: { maxRequests, values: new Map(Object.entries(values)) },
    onBody: (reply) => reply.end(),
  })
}

/** A whole request; resolves when it has been answered. */
async function use(lease: FastCgiLease, x = ''): Promise<void> {
  const call = {
    role: 'responder',
    variables: new Map([['X', x]]),
    body: new Uint8Array(0),
    keepsConnection: true,
  } as const
  await new Promise<void>((resolve, reject) => {
    lease.connection.begin(call, {
      stdout: () => {},
      stderr: () => {},
      end: (_, isWhole) => {
        lease.release(isWhole ? 'whole' : 'broken')
        resolve()
      },
      fail: (failure) => {
        lease.release('broken')
        reject(new FailureError(failure))
      },
    })
  })
}

/** Until the application has been asked for its values, and has answered. */
async function warmedUp(pool: FastCgiPool, { sockets }: Pick<Application, 'sockets'>): Promise<void> {
  await use(await pool.lease(never, false))
  assert.ok(await eventually(() => sockets.size <= 1, 5000))
  await settled()
}

function kindOf(error: unknown): string {
  return error instanceof FailureError ? error.failure.kind : String(error)
}

test('FastCGI 4.1: FCGI_GET_VALUES is asked once, on a connection of its own', async () => {
  let asked = 0
  await using upstream = await fakeUpstream((socket) => {
    socket.on('data', (chunk: Buffer) => {
      if (chunk.includes(encodeGetValues())) asked++
    })
    socket.on('end', () => socket.end())
  })
  await using pool = poolTo(upstream.address)
  for (let lease = 0; lease < 5; lease++) {
    ;(await pool.lease(never, false)).release('whole')
  }
  assert.ok(await eventually(() => asked === 1, 5000))
  assert.equal(asked, 1)
  assert.equal(upstream.connections, 2)
})

test('FastCGI 4.1: where nobody was there to be asked for values, the next request asks again', async () => {
  await using refused = await application({ FCGI_MAX_CONNS: '1' })
  const { address } = refused
  await using pool = poolTo(address.kind === 'unix' ? { kind: 'unix', path: `${address.path}-later` } : address)
  await assert.rejects(pool.lease(never, false), (error) => kindOf(error) === 'unreachable')
  assert.equal(refused.connections, 0)
  assert.ok(address.kind === 'unix')
  await link(address.path, `${address.path}-later`)
  await use(await pool.lease(never, false))
  assert.ok(await eventually(() => refused.connections === 2, 5000))
})

test('FastCGI 4.1: FCGI_MAX_CONNS is obeyed; those that wait are served in their order', async () => {
  await using upstream = await application({ FCGI_MAX_CONNS: '2' })
  await using pool = poolTo(upstream.address)
  await warmedUp(pool, upstream)
  const first = await pool.lease(never, false)
  const second = await pool.lease(never, false)
  const order: string[] = []
  const take = async (name: string): Promise<FastCgiLease> => {
    const lease = await pool.lease(never, false)
    order.push(name)
    return lease
  }
  const [third, fourth] = [take('third'), take('fourth')]
  await settled()
  assert.deepEqual(order, [])
  first.release('whole')
  // Who comes now comes after those that wait.
  const fifth = take('fifth')
  ;(await third).release('whole')
  ;(await fourth).release('whole')
  ;(await fifth).release('whole')
  second.release('whole')
  assert.deepEqual(order, ['third', 'fourth', 'fifth'])
  assert.ok([...upstream.sockets].length <= 2)
})

test('FastCGI 4.1: FCGI_MAX_REQS is obeyed on shared connections too', async () => {
  await using upstream = await application({ FCGI_MAX_REQS: '3' }, 100)
  await using pool = poolTo(upstream.address, { maxShared: 100 })
  await warmedUp(pool, upstream)
  const leases = await Promise.all([1, 2, 3].map(() => pool.lease(never, false)))
  let isFourth = false
  const fourth = pool.lease(never, false).then((lease) => {
    isFourth = true
    return lease
  })
  await settled()
  assert.equal(isFourth, false)
  leases[0]?.release('whole')
  ;(await fourth).release('whole')
})

test('FastCGI 3.5: a connection that has just been made is lent to nobody else', async () => {
  await using upstream = await application({ FCGI_MAX_CONNS: '2' })
  await using pool = poolTo(upstream.address)
  await warmedUp(pool, upstream)
  const lent = new Set<unknown>()
  let most = 0
  const work = async (): Promise<void> => {
    const lease = await pool.lease(new AbortController().signal, false)
    assert.ok(!lent.has(lease.connection), 'two requests on one connection that is not shared')
    lent.add(lease.connection)
    most = Math.max(most, lent.size)
    await settled()
    lent.delete(lease.connection)
    lease.release(Math.random() < 0.5 ? 'whole' : 'broken')
  }
  await Promise.all(Array.from({ length: 100 }, work))
  assert.equal(most, 2)
})

test('FastCGI 3.5: multiplexing where it is asked for and the application can, not otherwise', async () => {
  for (const [maxRequests, maxShared, shared] of [
    [10, 3, true],
    [10, 1, false],
    [1, 3, false],
  ] as const) {
    await using upstream = await application({}, maxRequests)
    await using pool = poolTo(upstream.address, { maxShared })
    await warmedUp(pool, upstream)
    const first = await pool.lease(never, false)
    first.connection.begin(
      { role: 'responder', variables: new Map(), body: endless(), keepsConnection: true },
      { stdout: () => {}, stderr: () => {}, end: () => {}, fail: () => {} },
    )
    const second = await pool.lease(never, false)
    assert.equal(second.connection === first.connection, shared)
    assert.equal(second.isShared, shared)
    const alone = await pool.lease(never, true)
    assert.notEqual(alone.connection, first.connection)
  }
})

async function* endless(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('x')
  await new Promise(() => {})
}

test('FastCGI 5.5, FCGI_CANT_MPX_CONN: after it no connection is shared', async () => {
  await using upstream = await application({}, 10)
  await using pool = poolTo(upstream.address, { maxShared: 3 })
  await warmedUp(pool, upstream)
  pool.cannotMultiplex()
  const first = await pool.lease(never, false)
  assert.notEqual((await pool.lease(never, false)).connection, first.connection)
})

test('FastCGI 3.5: connections are kept, at most maxIdle, and closed after idleTimeout', async () => {
  await using upstream = await application()
  await using pool = poolTo(upstream.address, { maxIdle: 2, idleTimeoutMs: 1000 })
  await warmedUp(pool, upstream)
  const leases = await Promise.all([1, 2, 3, 4].map(() => pool.lease(never, false)))
  await Promise.all(leases.map((lease) => use(lease)))
  assert.ok(await eventually(() => upstream.sockets.size === 2, 5000), `${upstream.sockets.size} connections`)
  assert.ok(await eventually(() => upstream.sockets.size === 0, 5000))
})

test('FastCGI 3.5: an idleTimeout of 0 is none: the connection stays', async () => {
  await using upstream = await application()
  await using pool = poolTo(upstream.address, { idleTimeoutMs: 0 })
  await warmedUp(pool, upstream)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const lease = await pool.lease(never, false)
  assert.equal(lease.isReused, true)
  lease.release('whole')
})

test('FastCGI 3.5: a connection that the application closes while idle is used no more', async () => {
  await using upstream = await application()
  await using pool = poolTo(upstream.address)
  await warmedUp(pool, upstream)
  for (const socket of upstream.sockets) socket.end()
  assert.ok(await eventually(() => upstream.sockets.size === 0, 5000))
  const lease = await pool.lease(never, false)
  assert.equal(lease.isReused, false)
  lease.release('whole')
})

test('FastCGI: who waits too long, leaves, or waits when all ends, hears why', async () => {
  await using upstream = await application({ FCGI_MAX_CONNS: '2' })
  await using pool = poolTo(upstream.address, { queueTimeoutMs: 100 })
  await warmedUp(pool, upstream)
  await pool.lease(never, false)
  await pool.lease(never, false)
  const gone = new AbortController()
  const leaving = pool.lease(gone.signal, false)
  gone.abort()
  await assert.rejects(leaving, (error) => kindOf(error) === 'client-gone')
  await assert.rejects(pool.lease(never, false), (error) => kindOf(error) === 'queue-timed-out')
  const waiting = pool.lease(never, false)
  const told = assert.rejects(waiting, (error) => kindOf(error) === 'shutting-down')
  await pool[Symbol.asyncDispose]()
  await told
  await assert.rejects(pool.lease(never, false), (error) => kindOf(error) === 'shutting-down')
  assert.ok(await eventually(() => upstream.sockets.size === 0, 5000))
})

test('FastCGI 4.1: an FCGI_MAX_CONNS of 1 is a process’s word, and bounds nothing', async () => {
  await using upstream = await application({ FCGI_MAX_CONNS: '1', FCGI_MAX_REQS: '1' })
  await using pool = poolTo(upstream.address, { queueTimeoutMs: 5000 })
  await warmedUp(pool, upstream)
  const first = await pool.lease(never, false)
  ;(await pool.lease(never, false)).release('whole')
  first.release('whole')
})

test('FastCGI 3.5: an idle connection is given up for one that waits, also where nothing else happens', async () => {
  let idle: Socket | undefined
  let answerSecond: (() => void) | undefined
  await using upstream = await fastCgiApplication({
    onBody: (reply) => {
      // A process that has one connection at a time: it takes the second once it has been let go of the first.
      if (idle === undefined) {
        idle = reply.socket
        reply.end()
      } else {
        answerSecond = () => reply.end()
      }
    },
  })
  await using pool = poolTo(upstream.address)
  const [first, second] = [await pool.lease(never, false), await pool.lease(never, false)]
  await use(first)
  const answered = use(second)
  assert.ok(await eventually(() => idle?.destroyed === true && answerSecond !== undefined, 5000), 'it is still there')
  answerSecond?.()
  await answered
})

test('FastCGI 4.1: whoever leaves while the application is asked for its values is let go at once', async () => {
  await using upstream = await fakeUpstream((socket) => socket.resume())
  await using pool = poolTo(upstream.address, { maxShared: 10 })
  const gone = new AbortController()
  const told = assert.rejects(pool.lease(gone.signal, false), (error) => kindOf(error) === 'client-gone')
  gone.abort()
  let hasTurned = false
  setImmediate(() => {
    hasTurned = true
  })
  await told
  assert.equal(hasTurned, false)
})

/** A listening socket whose queue is full, and on which nobody accepts: who connects hears nothing. */
async function fullListener(): Promise<AsyncDisposable & { readonly address: UpstreamAddress }> {
  const listen = `
    const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:fs').writeSync(1, String(server.address().port))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [port] = await once(child.stdout, 'data')
  const waiting = Array.from({ length: 8 }, () =>
    connect({ host: '127.0.0.1', port: Number(port) }).on('error', () => {}),
  )
  await once(waiting[0] ?? child, 'connect')
  return {
    address: { kind: 'tcp', host: '127.0.0.1', port: Number(port) },
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy()
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

test('FastCGI: a connection that is being made when all ends is given up, and who waits for it hears why', async () => {
  await using full = await fullListener()
  const pool = poolTo(full.address, { connectTimeoutMs: 0 })
  const told = assert.rejects(pool.lease(never, false), (error) => kindOf(error) === 'shutting-down')
  await settled()
  await pool[Symbol.asyncDispose]()
  await told
})

test('FastCGI 3.5: a lease that was not used leaves its connection as it was', async () => {
  await using upstream = await application()
  await using pool = poolTo(upstream.address)
  await warmedUp(pool, upstream)
  const lease = await pool.lease(never, false)
  lease.release('unused')
  const next = await pool.lease(never, false)
  assert.equal(next.connection, lease.connection)
  await use(next)
})

test('FastCGI 4.1: who could share a connection waits behind one that came before and wants its own', async () => {
  await using upstream = await application({ FCGI_MAX_CONNS: '2' }, 10)
  await using pool = poolTo(upstream.address, { maxShared: 3 })
  await warmedUp(pool, upstream)
  const busy = [await pool.lease(never, true), await pool.lease(never, true)]
  const order: string[] = []
  const take = async (name: string, alone: boolean): Promise<void> => {
    const lease = await pool.lease(never, alone)
    order.push(name)
    lease.release('whole')
  }
  const waiting = [take('alone', true), take('shared', false)]
  await settled()
  assert.deepEqual(order, [])
  for (const lease of busy) lease.release('whole')
  await Promise.all(waiting)
  assert.deepEqual(order, ['alone', 'shared'])
})

test('FastCGI 3.5: while a request has long waited for a process, a connection that falls idle is closed at once', async () => {
  await using upstream = await fastCgiApplication({
    onBody: (reply) => {
      if (reply.request.variables.get('X') !== 'late') reply.end()
    },
  })
  await using pool = poolTo(upstream.address)
  const [first, second] = [await pool.lease(never, false), await pool.lease(never, false)]
  void use(second, 'late').catch(() => {})
  // Longer than the longest patience.
  await new Promise((resolve) => setTimeout(resolve, 1100))
  await use(first)
  assert.equal(first.connection.isClosed, true)
})
