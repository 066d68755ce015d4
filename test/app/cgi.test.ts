// Applications as CGI programs: one process, one request, over its environment and standard streams.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { runCgi, startApplication, until } from './run-application.ts'

const applications = ['bare.mjs', 'hono.mjs', 'express.mjs', 'fastify.mjs']

for (const name of applications) {
  test(`RFC 3875 6.2.1: ${name} answers as a CGI program, below its SCRIPT_NAME`, async () => {
    const [hello, echo] = await Promise.all([
      runCgi(name, '/hello', { QUERY_STRING: 'a=1&b' }),
      runCgi(
        name,
        '/echo',
        { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '5', CONTENT_TYPE: 'text/x-own' },
        'helloAND MORE',
      ),
    ])
    assert.equal(hello.status, '200 OK')
    assert.equal(hello.body, 'GET /hello ?a=1&b\n')
    assert.deepEqual(hello.exit, [0, null])
    // RFC 3875 4.2: CONTENT_LENGTH bytes, whatever follows.
    assert.equal(echo.body, 'hello')
    assert.ok(echo.fields.some((line) => /^x-length: 5$/i.test(line)))
    assert.ok(echo.fields.some((line) => /^content-type: text\/x-own/i.test(line)))
  })

  test(`RFC 3875 6.3: ${name}: two cookies stay two, a status is kept, a throw is 500`, async () => {
    const [cookies, teapot, thrown] = await Promise.all([
      runCgi(name, '/cookies'),
      runCgi(name, '/status/418'),
      runCgi(name, '/throw'),
    ])
    assert.equal(cookies.fields.filter((line) => /^set-cookie: /i.test(line)).length, 2)
    assert.match(teapot.status, /^418 /)
    assert.match(thrown.status, /^500 /)
    assert.doesNotMatch(thrown.body, /applications|node_modules/, 'no stack to the client')
  })
}

test('Postern: what a handler throws is told on standard error, and nothing of it to the client', async () => {
  const { status, body, log, fields } = await runCgi('bare.mjs', '/throw')
  assert.equal(status, '500 Internal Server Error')
  assert.equal(body, 'Internal Server Error\n')
  assert.match(log, /^Error: thrown by the handler\n {4}at /)
  assert.doesNotMatch(fields.join('\n'), /thrown/)
  const nothing = await runCgi('probe.mjs', '/nothing')
  assert.equal(nothing.status, '500 Internal Server Error')
  assert.match(nothing.log, /answered with undefined, and not with a Response/)
})

test('RFC 3875 4.3.3: HEAD is answered without a body, with the length that there would be', async () => {
  const { body, fields } = await runCgi('express.mjs', '/hello', { REQUEST_METHOD: 'HEAD' })
  assert.equal(body, '')
  assert.ok(fields.includes('Content-Length: 14') || fields.includes('Content-Length: 13'), fields.join())
  assert.equal((await runCgi('bare.mjs', '/hello', { REQUEST_METHOD: 'HEAD' })).body, '')
})

test('Postern: the context of a CGI program has every variable as it was sent, byte for byte', async () => {
  const { body } = await runCgi('probe.mjs', '/context', {
    SSL_CLIENT_S_DN: 'CN=someone',
    REMOTE_USER: 'anna',
    AUTH_TYPE: 'Basic',
    QUERY_STRING: 'x=%E9',
    HTTP_X_TEXT: 'é',
  })
  const seen: unknown = JSON.parse(Buffer.from(body, 'latin1').toString('utf8'))
  assert.ok(typeof seen === 'object' && seen !== null && 'variables' in seen)
  const { variables, ...rest } = seen
  assert.deepEqual(rest, {
    gateway: 'cgi',
    peer: { address: '192.0.2.1', port: 0 },
    user: { name: 'anna', authType: 'Basic' },
    mount: '/cgi-bin/probe.mjs',
    url: 'http://a.example/context?x=%E9',
  })
  assert.ok(typeof variables === 'object' && variables !== null)
  const of = new Map(Object.entries(variables))
  assert.equal(of.get('SSL_CLIENT_S_DN'), 'CN=someone')
  assert.equal(of.get('HTTP_X_TEXT'), 'Ã©', 'the bytes of its UTF-8')
})

test('Postern: variables that cannot be a request are 400, and no handler runs', async () => {
  for (const [name, value] of [
    ['CONTENT_LENGTH', '12x'],
    ['CONTENT_LENGTH', '-5'],
    ['CONTENT_LENGTH', '99999999999999999999'],
    ['HTTP_X', 'a\r\nX-Injected: 1'],
    ['HTTP_HOST', 'a b'],
    ['HTTP_HOST', 'a/../b'],
  ] as const) {
    const { status, body } = await runCgi('probe.mjs', '/', { [name]: value })
    assert.match(status, /^400 /, `${name}=${value}`)
    assert.doesNotMatch(body, /hello/)
  }
})

test('Security: methods that echo or tunnel are refused; a body larger than maxBody is 413 by its announced length', async () => {
  assert.match((await runCgi('bare.mjs', '/hello', { REQUEST_METHOD: 'TRACE' })).status, /^405 /)
  assert.match((await runCgi('bare.mjs', '/hello', { REQUEST_METHOD: 'G(T' })).status, /^400 /)
  const large = { REQUEST_METHOD: 'POST', CONTENT_LENGTH: String(2 ** 40) }
  assert.match((await runCgi('bare.mjs', '/upload', large)).status, /^413 /)
  assert.match((await runCgi('express.mjs', '/hello', { REQUEST_METHOD: 'FOO' })).status, /^501 /)
})

test('RFC 3875 4.2: a body shorter than announced is 400, and not taken for a whole one', async () => {
  for (const name of ['bare.mjs', 'express.mjs']) {
    const { status } = await runCgi(name, '/upload', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '10' }, 'five!')
    assert.match(status, /^(?:400|500) /, name)
  }
})

test('CVE-2012-1823: RFC 3875 4.4: words of the query do not make a CGI program listen', async () => {
  const { status, body } = await runCgi('bare.mjs', '/hello', {}, '', ['--listen', 'http:127.0.0.1:0'])
  assert.equal(status, '200 OK')
  assert.equal(body, 'GET /hello \n')
})

test('Postern: waitUntil keeps a CGI program until it is settled, after its answer; a rejection is a line of the log', async () => {
  const later = await runCgi('probe.mjs', '/later')
  assert.equal(later.body, 'now\n')
  assert.equal(later.notes(), 'later: done\n')
  assert.deepEqual(later.exit, [0, null])
  const rejected = await runCgi('probe.mjs', '/rejected')
  assert.equal(rejected.body, 'now\n')
  assert.match(rejected.log, /Error: rejected later/)
  assert.deepEqual(rejected.exit, [0, null])
})

test('Postern: diagnostics are lines on standard error, in UTF-8', async () => {
  const { log, body } = await runCgi('probe.mjs', '/diagnostics')
  assert.equal(log, 'a line, Ã©\n')
  assert.equal(body, 'said\n')
})

test('Postern: a CGI program whose program holds something open ends all the same', async () => {
  const { body, exit } = await runCgi('probe.mjs', '/held')
  assert.equal(body, 'held\n')
  assert.deepEqual(exit, [0, null])
})

test('Postern: an answer that breaks off in the middle is told, and the program ends with status 1', async () => {
  const { body, exit, log } = await runCgi('probe.mjs', '/broken')
  assert.equal(body, 'a part')
  assert.match(log, /in the middle/)
  assert.deepEqual(exit, [1, null])
})

test('Postern: SIGTERM, and a web server that reads no more, abort the signal of a CGI program', async () => {
  const environment = {
    GATEWAY_INTERFACE: 'CGI/1.1',
    REQUEST_METHOD: 'GET',
    SCRIPT_NAME: '/x',
    SERVER_NAME: 'a.example',
    SERVER_PORT: '80',
    SERVER_PROTOCOL: 'HTTP/1.0',
  }
  await using waiting = startApplication('probe.mjs', { environment: { ...environment, PATH_INFO: '/wait' } })
  await until(
    () => waiting.notes().includes('begun'),
    () => waiting.log(),
  )
  waiting.child.kill('SIGTERM')
  await waiting.exited
  assert.match(waiting.notes(), /wait: aborted/)
  await using endless = startApplication('probe.mjs', { environment: { ...environment, PATH_INFO: '/endless' } })
  const { stdout } = endless.child
  assert.ok(stdout !== null)
  await once(stdout, 'data')
  stdout.destroy()
  await endless.exited
  assert.match(endless.notes(), /endless: left/)
})

test('CVE-2016-5385 (httpoxy): a field Proxy that the web server lets through is in no environment, and not among the variables', async () => {
  const { body } = await runCgi('probe.mjs', '/httpoxy', { HTTP_PROXY: 'http://evil.example', HTTP_PROXYING: 'stays' })
  assert.deepEqual(JSON.parse(body), { environment: null, variables: ['HTTP_PROXYING'] })
})

for (const path of ['/split-reason', '/split-field', '/split-name', '/status-999999', '/status-text']) {
  test(`CWE-113: an object that only looks like a Response begins no field and no answer of its own (${path})`, async () => {
    const { status, fields, log } = await runCgi('probe.mjs', path)
    assert.equal(status, '500 Internal Server Error')
    assert.doesNotMatch(fields.join('\n'), /evil/)
    assert.match(log, /^TypeError: the handler answered with /)
  })
}

test('Postern: a listener that is not marked as one is 500, and the log says how it is marked', async () => {
  const { status, body, log } = await runCgi('unmarked.mjs', '/')
  assert.match(status, /^500 /)
  assert.doesNotMatch(body, /listener/)
  assert.match(log, /^A listener \(req, res\) is served by listener\(handler\)\.$/m)
})
