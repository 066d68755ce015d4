// Listeners of node:http behind a gateway interface: their req and res are Node's, and hear of everything.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { contextOf } from '../../src/app/context.ts'
import { listener, type NodeListener } from '../../src/app/handler.ts'
import { serve } from '../../src/app/serve.ts'
import type { Served } from '../../src/app/serve-options.ts'
import { open, readAll, readCgiAnswer, scgiRequest, variablesOf, type CgiAnswer } from '../support/gateway-clients.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-listener-'))
after(() => rmSync(folder, { recursive: true }))

let count = 0

async function start(node: NodeListener): Promise<Served & { readonly address: string }> {
  const address = `unix:${join(folder, String(count++))}`
  const served = await serve(listener(node), { listen: `scgi:${address}`, signals: false, shutdownTimeout: 5000 })
  return { ...served, address }
}

async function ask(address: string, path = '/', body = '', method = 'GET'): Promise<CgiAnswer> {
  const socket = open(address)
  socket.write(scgiRequest(variablesOf(path, { REQUEST_METHOD: method }), body))
  return readCgiAnswer((await readAll(socket)).bytes)
}

/** A promise that the test keeps. */
function promised<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  const resolvers: ((value: T) => void)[] = []
  const promise = new Promise<T>((resolve) => void resolvers.push(resolve))
  return { promise, resolve: (value) => resolvers[0]?.(value) }
}

test('Postern: a listener that throws, or rejects, is 500, and the next request is served', async () => {
  await using served = await start((request, response) => {
    if (request.url === '/throw') throw new Error('thrown')
    if (request.url === '/reject') return Promise.reject(new Error('rejected'))
    // With a string as its body Node writes the head as UTF-8.
    response.setHeader('X-Own', 'caf\xe9').end(Buffer.from('fine\n'))
    return undefined
  })
  for (const path of ['/throw', '/reject']) {
    const { status, body } = await ask(served.address, path)
    assert.match(status, /^500 /)
    assert.equal(body, 'Internal Server Error\n')
  }
  const { body, fields } = await ask(served.address)
  assert.equal(body, 'fine\n')
  assert.equal(fields.get('x-own'), 'caf\xe9')
  assert.equal(fields.has('connection') || fields.has('transfer-encoding'), false, 'no field of the inner connection')
})

test('Postern: a listener that throws in the middle of its answer breaks it off', async () => {
  await using served = await start((request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('a part')
    setImmediate(() => request.socket.destroy())
  })
  const { body } = await ask(served.address)
  assert.equal(body, 'a part')
})

test('Postern: a client that goes closes req and res', async () => {
  const [begun, closed] = [promised<void>(), promised<readonly boolean[]>()]
  await using served = await start((request, response) => {
    begun.resolve()
    // Not `once` of node:events: req says ECONNRESET to whoever listens for errors.
    request.on('close', () => {
      response.on('close', () => closed.resolve([response.writableFinished, contextOf(request).signal.aborted]))
      if (response.closed) response.emit('close')
    })
  })
  const socket = open(served.address)
  socket.write(scgiRequest(variablesOf('/')))
  await begun.promise
  socket.destroy()
  assert.deepEqual(await closed.promise, [false, true])
})

test('Postern: a listener writes no faster than the client reads', async () => {
  const stopped = promised<number>()
  await using served = await start((_request, response) => {
    const part = Buffer.alloc(64 * 1024)
    let written = 0
    const write = (): void => {
      while (written < 512) {
        written++
        if (response.write(part)) continue
        // Where nobody reads, it stays so.
        const stuck = setTimeout(() => stopped.resolve(written), 1500)
        response.once('drain', () => {
          clearTimeout(stuck)
          write()
        })
        return
      }
      response.end()
    }
    write()
  })
  const socket = open(served.address)
  socket.write(scgiRequest(variablesOf('/')))
  const parts = await stopped.promise
  assert.ok(parts < 512, `${parts} parts of 64 KiB were taken`)
  // All of it comes once it is read.
  const { bytes } = await readAll(socket)
  assert.ok(bytes.length > 512 * 64 * 1024)
})

test('Postern: a body comes as the listener reads it, and need not be read', async () => {
  await using served = await start((request, response) => {
    if (request.url === '/unread') return void response.end('unread\n')
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      request.pause()
      setImmediate(() => request.resume())
    })
    request.on('end', () => response.end(String(bytes)))
    return undefined
  })
  const body = 'x'.repeat(3_000_000)
  assert.equal((await ask(served.address, '/', body, 'POST')).body, '3000000')
  assert.equal((await ask(served.address, '/unread', body, 'POST')).body, 'unread\n')
})

test('Postern: what Node’s own req and res can, a listener can: early hints, timeouts, pipes', async () => {
  await using served = await start((request: IncomingMessage, response: ServerResponse) => {
    request.setTimeout(1000)
    response.setTimeout(1000)
    request.socket.setKeepAlive(true)
    response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    response.setHeader('X-Method', request.method ?? '')
    request.pipe(response)
  })
  const answer = await ask(served.address, '/', 'piped', 'PUT')
  assert.equal(answer.body, 'piped')
  assert.equal(answer.fields.get('x-method'), 'PUT')
  assert.match(answer.status, /^200 /)
})

test('Postern: contextOf knows requests of serve() alone', () => {
  const stranger = { socket: {} }
  assert.throws(() => contextOf(stranger), { name: 'TypeError', message: /has not come by serve/ })
})

test('RFC 9110 5.5: a control character in a field, which web servers let through, is the client’s fault and no line of the log', async () => {
  const lines: string[] = []
  const write = process.stderr.write.bind(process.stderr)
  await using served = await start((_request, response) => void response.end('fine\n'))
  process.stderr.write = (text: string | Uint8Array) => lines.push(String(text)) > 0
  try {
    const socket = open(served.address)
    socket.write(scgiRequest(variablesOf('/', { HTTP_X: 'a\x01b' }), ''))
    assert.match(readCgiAnswer((await readAll(socket)).bytes).status, /^400/)
  } finally {
    process.stderr.write = write
  }
  assert.deepEqual(lines, [])
})

test('RFC 9110 8.6: no Content-Length with 204, whatever the listener says', async () => {
  await using served = await start(
    (_request, response) => void response.writeHead(204, { 'content-length': '5' }).end(),
  )
  const { fields } = await ask(served.address)
  assert.doesNotMatch(JSON.stringify(fields), /content-length/i)
})
