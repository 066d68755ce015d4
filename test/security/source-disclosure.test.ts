// Field notes 3.3: the source of a script is never sent, by any spelling of its path, from any kind of destination.

import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createGateway, files } from '../../src/index.ts'
import { marker, programs, script, siteOfPrograms, spellings } from './spellings.ts'
import { visit, watch } from './support.ts'

const around = siteOfPrograms()
process.on('exit', () => around[Symbol.dispose]())
const root = join(around.root, 'www')
const server = await watch(root, { listing: true })
test.after(() => server.destroy())

test('CVE-2011-1015, CVE-2014-4650, CVE-2026-79768: no spelling of its path gets the source of a script', async () => {
  for (const program of programs) {
    for (const spell of spellings) {
      const target = spell(program)
      const { status, raw } = await visit(server.url, target)
      assert.ok(status >= 200 && status < 600, `${target}: ${raw}`)
      assert.doesNotMatch(raw, /S0URCE/, target)
    }
  }
})

test('CVE-2024-39884, CVE-2024-40725: no method, range, condition or coding gets the source of a script', async () => {
  writeFileSync(join(root, 'cgi-bin/data.txt.gz'), marker)
  const fields = [
    ['Range: bytes=0-'],
    ['Range: bytes=0-5', 'If-Range: "x"'],
    ['If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT'],
    ['If-None-Match: "x"'],
    ['Accept-Encoding: gzip, br, zstd'],
    ['Translate: f'],
    ['Accept: text/x-source'],
    ['X-Original-URL: /index.html'],
    ['X-HTTP-Method-Override: GET'],
  ]
  for (const program of programs) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'DELETE', 'PROPFIND', 'SEARCH', 'COPY', 'LOCK']) {
      assert.doesNotMatch((await visit(server.url, `/${program}`, { method })).raw, /S0URCE/, `${method} ${program}`)
    }
    for (const more of fields) {
      assert.doesNotMatch((await visit(server.url, `/${program}`, { fields: more })).raw, /S0URCE/, more.join())
    }
  }
})

test('CVE-2024-39884: a script without the execute permission is refused, not sent', async () => {
  for (const target of ['/disabled.cgi', '/cgi-bin/data.txt', '/cgi-bin/page.html', '/cgi-bin/lib/helper.pm']) {
    assert.equal((await visit(server.url, target)).status, 403, target)
  }
})

test('CVE-2024-39884: a link with a harmless name to a script is that script', async () => {
  symlinkSync('cgi-bin/run.sh', join(root, 'readme.txt'))
  symlinkSync('tool.cgi', join(root, 'tool.txt'))
  symlinkSync('cgi-bin', join(root, 'public'))
  symlinkSync('disabled.cgi', join(root, 'disabled.txt'))
  symlinkSync('../app/cgi-bin/run.sh', join(root, 'sub/page.html'))
  for (const target of [
    '/readme.txt',
    '/tool.txt',
    '/public/run.sh',
    '/public/data.txt',
    '/public/lib/helper.pm',
    '/public/',
    '/disabled.txt',
    '/sub/page.html',
    '/public/index.html',
  ]) {
    const { raw } = await visit(server.url, target, { fields: ['Accept-Encoding: gzip'] })
    assert.doesNotMatch(raw, /S0URCE/, target)
  }
  assert.equal((await visit(server.url, '/readme.txt')).rest, 'ran /readme.txt\n')
  assert.equal((await visit(server.url, '/public/run.sh')).rest, 'ran /public/run.sh\n')
})

test('CVE-2024-39884: a link into a cgi-bin of linkRoots leads to programs too', async () => {
  const linked = join(around.root, 'linked')
  mkdirSync(join(linked, 'cgi-bin'), { recursive: true })
  for (const name of ['run.sh', 'data.txt']) writeFileSync(join(linked, 'cgi-bin', name), script)
  chmodSync(join(linked, 'cgi-bin/run.sh'), 0o755)
  symlinkSync(join(linked, 'cgi-bin'), join(root, 'tools'))
  symlinkSync(join(linked, 'cgi-bin/data.txt'), join(root, 'linked.txt'))
  for (const linkRoots of [[linked], [join(linked, 'cgi-bin')]]) {
    await using linking = await watch(root, { linkRoots })
    for (const target of ['/tools/run.sh', '/tools/data.txt', '/linked.txt', '/tools/']) {
      assert.doesNotMatch((await visit(linking.url, target)).raw, /S0URCE/, target)
    }
  }
})

test('CVE-2018-7490: a root that is itself a cgi-bin holds programs, and none of them is sent', async () => {
  await using bare = await watch(join(root, 'cgi-bin'), { listing: true })
  for (const target of ['/run.sh', '/data.txt', '/page.html', '/lib/helper.pm', '/config.inc', '/lib/', '/']) {
    assert.doesNotMatch((await visit(bare.url, target)).raw, /S0URCE/, target)
  }
  assert.equal((await visit(bare.url, '/run.sh')).rest, 'ran /run.sh\n')
  assert.equal((await visit(bare.url, '/data.txt')).status, 403)
})

test('a folder of programs is not listed, by any spelling', async () => {
  for (const target of [
    '/cgi-bin/',
    '/CGI-BIN/',
    '/cgi-bin/lib/',
    '//cgi-bin//',
    '/cgi-bin/./',
    '/public/',
    '/public/lib/',
    '/app/cgi-bin/',
    '/%63gi-bin/',
    '/cgi-bin/lib/../',
  ]) {
    const { status, raw } = await visit(server.url, target)
    assert.equal(status, 403, target)
    assert.doesNotMatch(raw, /run\.sh|helper\.pm/, target)
  }
})

test('in development too, the error page of a script that cannot be run does not show its source', async () => {
  await using developing = await watch(root, { dev: true, allowedHosts: ['a'] })
  for (const target of ['/disabled.cgi', '/cgi-bin/data.txt', '/cgi-bin/lib/helper.pm', '/disabled.txt']) {
    const { status, raw } = await visit(developing.url, target)
    assert.equal(status, 403)
    assert.doesNotMatch(raw, /S0URCE/, target)
  }
})

test('an editor’s copy of a program is refused, not sent, by any spelling', async () => {
  const ends = '~ .bak .old .orig .save .save.1 .swp .swo .swn .tmp .rej .~1~ .bak~ .orig.bak .BAK'.split(' ')
  const copies = [...ends.flatMap((end) => [`copy.cgi${end}`, `COPY.CGI${end}`, `sub/copy.Cgi${end}`]), '#copy.cgi#']
  for (const copy of copies) writeFileSync(join(root, copy), script)
  symlinkSync('copy.cgi~', join(root, 'copy.txt'))
  symlinkSync('index.html', join(root, 'page.cgi.bak'))
  await using filesOnly = createGateway({ routes: [{ path: '/', to: files(root) }] })
  for (const copy of [...copies, 'copy.txt', 'page.cgi.bak']) {
    for (const spell of spellings) {
      assert.doesNotMatch((await visit(server.url, spell(copy.replaceAll('#', '%23')))).raw, /S0URCE/, spell(copy))
    }
    const target = `/${copy.replaceAll('#', '%23')}`
    assert.equal((await visit(server.url, target)).status, 403, copy)
    assert.equal((await filesOnly.fetch(new Request(`http://a${target}`))).status, 403, copy)
  }
  const refused = server.events.findLast((event) => event.type === 'request-refused')
  assert.equal(refused?.why, 'a copy of a program is never sent')
})

test('a name that only looks like a copy of a program is a file', async () => {
  const names = ['about.cgi.html', 'cgi.bak', 'notes.txt~', 'notes.bak', 'copy.cgi.backup.html', 'x-cgi~', '#cgi#']
  for (const name of names) {
    writeFileSync(join(root, name), 'a file\n')
    assert.equal((await visit(server.url, `/${name.replaceAll('#', '%23')}`)).rest, 'a file\n', name)
  }
})
