// Field notes 3.4: a script's local redirect gives no rights that a client's own GET would not have.

import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cgi, createGateway } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { environmentOf, environmentScript, field, typed, visit, watch } from './support.ts'

const to = (location: string, more = ''): string =>
  `#!/bin/sh\ncat > /dev/null\nprintf '%s\\n' 'Location: ${location}' ${more}\necho\n`

const site = temporarySite({
  'file.txt': 'file\n',
  '.secret': 'S3CRET',
  'cgi-bin/env': environmentScript,
  'cgi-bin/lib.pm': 'S3CRET',
  'cgi-bin/to-env': to('/cgi-bin/env/info?query'),
  'cgi-bin/to-file': to('/file.txt'),
  'cgi-bin/again': `#!/bin/sh\necho x >> again.log\necho "Location: /cgi-bin/again"\necho\n`,
  'cgi-bin/count': `#!/bin/sh\nif [ "$QUERY_STRING" -gt 0 ]; then echo "Location: /cgi-bin/count?$((QUERY_STRING - 1))"; echo; else\n${typed}echo end; fi\n`,
})
process.on('exit', () => site[Symbol.dispose]())
const server = await watch(site.root)
test.after(() => server.destroy())

let made = 0
function redirect(location: string, more = ''): string {
  const name = `to-${made++}`
  site.add(`cgi-bin/${name}`, to(location, more))
  return `/cgi-bin/${name}`
}

test('CVE-2024-38476, CVE-2026-42356: a local redirect is a GET without a body, whatever came before', async () => {
  const fields = ['Content-Type: text/secret']
  const variables = environmentOf(
    await visit(server.url, '/cgi-bin/to-env', { method: 'POST', body: 'secret', fields }),
  )
  const seen = ['REQUEST_METHOD', 'QUERY_STRING', 'PATH_INFO', 'CONTENT_LENGTH', 'CONTENT_TYPE'].map((name) =>
    variables.get(name),
  )
  assert.deepEqual(seen, ['GET', 'query', '/info', undefined, undefined])
  assert.equal(variables.get('REDIRECT_REQUEST_METHOD'), 'POST')
})

test('RFC 3875 6.2.2: at most five local redirects, then 502; a circle ends', async () => {
  assert.equal((await visit(server.url, '/cgi-bin/count?5')).rest, 'end\n')
  assert.equal((await visit(server.url, '/cgi-bin/count?6')).status, 502)
  assert.equal((await visit(server.url, '/cgi-bin/again')).status, 502)
  await using none = await watch(site.root, { maxLocalRedirects: 0 })
  assert.equal((await visit(none.url, '/cgi-bin/count?0')).rest, 'end\n')
  assert.equal((await visit(none.url, '/cgi-bin/count?1')).status, 502)
})

test('CVE-2024-38474, CVE-2024-38475: the target is judged as if a client had asked for it', async () => {
  symlinkSync('/etc/passwd', join(site.root, 'passwd'))
  const refused: readonly (readonly [string, number])[] = [
    ['/../etc/passwd', 502],
    ['/..%2f..%2fetc/passwd', 404],
    ['/%2e%2e/etc/passwd', 502],
    ['/.secret', 404],
    ['/%2esecret', 404],
    ['/passwd', 403],
    ['/cgi-bin/lib.pm', 403],
    ['/cgi-bin/', 403],
    ['/cgi-bin//lib.pm', 403],
    ['/file.txt/x.cgi', 404],
    ['/file.txt%00', 502],
    ['/file.txt%0d%0aX:y', 502],
    ['/none', 404],
    ['/file.txt#x', 302],
    ['/%zz', 502],
  ]
  for (const [location, status] of refused) {
    const answer = await visit(server.url, redirect(location))
    assert.equal(answer.status, status, location)
    assert.doesNotMatch(answer.raw, /S3CRET|root:.*:0:0:/, location)
  }
  assert.equal((await visit(server.url, redirect('/file.txt'))).rest, 'file\n')
})

test('RFC 3875 6.2.2: a path of another host, or an answer with other fields, is the client’s to follow', async () => {
  const cases: readonly (readonly [string, string])[] = [
    ['//evil.example/x', ''],
    ['http://evil.example/', ''],
    ['file:///etc/passwd', ''],
    ['/file.txt', "'Set-Cookie: a=b'"],
    ['/file.txt', "'Status: 303 See Other'"],
    ['javascript:alert(1)', ''],
  ]
  for (const [location, more] of cases) {
    const answer = await visit(server.url, redirect(location, more))
    assert.ok(answer.status === 302 || answer.status === 303, `${location}: ${answer.status}`)
    assert.equal(field(answer, 'location'), location)
    assert.doesNotMatch(answer.raw, /root:.*:0:0:|file\n/)
  }
})

test('CVE-2024-38476: a local redirect reaches public routes alone, never a folder beside them', async () => {
  await using gateway = createGateway({ routes: [{ path: '/scripts', to: cgi(join(site.root, 'cgi-bin')) }] })
  for (const location of ['/file.txt', '/cgi-bin/env', '/scripts/../file.txt', '/scripts/%2e%2e/file.txt']) {
    const response = await gateway.fetch(
      new Request(`http://a/scripts/${redirect(location).slice('/cgi-bin/'.length)}`),
    )
    assert.equal(response.status, 404, location)
  }
})

test('RFC 9110 9.3.2: after HEAD a local redirect has no body either', async () => {
  const { status, rest, fields } = await visit(server.url, '/cgi-bin/to-file', { method: 'HEAD' })
  assert.deepEqual([status, rest, fields.find(([name]) => name === 'content-length')?.[1]], [200, '', '5'])
})

test('a conditional or ranged request is not answered from a script’s redirect with what it did not ask for', async () => {
  const { status, rest } = await visit(server.url, '/cgi-bin/to-file', { fields: ['Range: bytes=0-1'] })
  assert.deepEqual([status, rest], [206, 'fi'])
})
