// Field notes 3.4: what a script's answer may do to the answer that a client gets, and to the one after it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporarySite } from '../support/temporary-site.ts'
import { field, sayer, typed, visit, watch } from './support.ts'

const site = temporarySite({ 'cgi-bin/plain': `#!/bin/sh\n${typed}echo plain\n` })
process.on('exit', () => site[Symbol.dispose]())
const server = await watch(site.root)
test.after(() => server.destroy())

const says = sayer(site)

const text = 'Content-Type: text/plain\n'

test('CVE-2023-38709, CVE-2024-24795, CVE-2018-1000164: a head with a control character is 502, and nothing of it is passed on', async () => {
  const lines = [
    'X-A: one\rSet-Cookie: stolen=1',
    'X-A: one\r\rX-B: two',
    'X-A: o\0ne',
    'X-A: o\x07ne',
    'X-A: o\x7fne',
    'X-A: one\x0bSet-Cookie: stolen=1',
    'X-A: one\x0cb',
    'X-A\r: one',
    'X-A\0: one',
    'X A: one',
    'X-A : one',
    ': one',
    'X-Ä: one',
    'X-A;: one',
    'no colon',
    ' folded: one',
    '\tfolded: one',
    '\x00',
    'X-A\n',
    '{"json": true}',
    '<html>',
  ]
  for (const line of lines) {
    for (const target of [
      says(`${text}${line}\n\nbody`),
      says(`${line}\n${text}\nbody`),
      says(`${text}${line}\r\n\r\nbody`),
    ]) {
      const { status, raw } = await visit(server.url, target)
      const isCutShort = line === 'X-A\n'
      assert.equal(status, 502, JSON.stringify(line))
      assert.doesNotMatch(raw, /stolen|\nX-B|X-A/, JSON.stringify([line, isCutShort]))
    }
  }
})

test('CVE-2023-38709: a status that is none is 502, with any control character in it', async () => {
  for (const status of [
    '99',
    '100 Continue',
    '101 Switching',
    '199',
    '600',
    '999',
    '1000',
    '20',
    '2000 OK',
    '+200',
    '0x200',
    'OK',
    '',
    '200 O\rK',
    '200 O\0K',
    '200OK',
    '-200',
    '200.5',
    '200,200',
  ]) {
    assert.equal(
      (await visit(server.url, says(`Status: ${status}\n${text}\nbody`))).status,
      502,
      JSON.stringify(status),
    )
  }
  const { status, reason } = await visit(server.url, says(`Status: 418 \xe9\ttea\n${text}\nbody`))
  assert.deepEqual([status, reason], [418, '\xe9\ttea'])
})

test('CVE-2023-38709: the status line of an NPH script is held to the same grammar', async () => {
  for (const line of [
    'HTTP/1.1 200 O\0K',
    'HTTP/1.1 200 O\x07K',
    'HTTP/1.1 200 O\rK',
    'HTTP/1.1 200 O\rSet-Cookie: stolen=1',
    'HTTP/1.1 200 \x7f',
    'HTTP/1.1 200 \x1b[2J',
    'HTTP/1.1 20',
    'HTTP/2 200',
    'HTTP/1.1 600 x',
    'HTTP/1.1  200 OK',
    'HTTP/1.1\t200 OK',
  ]) {
    const { status, raw } = await visit(server.url, says(`${line}\r\n${text}\r\nbody`, 'nph-'))
    assert.equal(status, 502, JSON.stringify(line))
    assert.doesNotMatch(raw, /stolen/)
  }
  assert.equal((await visit(server.url, '/cgi-bin/plain')).rest, 'plain\n')
})

test('CVE-2025-61780, CVE-2026-7381: instructions to servers stay inside, and send no file', async () => {
  const names = [
    'X-Sendfile',
    'X-SendFile-Type',
    'X-Accel-Redirect',
    'X-Accel-Buffering',
    'X-Accel-Expires',
    'X-Accel-Mapping',
    'X-LIGHTTPD-send-file',
    'X-Sendfile2',
    'X-LIGHTTPD-send-tempfile',
  ]
  for (const name of names) {
    const { rest, fields } = await visit(server.url, says(`${text}${name}: /etc/passwd\n\nbody`))
    assert.equal(rest, 'body', name)
    assert.equal(
      fields.some(([key]) => key === name.toLowerCase()),
      false,
      name,
    )
  }
})

test('CVE-2020-24553: a body without Content-Type is refused, or text/plain with nosniff, never HTML', async () => {
  const html = '<html><script>alert(1)</script>'
  for (const head of ['X-A: b', 'Status: 200', 'Content-Length: 5', 'Status: 404', 'Status: 500']) {
    const refused = await visit(server.url, says(`${head}\n\n${html}`))
    assert.equal(refused.status, 502, head)
    assert.doesNotMatch(refused.rest, /alert/)
  }
  await using lenient = await watch(site.root, { untyped: 'plain' })
  const plain = await visit(lenient.url, says(`X-A: b\n\n${html}`))
  assert.deepEqual(
    [plain.status, field(plain, 'content-type'), field(plain, 'x-content-type-options')],
    [200, 'text/plain', 'nosniff'],
  )
  const redirect = await visit(server.url, says(`Location: http://a/\n\n${html}`))
  assert.deepEqual(
    [redirect.status, field(redirect, 'content-type'), field(redirect, 'x-content-type-options')],
    [302, 'text/plain', 'nosniff'],
  )
})

test('CVE-2026-42946, CVE-2021-36160: a head without an end, or of one endless line, is 502, soon and in little memory', async () => {
  site.add('cgi-bin/endless-line', '#!/bin/sh\nexec cat /dev/zero\n')
  site.add('cgi-bin/endless-letters', "#!/bin/sh\nprintf 'X-A: '\nexec tr '\\0' a < /dev/zero\n")
  site.add('cgi-bin/endless-fields', '#!/bin/sh\nexec yes "X-A: b"\n')
  site.add('cgi-bin/endless-interim', '#!/bin/sh\nmv=1\nexec yes "HTTP/1.1 103 Early\n"\n')
  const before = process.memoryUsage.rss()
  for (const name of ['endless-line', 'endless-letters', 'endless-fields']) {
    const since = performance.now()
    assert.equal((await visit(server.url, `/cgi-bin/${name}`)).status, 502, name)
    assert.ok(performance.now() - since < 2000, name)
  }
  assert.ok(process.memoryUsage.rss() - before < 100 * 1024 * 1024)
  assert.equal((await visit(server.url, says(`X-A: ${'x'.repeat(65_000)}\n${text}\nbody`))).status, 200)
  assert.equal((await visit(server.url, says(`X-A: ${'x'.repeat(66_000)}\n${text}\nbody`))).status, 502)
})

test('a value of very many spaces does not hold the server up (quadratic expressions)', async () => {
  const target = says(`X-A: a${' '.repeat(60_000)}b\nStatus: 200${'\t'.repeat(1000)}OK\n${text}\nbody`)
  const since = performance.now()
  assert.equal((await visit(server.url, target)).status, 200)
  assert.ok(performance.now() - since < 500, `${performance.now() - since} ms`)
})

test('response splitting by Location: white space and control characters are 502', async () => {
  for (const location of ['/a b', '/a\tb', '/a\rSet-Cookie: stolen=1', '/a\0b', 'http://a/\x0b', '']) {
    const { status, raw } = await visit(server.url, says(`Location: ${location}\n\n`))
    assert.equal(status, 502, JSON.stringify(location))
    assert.doesNotMatch(raw, /stolen/)
  }
})

test('RFC 3986, Location: raw UTF-8 passes as it is, with any of its bytes', async () => {
  const location = Buffer.from('http://a/voilà\u00a0…').toString('latin1')
  assert.equal(field(await visit(server.url, says(`Location: ${location}\n\n`)), 'location'), location)
})

test('prototype pollution: fields of a script named like properties of Object are fields', async () => {
  const { status, fields } = await visit(server.url, says(`${text}__proto__: a\nconstructor: b\ntoString: c\n\nbody`))
  assert.equal(status, 200)
  assert.deepEqual(
    ['__proto__', 'constructor', 'tostring'].map((name) => fields.find(([key]) => key === name)?.[1]),
    ['a', 'b', 'c'],
  )
})

test('in production a failed answer shows nothing of the script, its output or its machine', async () => {
  site.add('cgi-bin/talks', '#!/bin/sh\necho "S3CRET on stderr" >&2\necho "S3CRET output without a head"\n')
  const { status, raw } = await visit(server.url, '/cgi-bin/talks', { fields: ['X-Secret: S3CRET'] })
  assert.equal(status, 502)
  assert.doesNotMatch(raw, /S3CRET|talks|postern-test|\/tmp/)
})
