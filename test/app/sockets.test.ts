// Applications over FastCGI, SCGI, uwsgi and HTTP: the same answers, several requests at once, ends of clients, throws.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import {
  endOf,
  FastCgiClient,
  fastCgiHead,
  fastCgiRequest,
  readAll,
  readRecords,
  record,
  streamOf,
  types,
  variablesOf,
  type CgiAnswer,
} from '../support/gateway-clients.ts'
import { ask, kinds, send, start } from './all-sockets.ts'
import { until } from './run-application.ts'

function statusOf({ status }: CgiAnswer): string {
  return status.slice(0, 3)
}

for (const name of ['bare.mjs', 'hono.mjs', 'express.mjs', 'fastify.mjs']) {
  test(`Postern: ${name} gives the same answers over FastCGI, SCGI, uwsgi and HTTP`, async () => {
    await using started = await start(name)
    const seen = []
    for (const kind of kinds) {
      // The first one throws; those after it are served all the same.
      const thrown = await ask(started, kind, '/throw')
      const post = { REQUEST_METHOD: 'POST', CONTENT_TYPE: 'text/x-own' }
      const [hello, echo, stream, big, upload, redirect, cookies, none] = await Promise.all([
        ask(started, kind, '/hello?a=%E9&b'),
        ask(started, kind, '/echo', post, 'x'.repeat(100_000)),
        ask(started, kind, '/stream'),
        ask(started, kind, '/big'),
        ask(started, kind, '/upload', post, 'y'.repeat(300_000)),
        ask(started, kind, '/redirect'),
        ask(started, kind, '/cookies'),
        ask(started, kind, '/nowhere'),
      ])
      assert.doesNotMatch(thrown.body, /applications|node_modules/)
      assert.equal(big.body, 'a'.repeat(1024 * 1024))
      assert.equal(echo.body, 'x'.repeat(100_000))
      seen.push([
        statusOf(thrown),
        hello.body,
        echo.fields.get('x-length'),
        stream.body,
        upload.body,
        [statusOf(redirect), redirect.fields.get('location')],
        cookies.body,
        [statusOf(none), none.body],
      ])
    }
    const expected = [
      '500',
      'GET /hello ?a=%E9&b\n',
      '100000',
      'chunk 1\nchunk 2\nchunk 3\nchunk 4\nchunk 5\n',
      '300000\n',
      ['302', '/hello?redirected'],
      'two cookies\n',
      ['404', 'not found\n'],
    ]
    for (const [at, kind] of kinds.entries()) assert.deepEqual(seen[at], expected, kind)
    assert.equal(started.child.exitCode, null)
  })
}

test('FastCGI 3.3: several requests at once on one connection, each with its answer; one that waits holds up nobody', async () => {
  await using started = await start('probe.mjs')
  using client = new FastCgiClient(started.address.fastcgi)
  client.send(fastCgiRequest(1, variablesOf('/wait'), '', true))
  client.send(
    fastCgiRequest(2, variablesOf('/hello'), '', true),
    fastCgiRequest(3, variablesOf('/diagnostics'), '', true),
  )
  await client.ended(2)
  const records = await client.ended(3)
  assert.match(streamOf(records, 2, types.stdout).toString(), /hello\n$/)
  assert.equal(streamOf(records, 3, types.stderr).toString(), 'a line, é\n')
  assert.equal(endOf(records, 1), undefined)
  // FastCGI 5.4.
  client.send(record(types.abort, 1))
  await client.ended(1)
  await until(
    () => started.notes().includes('wait: aborted'),
    () => started.log(),
  )
})

test('Postern: a client that goes aborts the signal, and a body that nobody takes is left', async () => {
  await using started = await start('probe.mjs')
  const notes = (line: string): number => started.notes().split(line).length - 1
  for (const [at, kind] of kinds.entries()) {
    const waiting = send(started, kind, '/wait')
    await until(
      () => notes('wait: begun') > at,
      () => started.log(),
    )
    waiting.destroy()
    await until(
      () => notes('wait: aborted') > at,
      () => kind,
    )
    const endless = send(started, kind, '/endless')
    await once(endless, 'readable')
    endless.destroy()
    await until(
      () => notes('endless: left') > at,
      () => kind,
    )
    assert.match((await ask(started, kind, '/hello')).body, /hello/)
  }
})

test('Postern: an answer that breaks off in the middle is not taken for a whole one, and is told', async () => {
  await using started = await start('probe.mjs')
  for (const kind of kinds) {
    const before = started.log().length
    const { bytes } = await readAll(send(started, kind, '/broken'))
    assert.ok(bytes.includes('a part'), kind)
    if (kind === 'http') assert.ok(!bytes.includes('0\r\n\r\n'))
    if (kind === 'fastcgi') {
      assert.equal(endOf(readRecords(bytes).records, 1), undefined)
      assert.match(bytes.toString(), /in the middle/)
    } else
      await until(
        () => started.log().slice(before).includes('in the middle'),
        () => kind,
      )
  }
})

test('Postern: a body is taken as the handler reads it, and an answer made as the client takes it', async () => {
  await using started = await start('bare.mjs')
  const socket = connect({ path: started.address.http.slice('unix:'.length) })
  socket.write('POST /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n')
  const chunk = Buffer.alloc(1024 * 1024, 0x61)
  for (let at = 0; at < 24; at++) {
    socket.write('100000\r\n')
    if (!socket.write(chunk)) await once(socket, 'drain')
    socket.write('\r\n')
  }
  socket.write('0\r\n\r\n')
  const { bytes } = await readAll(socket)
  assert.match(bytes.toString(), /\n25165824\n/)
})

test('RFC 3875 4.1.13: what SCRIPT_NAME and PATH_INFO say is kept apart; hostile variables are 400', async () => {
  await using started = await start('probe.mjs')
  for (const kind of ['fastcgi', 'scgi', 'uwsgi'] as const) {
    const mounted = { SCRIPT_NAME: '/app', PATH_INFO: '/context', REQUEST_URI: '/app/context?\xe9', HTTP_X: 'caf\xe9' }
    const { body } = await ask(started, kind, '/context', mounted)
    const seen: unknown = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'))
    assert.ok(typeof seen === 'object' && seen !== null && 'mount' in seen && 'gateway' in seen && 'variables' in seen)
    assert.deepEqual([seen.mount, seen.gateway], ['/app', kind])
    assert.ok(typeof seen.variables === 'object' && seen.variables !== null && 'HTTP_X' in seen.variables)
    assert.equal(seen.variables.HTTP_X, 'caf\xe9', 'one character, one byte')
    for (const hostile of [{ HTTP_X: 'a\0b' }, { CONTENT_LENGTH: '5x' }, { HTTP_X: 'a\nb' }, { HTTP_HOST: 'a b' }]) {
      // A NUL breaks a head's own form in SCGI, and FastCGI closes the connection.
      assert.match(statusOf(await ask(started, kind, '/hello', hostile)), /^(?:400)?$/, JSON.stringify(hostile))
    }
  }
})

test('Postern: Express sees the client, the scheme and its mount', async () => {
  await using started = await start('express.mjs')
  const mounted = { SCRIPT_NAME: '/app', PATH_INFO: '/socket', REQUEST_URI: '/app/socket', HTTPS: 'on' }
  const { body } = await ask(started, 'fastcgi', '/socket', mounted)
  assert.deepEqual(JSON.parse(body), {
    ip: '192.0.2.1',
    protocol: 'https',
    url: '/socket',
    originalUrl: '/app/socket',
    baseUrl: '/app',
  })
})

test('Postern: a request that never came whole is let go of', async () => {
  await using started = await start('bare.mjs')
  using client = new FastCgiClient(started.address.fastcgi)
  const post = variablesOf('/upload', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '1000' })
  client.send(fastCgiHead(1, post), record(types.stdin, 1, 'a part'))
  client.socket.destroySoon()
  await client.closed()
  assert.equal((await ask(started, 'fastcgi', '/hello')).body, 'GET /hello \n')
})
