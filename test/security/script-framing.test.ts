// Field notes 3.4: the framing of an answer is the server's. No script may end it elsewhere, or begin the next.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangeBytes } from '../support/wire.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { readAnswers } from '../wire/read-answers.ts'
import { sayer, typed, visit, watch } from './support.ts'

const site = temporarySite({ 'cgi-bin/plain': `#!/bin/sh\n${typed}echo plain\n` })
process.on('exit', () => site[Symbol.dispose]())
const server = await watch(site.root)
test.after(() => server.destroy())
const says = sayer(site)

const text = 'Content-Type: text/plain\n'

test('CVE-2024-42516, CVE-2026-63718: a script that sets Transfer-Encoding is 502', async () => {
  for (const coding of ['chunked', 'identity', 'gzip', '', 'Chunked']) {
    assert.equal(
      (await visit(server.url, says(`${text}Transfer-Encoding: ${coding}\n\n5\r\nhello\r\n0\r\n\r\n`))).status,
      502,
      coding,
    )
    assert.equal(
      (await visit(server.url, says(`${text}TRANSFER-ENCODING: ${coding}\nContent-Length: 3\n\nabc`))).status,
      502,
      coding,
    )
  }
})

test('lighttpd ticket 3309, CVE-2024-24795: a Content-Length that is no number, or two, is 502', async () => {
  for (const length of ['', '-1', '+5', '0x5', '5, 5', '5,6', '5 5', '5.0', '99999999999999999999', '5a', '\xb9']) {
    assert.equal((await visit(server.url, says(`${text}Content-Length: ${length}\n\nhello`))).status, 502, length)
  }
  assert.equal((await visit(server.url, says(`${text}Content-Length: 5\nContent-Length: 6\n\nhello!`))).status, 502)
  assert.equal((await visit(server.url, says(`${text}Content-Length: 5\ncontent-length: 5\n\nhello`))).rest, 'hello')
  for (const name of ['Content-Type', 'Location', 'Status']) {
    const [one, two] = name === 'Status' ? ['200', '201'] : ['/a', '/b']
    assert.equal((await visit(server.url, says(`${name}: ${one}\n${name}: ${two}\n${text}\nx`))).status, 502, name)
  }
})

/** Two pipelined requests; the second answer must be its own, or not come. */

async function followed(target: string, method = 'GET'): Promise<ReturnType<typeof readAnswers>> {
  const bytes = `${method} ${target} HTTP/1.1\r\nHost: a\r\n\r\nGET /cgi-bin/plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
  return readAnswers(await exchangeBytes(server.url, bytes, 3000), [method, 'GET'], true)
}

const smuggled = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nevil!'

test('CVE-2024-24795, CVE-2023-27522: a body longer than its Content-Length is cut, and is not the next answer', async () => {
  const { final, left } = await followed(says(`${text}Content-Length: 3\n\nabc${smuggled}`))
  assert.deepEqual(
    final.map(({ rest }) => rest),
    ['abc', 'plain\n'],
  )
  assert.equal(left, '')
})

test('CVE-2024-24795: a body shorter than its Content-Length breaks the connection off', async () => {
  const { final, left } = await followed(says(`${text}Content-Length: 100\n\nabc`))
  assert.deepEqual(final, [])
  assert.doesNotMatch(left, /plain\n/)
})

test('CVE-2024-24795: a body where none may be is not the next answer (HEAD, 204, 205, 304)', async () => {
  const cases: readonly (readonly [string, string])[] = [
    [`${text}Content-Length: 5\n\nhello${smuggled}`, 'HEAD'],
    [`${text}\n${smuggled}`, 'HEAD'],
    [`Status: 204\n${text}Content-Length: 5\n\nhello${smuggled}`, 'GET'],
    [`Status: 204\n${text}\n${smuggled}`, 'GET'],
    [`Status: 205\n${text}Content-Length: 5\n\nhello${smuggled}`, 'GET'],
    [`Status: 205\n${text}\n${smuggled}`, 'GET'],
    [`Status: 304\n${text}Content-Length: 5\n\nhello${smuggled}`, 'GET'],
    [`Status: 304\n${text}\n${smuggled}`, 'GET'],
  ]
  for (const [output, method] of cases) {
    const { final, left } = await followed(says(output), method)
    const shown = JSON.stringify([output, method, final.map(({ raw }) => raw)])
    assert.deepEqual(
      final.map(({ rest }) => rest),
      ['', 'plain\n'],
      shown,
    )
    assert.equal(left, '', shown)
  }
})

test('RFC 9110 15.2: a script cannot answer with 1xx, and an NPH script not with 101 at the end', async () => {
  assert.equal((await visit(server.url, says(`Status: 101\n${text}Upgrade: x\n\n${smuggled}`))).status, 502)
  const { status, raw } = await visit(
    server.url,
    says(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n`, 'nph-'),
  )
  assert.equal(status, 502)
  assert.doesNotMatch(raw, /Switching/)
})

test('RFC 9110 7.6.1: fields of the connection, and those that Connection names, are not passed on', async () => {
  const head = [
    'Connection: keep-alive, X-Named',
    'X-Named: x',
    'Keep-Alive: timeout=9999',
    'Upgrade: websocket',
    'Proxy-Connection: x',
    'TE: trailers',
    'Trailer: X-T',
    'Proxy-Authenticate: Basic',
    'X-Kept: x',
  ]
  const { status, fields } = await visit(server.url, says(`${text}${head.join('\n')}\n\nbody`))
  assert.equal(status, 200)
  const names = fields.map(([name]) => name)
  for (const name of ['x-named', 'keep-alive', 'upgrade', 'proxy-connection', 'te', 'trailer', 'proxy-authenticate'])
    assert.equal(names.includes(name), false, name)
  assert.ok(names.includes('x-kept'))
  assert.deepEqual(
    fields.filter(([name]) => name === 'connection'),
    [['connection', 'close']],
  )
})
