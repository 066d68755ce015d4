import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { test } from 'node:test'
import { createGateway, proxy, type GatewayEvent } from '../../src/index.ts'
import { HttpExecutor, type HttpExecutorOptions } from '../../src/executors/http.ts'
import { upstreamFields, upstreamTarget } from '../../src/protocol/http/upstream-request.ts'
import type { UpstreamAddress } from '../../src/transport/upstream-address.ts'
import { eventually } from '../support/server-process.ts'
import { fakeUpstream, outcomeOf, pieces, received, requestOf } from '../support/upstream-server.ts'

const never = new AbortController().signal

function executor(address: UpstreamAddress, options: Partial<HttpExecutorOptions> = {}): HttpExecutor {
  return new HttpExecutor({
    address,
    connectTimeoutMs: 5000,
    maxIdle: 8,
    idleTimeoutMs: 30_000,
    host: 'client',
    stripPrefix: false,
    forwardedFor: 'replace',
    maxHeadBytes: 16 * 1024,
    ...options,
  })
}

async function httpUpstream(
  listener: RequestListener,
): Promise<AsyncDisposable & { readonly address: UpstreamAddress; connections(): number }> {
  let connections = 0
  const server = createServer(listener).on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  assert.ok(bound !== null && typeof bound !== 'string')
  return {
    address: { kind: 'tcp', host: '127.0.0.1', port: bound.port },
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const usualFields = {
  host: undefined,
  authority: 'up.example:80',
  forwardedFor: 'replace',
  stripPrefix: false,
} as const

function fieldsOf(
  variables: Readonly<Record<string, string>>,
  options: Partial<Parameters<typeof upstreamFields>[1]> = {},
): Record<string, string> {
  return Object.fromEntries(upstreamFields(requestOf(variables).variables, { ...usualFields, ...options }))
}

test('RFC 9110 7.6.1: fields of one connection do not go to the upstream, whatever variable they stand in', () => {
  const names = 'CONNECTION KEEP_ALIVE TE TRAILER TRANSFER_ENCODING UPGRADE PROXY PROXY_AUTHORIZATION PROXY_X EXPECT'
  const variables = names.split(' ').map((name) => [`HTTP_${name}`, 'evil'])
  const fields = fieldsOf({ ...Object.fromEntries(variables), HTTP_CONTENT_LENGTH: '3', HTTP_HTTP2_SETTINGS: 'x' })
  assert.ok(!Object.values(fields).includes('evil'))
  assert.deepEqual(Object.keys(fields), ['Host', 'X-Forwarded-For', 'X-Forwarded-Proto', 'Via'])
})

test('Security: what a client says of who forwarded it is replaced, and appended to only where that is asked for', () => {
  const claims = {
    HTTP_HOST: 'www.example',
    HTTP_X_FORWARDED_FOR: '10.0.0.1',
    HTTP_X_FORWARDED_PROTO: 'https',
    HTTP_X_FORWARDED_HOST: 'evil.example',
    HTTP_X_FORWARDED_PORT: '1',
    HTTP_X_REAL_IP: '10.0.0.1',
    HTTP_FORWARDED: 'for=10.0.0.1',
    HTTP_VIA: '1.0 other',
  }
  const replaced = fieldsOf(claims)
  assert.deepEqual(replaced, {
    Host: 'www.example',
    'X-Forwarded-For': '192.0.2.7',
    'X-Forwarded-Proto': 'http',
    'X-Forwarded-Host': 'www.example',
    Via: '1.0 other, 1.1 postern',
  })
  const appended = fieldsOf(claims, { forwardedFor: 'append' })
  assert.equal(appended['X-Forwarded-For'], '10.0.0.1, 192.0.2.7')
  assert.equal(appended['X-Real-Ip'], undefined)
})

test('RFC 9110 7.2: Host is the client’s, another, or the upstream’s where there is none', () => {
  assert.equal(fieldsOf({ HTTP_HOST: 'a.example' })['Host'], 'a.example')
  assert.equal(fieldsOf({ HTTP_HOST: 'a.example' }, { host: 'b.example' })['Host'], 'b.example')
  assert.equal(fieldsOf({})['Host'], 'up.example:80')
})

test('CVE-2023-25690: nothing decoded goes into the request line or a field without being encoded anew', () => {
  const evil = ' HTTP/1.1\r\nX: y\r\n\r\nGET /secret'
  const target = upstreamTarget(
    requestOf({ REQUEST_URI: '/old', PATH_INFO: `/a${evil}`, QUERY_STRING: evil }).variables,
    false,
  )
  assert.match(target, /^[!-~]+$/)
  assert.ok(target.startsWith('/a%20HTTP/1.1%0D%0AX:%20y'))
  for (const value of Object.values(fieldsOf({ HTTP_X: evil, HTTP_HOST: evil }))) assert.doesNotMatch(value, /[\r\n\0]/)
})

const targets: readonly [uri: string, script: string, info: string, query: string, kept: string, stripped: string][] = [
  ['/app/a%2Fb?x=%20', '/app', '/a/b', 'x=%20', '/app/a%2Fb?x=%20', '/a%2Fb?x=%20'],
  ['/app', '/app', '', '', '/app', '/'],
  ['//app//x', '/app', '//x', '', '/app//x', '/x'],
  ['/y/../app/./z/', '/app', '/z/', '', '/app/z/', '/z/'],
  ['/app/%2e%2e/app/z', '/app', '/z', '', '/app/z', '/z'],
  // Rewritten or redirected on the way: what stood on the request line is not what is meant.
  ['/before?q', '/app', '/after it', 'n=1', '/app/after%20it?n=1', '/after%20it?n=1'],
  ['/app/\xfc', '/app', '/\xfc', '', '/app/%FC', '/%FC'],
]

for (const [uri, script, info, query, kept, stripped] of targets) {
  test(`RFC 9112 3.2: the target ${uri} for ${script} and ${info}`, () => {
    const { variables } = requestOf({ REQUEST_URI: uri, SCRIPT_NAME: script, PATH_INFO: info, QUERY_STRING: query })
    assert.equal(upstreamTarget(variables, false), kept)
    assert.equal(upstreamTarget(variables, true), stripped)
  })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

test('http: a request and its answer, as a CGI program would tell it, without fields of the connection', async () => {
  await using upstream = await httpUpstream(async (request, response) => {
    assert.equal(request.headers['content-length'], '4')
    assert.equal(request.headers['transfer-encoding'], undefined)
    response.setHeader('Connection', 'X-Private')
    response.setHeader('X-Private', '1')
    response.setHeader('Status', '500')
    response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    response.sendDate = false
    response.writeHead(201, 'Made', { 'Content-Type': 'text/plain' })
    response.end(`${request.method} ${request.url} ${await bodyOf(request)}`)
  })
  await using http = executor(upstream.address)
  const { output, failure, ending } = await outcomeOf(
    http.run(requestOf({ REQUEST_URI: '/a?b', PATH_INFO: '/a', QUERY_STRING: 'b' }, Buffer.from('body')), never),
  )
  assert.equal(failure, undefined)
  assert.equal(ending?.exitCode, 0)
  assert.equal(
    output,
    'Status: 201 Made\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Type: text/plain\r\n\r\nPOST /a?b body',
  )
})

test('RFC 9110 15.2: interim answers are not the answer', async () => {
  await using upstream = await httpUpstream((_, response) => {
    response.writeProcessing()
    response.writeEarlyHints({ link: '</x>; rel=preload' })
    response.end('ok')
  })
  await using http = executor(upstream.address)
  const { output } = await outcomeOf(http.run(requestOf(), never))
  assert.match(output, /^Status: 200 OK\r\n(?:.*\r\n)*\r\nok$/)
})

test('http: connections are kept for later requests, and closed when idle', async () => {
  await using upstream = await httpUpstream((_, response) => response.end('ok'))
  await using http = executor(upstream.address, { idleTimeoutMs: 200 })
  for (let request = 0; request < 5; request++) await outcomeOf(http.run(requestOf(), never))
  assert.equal(upstream.connections(), 1)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await outcomeOf(http.run(requestOf(), never))
  assert.equal(upstream.connections(), 2)
})

test('http: no listener is left over on a connection after 1,000 requests', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  try {
    await using upstream = await httpUpstream((request, response) => {
      request.resume()
      response.end('ok')
    })
    await using http = executor(upstream.address)
    for (let request = 0; request < 1000; request++) {
      assert.equal((await outcomeOf(http.run(requestOf({}, Buffer.from('x')), never))).failure, undefined)
    }
    await outcomeOf(http.run(requestOf({}, pieces(200, 65536), 200 * 65536), never))
    assert.equal(upstream.connections(), 1)
    assert.deepEqual(warnings, [])
  } finally {
    process.off('warning', onWarning)
  }
})

const small = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** The first request of each connection is answered; its second one finds it closed. */
function stale(): ReturnType<typeof fakeUpstream> {
  return fakeUpstream(async (socket) => {
    await received(socket, (text) => text.includes('\r\n\r\n'))
    socket.write(small)
    await received(socket, (text) => text.includes('\r\n\r\n'))
    socket.resetAndDestroy()
  }, 'tcp')
}

test('RFC 9112 9.3.1: a kept connection that proves closed: a safe request is sent once more, on a fresh one', async () => {
  await using upstream = await stale()
  await using http = executor(upstream.address)
  for (let request = 0; request < 4; request++) {
    assert.equal((await outcomeOf(http.run(requestOf(), never))).failure, undefined)
  }
  assert.ok(upstream.connections > 1)
})

test('RFC 9112 9.3.1: a request that is not safe, or whose body is gone, is never sent twice', async () => {
  await using upstream = await stale()
  await using http = executor(upstream.address)
  await outcomeOf(http.run(requestOf(), never))
  const post = await outcomeOf(http.run(requestOf({}, Buffer.from('x')), never))
  assert.equal(post.failure?.kind, 'upstream-closed')
  assert.equal(upstream.connections, 1)
  await outcomeOf(http.run(requestOf(), never))
  const streamed = await outcomeOf(http.run(requestOf({ REQUEST_METHOD: 'GET' }, pieces(1, 10), 10), never))
  assert.equal(streamed.failure?.kind, 'upstream-closed')
  assert.equal(upstream.connections, 2)
})

for (const kind of ['unix', 'tcp'] as const) {
  test(`http over ${kind}: an answer before the body was read, and a close, is the answer`, async () => {
    await using upstream = await fakeUpstream((socket) => {
      socket.pause()
      socket.write('HTTP/1.1 413 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno', () => socket.destroy())
    }, kind)
    await using http = executor(upstream.address)
    for (let round = 0; round < 20; round++) {
      const { output, failure } = await outcomeOf(http.run(requestOf({}, pieces(200, 65536), 200 * 65536), never))
      assert.equal(failure, undefined)
      assert.match(output, /^Status: 413 No\r\n[^]*\r\n\r\nno$/)
    }
  })
}

const faults: readonly [what: string, answer: string, kind: string][] = [
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc', 'upstream-fault'],
  [
    'a length and chunks',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n',
    'upstream-fault',
  ],
  ['a NUL in a field', 'HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n', 'upstream-fault'],
  ['no HTTP', 'SSH-2.0-OpenSSH\r\n', 'upstream-fault'],
  ['a head without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`, 'upstream-fault'],
  ['half a head', 'HTTP/1.1 200 OK\r\nX: y', 'upstream-fault'],
  [
    'another protocol',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    'upstream-fault',
  ],
  ['nothing', '', 'upstream-closed'],
  ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc', 'body-cut-short'],
  ['chunks without the last', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'body-cut-short'],
  ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n', 'body-cut-short'],
]

for (const [what, answer, kind] of faults) {
  test(`RFC 9112: an upstream that answers with ${what} is ${kind}`, async () => {
    await using upstream = await fakeUpstream(async (socket) => {
      await received(socket, (text) => text.includes('\r\n\r\n'))
      socket.end(answer)
    })
    await using http = executor(upstream.address)
    const { failure, ending } = await outcomeOf(http.run(requestOf(), never))
    assert.equal(failure?.kind, kind)
    assert.equal(ending?.exitCode, null)
  })
}

test('http: a client that leaves while the answer comes, or while the connection is made, ends the request', async () => {
  await using upstream = await fakeUpstream((socket) => socket.resume())
  await using http = executor(upstream.address)
  const gone = new AbortController()
  const started = await http.run(requestOf(), gone.signal)
  assert.ok(started.kind === 'running')
  gone.abort()
  assert.equal((await outcomeOf(started)).output, '')
  assert.ok(
    await eventually(() => upstream.sockets.size === 0 || [...upstream.sockets].every((s) => s.readableEnded), 5000),
  )
  const late = new AbortController()
  const starting = http.run(requestOf(), late.signal)
  late.abort()
  assert.equal((await outcomeOf(starting)).failure?.kind, 'client-gone')
})

test('http: nobody there is unreachable', async () => {
  await using http = executor({ kind: 'unix', path: '/nonexistent/socket' })
  const { failure } = await outcomeOf(http.run(requestOf(), never))
  assert.deepEqual(failure, { kind: 'unreachable', address: 'unix:/nonexistent/socket', code: 'ENOENT' })
})

test('RFC 9110 8.6: the Content-Length of an answer to HEAD, or of a 304, is no body that was cut short', async () => {
  await using upstream = await httpUpstream((request, response) => {
    response.setHeader('Content-Length', '1234')
    response.setHeader('Content-Type', 'text/plain')
    response.statusCode = request.url === '/same' ? 304 : 200
    response.end()
  })
  assert.ok(upstream.address.kind === 'tcp')
  const failed: GatewayEvent[] = []
  const ended: GatewayEvent[] = []
  await using gateway = createGateway({
    routes: [{ path: '/', to: proxy(`127.0.0.1:${upstream.address.port}`) }],
    observe: (event) => {
      if (event.type === 'script-failed') failed.push(event)
      if (event.type === 'program-ended') ended.push(event)
    },
  })
  for (const request of [new Request('http://a.example/', { method: 'HEAD' }), new Request('http://a.example/same')]) {
    const response = await gateway.fetch(request)
    assert.equal(await response.text(), '')
  }
  assert.ok(await eventually(() => ended.length === 2, 5000))
  assert.deepEqual(failed, [])
})

for (const [when, steps] of [
  ['before any of it was asked for', 0],
  ['while its first bytes are waited for', 1],
] as const) {
  test(`http: output that is left ${when} ends the request and its connection`, async () => {
    await using upstream = await fakeUpstream((socket) => void socket.resume().on('end', () => socket.end()))
    await using http = executor(upstream.address)
    const started = await http.run(requestOf(), never)
    assert.ok(started.kind === 'running')
    const output = started.running.output[Symbol.asyncIterator]()
    for (let step = 0; step < steps; step++) void output.next()
    await output.return?.()
    assert.equal((await started.running.ending).exitCode, null)
    assert.ok(await eventually(() => upstream.sockets.size === 0, 5000))
  })
}

async function* stalls(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('begun')
  await new Promise(() => {})
}

test('RFC 9112 9.3: a whole answer before the body has been sent costs the connection, whatever its sender does', async () => {
  await using upstream = await fakeUpstream(async (socket) => {
    await received(socket, (text) => text.includes('\r\n\r\n'))
    socket.resume().on('end', () => socket.end())
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
  await using http = executor(upstream.address)
  const { output, failure } = await outcomeOf(http.run(requestOf({}, stalls(), 100), never))
  assert.equal(failure, undefined)
  assert.match(output, /ok$/)
  assert.ok(await eventually(() => upstream.sockets.size === 0, 5000))
})
