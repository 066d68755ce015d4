// DNS rebinding: a page of a name that its owner turns to this machine is of this server's origin, and reads what it
// answers. Its Host tells. In development, names that nobody has allowed are refused before anything else is looked at.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGateway, folder, serve } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { exchangeBytes, parseAnswer } from '../support/wire.ts'
import { fronts, watch } from './support.ts'

const site = temporarySite({
  'index.html': 'home\n',
  'cgi-bin/hello': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n$SERVER_NAME\\n"\n',
  'cgi-bin/broken': '#!/bin/sh\necho S3CRET >&2\nexit 3\n',
})
process.on('exit', () => site[Symbol.dispose]())

async function status(url: string, host: string, target = '/'): Promise<number> {
  const raw = await exchangeBytes(url, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, 5000)
  return parseAnswer(raw).status
}

const local = ['127.0.0.1', '127.0.0.1:8080', '192.0.2.7', '[::1]:80', 'localhost', 'LocalHost:8080', 'a.localhost', '']
const foreign = [
  'evil.example',
  'evil.example:8080',
  'EVIL.example.',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'notlocalhost',
  '%6cocalhost',
  '0x7f000001',
  'a.example',
  '[::1::]',
  'a;reboot',
]

test('DNS rebinding: in development a name that nobody allowed is 421, whatever it asks for', async () => {
  await using server = await watch(site.root, { dev: true })
  for (const host of local) assert.equal(await status(server.url, host), 200, host)
  for (const host of foreign) {
    for (const target of ['/', '/cgi-bin/hello', '/cgi-bin/broken', '/none', '*'])
      assert.equal(await status(server.url, host, target), target === '*' ? 400 : 421, `${host} ${target}`)
  }
  assert.equal(
    server.events.some(({ type }) => type === 'program-started'),
    false,
  )
})

test('DNS rebinding: the name counts that the target names, and OPTIONS * is no way around', async () => {
  await using server = await watch(site.root, { dev: true })
  assert.equal(await status(server.url, 'localhost', 'http://evil.example/'), 421)
  assert.equal(await status(server.url, 'evil.example', 'http://localhost/'), 200)
  const raw = await exchangeBytes(
    server.url,
    'OPTIONS * HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    5000,
  )
  assert.equal(parseAnswer(raw).status, 421)
})

test('RFC 9112 3.2: a request of HTTP/1.0 without Host is answered; no browser sends one', async () => {
  await using server = await watch(site.root, { dev: true })
  assert.equal(parseAnswer(await exchangeBytes(server.url, 'GET / HTTP/1.0\r\n\r\n', 5000)).status, 200)
})

test('DNS rebinding: page and log name the mend; the page tells nothing of a script', async () => {
  await using server = await watch(site.root, { dev: true })
  const ask = (host: string): Promise<string> =>
    exchangeBytes(server.url, `GET /cgi-bin/broken HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, 5000)
  const page = await ask('site.test:8080')
  assert.match(page, /<code>--allowed-hosts site\.test<\/code>/)
  assert.match(page, /allowedHosts/)
  assert.doesNotMatch(page, /S3CRET|broken/)
  assert.match(await ask('a;reboot'), /<code>--allowed-hosts NAME<\/code>/)
  const refused = server.events.find((event) => event.type === 'request-refused')
  assert.match(refused?.why ?? '', /"site\.test".*allowedHosts/)
})

test('DNS rebinding: names of its own, and allowed ones, are answered', async () => {
  await using server = await watch(site.root, {
    dev: true,
    serverName: 'WWW.example.org',
    allowedHosts: ['site.test', '.Internal.example', '[2001:db8::1]'],
  })
  for (const host of [...local, 'www.example.org', 'SITE.test.', 'internal.example', 'a.b.internal.example:81']) {
    assert.equal(await status(server.url, host), 200, host)
  }
  for (const host of ['a.site.test', 'evilinternal.example', 'example.org', 'evil.example']) {
    assert.equal(await status(server.url, host), 421, host)
  }
})

test('Postern: in production every name is answered, unless there is a list; then it is all that counts', async () => {
  await using open = await watch(site.root)
  for (const host of ['evil.example', 'a', '192.0.2.7']) assert.equal(await status(open.url, host), 200, host)
  await using closed = await watch(site.root, { allowedHosts: ['www.example.org', '::1'], serverName: 'example.org' })
  for (const host of ['www.example.org', 'example.org', '127.0.0.1', '[::1]', ''])
    assert.equal(await status(closed.url, host), 200, host)
  for (const host of ['evil.example', 'localhost', '192.0.2.7']) assert.equal(await status(closed.url, host), 421, host)
})

test('DNS rebinding: the rule is the same for a library in every frontend', async () => {
  for (const make of fronts) {
    await using refusing = await make(site.root, { dev: true })
    assert.equal((await refusing.ask('/cgi-bin/hello')).status, 421, refusing.name)
    await using allowing = await make(site.root, { dev: true, allowedHosts: ['a'] })
    assert.equal((await allowing.ask('/cgi-bin/hello')).text, 'a\n', allowing.name)
  }
})

test('Postern: an allowed host that is no name is a TypeError that shows it', async () => {
  const routes = [{ path: '/', to: folder(site.root) }]
  for (const name of [
    '',
    '.',
    '*',
    '*.a.example',
    'a.example:80',
    'http://a.example',
    'a b',
    'a..b',
    'ä.example',
    '-',
  ]) {
    const refused = { name: 'TypeError', message: /allowed host.*without scheme and port/ }
    assert.throws(() => createGateway({ routes, allowedHosts: [name] }), refused, name)
    await assert.rejects(serve(site.root, { port: 0, allowedHosts: [name] }), refused, name)
  }
})
