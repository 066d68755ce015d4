// Each way in which a program is started, with real descriptors, and its end.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  fastCgiRequest,
  open,
  readAll,
  readCgiAnswer,
  readRecords,
  scgiRequest,
  streamOf,
  types,
  uwsgiRequest,
  variablesOf,
} from '../support/gateway-clients.ts'
import { descriptorOf, startApplication, until, urlOf, type Application } from './run-application.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-starts-'))
after(() => rmSync(folder, { recursive: true }))

const requests = { fastcgi: fastCgiRequest, scgi: scgiRequest, uwsgi: uwsgiRequest }

/** The body of the answer to GET /hello. */
async function helloFrom(kind: keyof typeof requests, address: string): Promise<string> {
  const variables = variablesOf('/hello')
  const socket = open(address)
  socket.write(kind === 'fastcgi' ? fastCgiRequest(1, variables) : requests[kind](variables))
  const { bytes } = await readAll(socket)
  return readCgiAnswer(kind === 'fastcgi' ? streamOf(readRecords(bytes).records, 1, types.stdout) : bytes).body
}

async function endsInOrder(application: Application): Promise<void> {
  application.child.kill('SIGTERM')
  assert.deepEqual(await application.exited, [0, null], application.log())
}

test('Postern: by hand it serves HTTP, says where in one line, and ends in order', async () => {
  await using application = startApplication('bare.mjs', { environment: { PORT: '0' } })
  const url = await urlOf(application)
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/)
  assert.equal(application.log(), `listening on ${url}\n`)
  assert.equal(await (await fetch(`${url}hello?x`)).text(), 'GET /hello ?x\n')
  await endsInOrder(application)
})

for (const kind of ['unix', 'tcp'] as const) {
  test(`FastCGI 2.2: a ${kind} socket that listens on descriptor 0 is taken`, async () => {
    const path = join(folder, 'zero.sock')
    const server = createServer()
    if (kind === 'unix') server.listen(path)
    else server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const at = server.address()
    const address = at === null || typeof at === 'string' ? `unix:${path}.kept` : `127.0.0.1:${at.port}`
    await using application = startApplication('express.mjs', { stdio: [descriptorOf(server), 'ignore', 'pipe'] })
    // To close it would take its file away.
    if (kind === 'unix') renameSync(path, `${path}.kept`)
    server.close()
    assert.equal(await helloFrom('fastcgi', address), 'GET /hello \n')
    await endsInOrder(application)
  })
}

test('systemd, sd_listen_fds: sockets are taken by the names that they have', async () => {
  const [first, second] = [createServer().listen(0, '127.0.0.1'), createServer().listen(0, '127.0.0.1')]
  await Promise.all([once(first, 'listening'), once(second, 'listening')])
  const ports = [first, second].map((server) => {
    const at = server.address()
    return at === null || typeof at === 'string' ? 0 : at.port
  })
  await using application = startApplication('hono.mjs', {
    stdio: ['ignore', 'ignore', 'pipe', descriptorOf(first), descriptorOf(second)],
    environment: { LISTEN_FDS: '2', LISTEN_FDNAMES: 'web:app-uwsgi.socket' },
    isSystemd: true,
  })
  first.close()
  second.close()
  assert.equal(await (await fetch(`http://127.0.0.1:${ports[0]}/hello`)).text(), 'GET /hello \n')
  assert.equal(await helloFrom('uwsgi', `127.0.0.1:${ports[1]}`), 'GET /hello \n')
  await endsInOrder(application)
})

for (const kind of ['fastcgi', 'scgi', 'uwsgi'] as const) {
  test(`Postern: --listen ${kind}:unix:… wins over what POSTERN_LISTEN says`, async () => {
    const path = join(folder, `${kind}.sock`)
    await using application = startApplication('bare.mjs', {
      words: ['--listen', `${kind}:unix:${path}`],
      environment: { POSTERN_LISTEN: 'http:127.0.0.1:0' },
    })
    const answered = async (): Promise<string> => {
      try {
        return await helloFrom(kind, `unix:${path}`)
      } catch {
        return ''
      }
    }
    let body = ''
    for (let tries = 0; tries < 100 && body === ''; tries++) {
      body = await answered()
      if (body === '') await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.equal(body, 'GET /hello \n')
    assert.equal(application.log(), `listening on ${kind}:unix:${path}\n`)
    await endsInOrder(application)
  })
}

test('FastCGI 3.2: FCGI_WEB_SERVER_ADDRS says who may connect over TCP', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = server.address()
  const port = at === null || typeof at === 'string' ? 0 : at.port
  await using application = startApplication('bare.mjs', {
    stdio: [descriptorOf(server), 'ignore', 'pipe'],
    environment: { FCGI_WEB_SERVER_ADDRS: '192.0.2.7' },
  })
  server.close()
  const socket = open(`127.0.0.1:${port}`)
  socket.write(fastCgiRequest(1, variablesOf('/hello')))
  assert.equal((await readAll(socket)).bytes.length, 0)
  assert.match(application.log(), /not an allowed peer/)
})

test('Postern: an address that cannot be had is a reason on standard error, and status 1', async () => {
  await using application = startApplication('bare.mjs', { words: ['--listen', 'scgi:unix:/nowhere/x.sock'] })
  assert.deepEqual(await application.exited, [1, null])
  assert.match(application.log(), /the folder of the socket \/nowhere\/x\.sock does not exist/)
  await using wrong = startApplication('bare.mjs', { environment: { POSTERN_LISTEN: '9000' } })
  assert.deepEqual(await wrong.exited, [1, null])
  assert.match(wrong.log(), /listen takes KIND:ADDRESS/)
})

test('Postern: SIGTERM lets requests finish, and what waitUntil was given', async () => {
  await using application = startApplication('probe.mjs', { environment: { PORT: '0' } })
  const url = await urlOf(application)
  assert.equal(await (await fetch(`${url}later`)).text(), 'now\n')
  const slow = fetch(`${url}slow`).then((answer) => answer.text())
  await until(
    () => application.notes().includes('slow: begun'),
    () => application.log(),
  )
  application.child.kill('SIGTERM')
  assert.equal(await slow, 'slow\n')
  assert.deepEqual(await application.exited, [0, null])
  assert.match(application.notes(), /later: done/)
})

test('Postern: a second signal does not wait', async () => {
  await using application = startApplication('probe.mjs', { environment: { PORT: '0' } })
  const url = await urlOf(application)
  const waiting = fetch(`${url}wait`).catch(() => {})
  await until(
    () => application.notes().includes('wait: begun'),
    () => application.log(),
  )
  application.child.kill('SIGTERM')
  // Two of the same that come together are one.
  const again = setInterval(() => application.child.kill('SIGINT'), 200)
  assert.deepEqual(await application.exited, [1, null])
  clearInterval(again)
  await waiting
})
