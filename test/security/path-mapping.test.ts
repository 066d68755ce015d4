// Field notes 3.3: which file a path leads to, and which it never does.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporarySite } from '../support/temporary-site.ts'
import { typed, visit, watch } from './support.ts'

const canary = 'C4NARY'
const around = temporarySite({
  'canary.txt': canary,
  'canary.sh': `#!/bin/sh\n${typed}echo ${canary}\ntouch ran\n`,
  'www/index.html': 'home\n',
  'www/file.txt': 'file\n',
  'www/photo.jpg': 'photo\n',
  'www/.htpasswd': canary,
  'www/.git/config': canary,
  'www/.well-known/security.txt': 'well known\n',
  'www/cgi-bin/.hidden.sh': `#!/bin/sh\n${typed}echo ${canary}\n`,
  'www/cgi-bin/run': `#!/bin/sh\n${typed}echo "$SCRIPT_NAME|$PATH_INFO|$PATH_TRANSLATED"\n`,
  'www/folder/page.html': 'page\n',
  'www-secret/canary.txt': canary,
})
process.on('exit', () => around[Symbol.dispose]())
const root = join(around.root, 'www')
const server = await watch(root, { listing: true })
test.after(() => server.destroy())

const ups = [
  '..',
  '.%2e',
  '%2e.',
  '%2e%2e',
  '%2E%2E',
  '.%2E',
  '%252e%252e',
  '%%32%65%%32%65',
  '.%%32%65',
  '..;',
  '..;x',
  '..%00',
  '..%20',
  '..%5c',
  '..%2f',
  '%2e%2e%2f',
  '%2e%2e%5c',
  '..\\',
  '%c0%ae%c0%ae',
  '%e0%80%ae%e0%80%ae',
  '%uff0e%uff0e',
  '%ef%bc%8e%ef%bc%8e',
  '..%c0%af',
  '..%ef%bc%8f',
  '....',
  '...',
  '. .',
  '.%20.',
  '%2e%2e%09',
  '%2e%2e%0a',
  '..%01',
  '..:',
  '..%3b',
  '..%23',
  '..%3f',
  '~',
  '%7e',
  '\x2e\x2e',
  '..%e2%80%8b',
  '.%2e%2f.%2e',
]

test('CVE-2021-41773, CVE-2021-42013, CVE-2026-79768: no spelling of ".." leads above the root', async () => {
  for (const up of ups) {
    for (const depth of [1, 2, 5]) {
      for (const start of ['', '/cgi-bin', '/folder', '/cgi-bin/run', '/.well-known']) {
        for (const goal of ['canary.txt', 'canary.sh', 'www-secret/canary.txt', 'etc/passwd', 'bin/sh']) {
          const target = `${start}${`/${up}`.repeat(depth)}/${goal}`
          const { status, raw } = await visit(server.url, target)
          assert.ok(status >= 400 || start === '/cgi-bin/run', `${target}: ${status}`)
          assert.doesNotMatch(raw, /C4NARY|root:.*:0:0:/, target)
        }
      }
    }
  }
  assert.equal(existsSync(join(around.root, 'ran')), false)
})

test('CVE-2021-41773: no program above the root is run, with any method', async () => {
  for (const up of ups) {
    const target = `/cgi-bin${`/${up}`.repeat(12)}/bin/sh`
    const { status, raw } = await visit(server.url, target, {
      method: 'POST',
      body: 'echo Content-Type: text/plain; echo; echo C4NARY',
    })
    assert.ok(status >= 400, `${target}: ${status}`)
    assert.doesNotMatch(raw, /C4NARY/, target)
  }
})

test('cgi.fix_pathinfo: a file that is no program has nothing below it, whatever follows', async () => {
  for (const target of [
    '/photo.jpg/x.cgi',
    '/photo.jpg/cgi-bin/run',
    '/photo.jpg/',
    '/photo.jpg/x.php',
    '/photo.jpg%2fx.cgi',
    '/photo.jpg%00.cgi',
    '/photo.jpg%20.cgi',
    '/photo.jpg;.cgi',
  ]) {
    const { status, rest } = await visit(server.url, target)
    assert.ok(status === 404 || status === 400, `${target}: ${status}`)
    assert.doesNotMatch(rest, /photo\n/)
  }
})

test('cgi.fix_pathinfo: the first file on the way is the script, and the rest is PATH_INFO', async () => {
  assert.equal(
    (await visit(server.url, '/cgi-bin/run/etc/passwd')).rest,
    `/cgi-bin/run|/etc/passwd|${root}/etc/passwd\n`,
  )
  assert.equal((await visit(server.url, '/cgi-bin/run/a/%2e%2e/%2e%2e/b')).status, 404)
  assert.equal((await visit(server.url, '/cgi-bin/run//a///b/')).rest, `/cgi-bin/run|//a///b/|${root}//a///b/\n`)
  assert.equal((await visit(server.url, '/cgi-bin/none/run')).status, 404)
})

test('CVE-2019-11043, CVE-2013-4547, caddyserver/caddy#4614: a control character in a path is 400, before any script', async () => {
  for (let byte = 0; byte < 0x20; byte++) {
    const hex = byte.toString(16).padStart(2, '0')
    for (const target of [`/cgi-bin/run/%${hex}`, `/cgi-bin/run%${hex}`, `/file.txt%${hex}`, `/%${hex}`]) {
      assert.equal((await visit(server.url, target)).status, 400, target)
    }
  }
})

test('names that begin with a dot are not there, but for RFC 8615', async () => {
  for (const target of [
    '/.htpasswd',
    '/%2ehtpasswd',
    '/.git/config',
    '/.git/',
    '/folder/../.git/config',
    '/cgi-bin/.hidden.sh',
    '/.git',
    '//.git//config',
    '/.well-known/../.git/config',
  ]) {
    const { status, raw } = await visit(server.url, target)
    assert.equal(status, 404, target)
    assert.doesNotMatch(raw, /C4NARY/)
  }
  assert.equal((await visit(server.url, '/.well-known/security.txt')).rest, 'well known\n')
  assert.doesNotMatch((await visit(server.url, '/')).rest, /htpasswd|\.git/)
})

test('what is neither a file nor a folder is refused at once, and nobody waits for it', async () => {
  execFileSync('mkfifo', [
    join(root, 'pipe'),
    join(root, 'cgi-bin/pipe'),
    join(root, 'pipe.cgi'),
    join(root, 'waiting.txt.gz'),
  ])
  writeFileSync(join(root, 'waiting.txt'), 'waiting\n')
  for (const target of ['/pipe', '/cgi-bin/pipe', '/pipe.cgi']) {
    assert.equal((await visit(server.url, target, { ms: 2000 })).status, 403, target)
  }
  assert.equal((await visit(server.url, '/waiting.txt', { fields: ['Accept-Encoding: gzip'] })).rest, 'waiting\n')
})

test('CVE-2026-24895, CVE-2026-27590, CVE-2026-45062: names are compared byte by byte, ASCII case alone', async () => {
  const script = `#!/bin/sh\n${typed}echo ran\n`
  for (const name of ['x.cgi', 'ȺȺȺȺ.cgi', 'İİİ.CGI', 'ſ.cgI']) around.add(`www/${name}`, script)
  for (const name of ['x.ⅽgi', 'x.cgı', 'x.ﬀcgi.txt']) around.add(`www/${name}`, 'text\n', 0o755)
  for (const name of ['x.cgi', 'ȺȺȺȺ.cgi', 'İİİ.CGI', 'ſ.cgI'])
    assert.equal((await visit(server.url, `/${encodeURIComponent(name)}`)).rest, 'ran\n', name)
  for (const name of ['x.ⅽgi', 'x.cgı', 'x.ﬀcgi.txt'])
    assert.equal((await visit(server.url, `/${encodeURIComponent(name)}`)).rest, 'text\n', name)
  assert.equal((await visit(server.url, `/${encodeURIComponent('cgı-bin')}/run`)).status, 404)
})

test('RFC 9112 3.2: the redirect to a folder stays on this host, whatever the path', async () => {
  around.add('www/evil.example/page.html', 'page\n')
  for (const target of [
    '//evil.example',
    '/%2fevil.example',
    '///evil.example',
    '/.//evil.example',
    '/\\evil.example',
    '/%5cevil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
  ]) {
    const { status, fields } = await visit(server.url, target)
    const location = fields.find(([name]) => name === 'location')?.[1]
    if (status === 301) assert.match(location ?? '', /^\/[^/\\]/, target)
    else assert.ok(status >= 400, `${target}: ${status}`)
  }
})

test('CVE-2009-4487 and response splitting: a query is not split over the lines of a redirect', async () => {
  const { status, raw } = await visit(server.url, '/folder?a%0d%0aSet-Cookie:%20x=y&%0aX-Evil:1')
  assert.equal(status, 301)
  assert.doesNotMatch(raw, /\r\n(Set-Cookie|X-Evil)/i)
})
