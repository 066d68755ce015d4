// Field notes 3.3: links, which are judged by where they lead, and the edge of the root.

import assert from 'node:assert/strict'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isInside } from '../../src/files/file-path.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { typed, visit, watch } from './support.ts'

const canary = 'C4NARY'
const around = temporarySite({
  'canary.txt': canary,
  'canary.sh': `#!/bin/sh\n${typed}echo ${canary}\ntouch ran\n`,
  'www/index.html': 'home\n',
  'www/file.txt': 'file\n',
  'www/photo.jpg': 'photo\n',
  'www/cgi-bin/run': `#!/bin/sh\n${typed}echo run\n`,
  'www/folder/page.html': 'page\n',
  'www-secret/canary.txt': canary,
})
process.on('exit', () => around[Symbol.dispose]())
const root = join(around.root, 'www')
const server = await watch(root, { listing: true })
test.after(() => server.destroy())

test('CVE-2026-22860: a root is compared with a slash at its end', async () => {
  assert.equal(isInside('/srv/www-secret/a', '/srv/www'), false)
  assert.equal(isInside('/srv/www/a', '/srv/www'), true)
  assert.equal(isInside('/srv/www', '/srv/www'), true)
  assert.equal(isInside('/srv', '/srv/www'), false)
  assert.equal(isInside('/etc', '/'), true)
  symlinkSync(join(around.root, 'www-secret'), join(root, 'sibling'))
  symlinkSync(join(around.root, 'www-secret/canary.txt'), join(root, 'sibling.txt'))
  for (const target of ['/sibling/canary.txt', '/sibling.txt', '/sibling/', '/sibling']) {
    const { status, raw } = await visit(server.url, target)
    assert.equal(status, 403, target)
    assert.doesNotMatch(raw, /C4NARY/)
  }
})

test('a link leads where it may: out of the root never, in a circle never, within the root always', async () => {
  symlinkSync('/etc/passwd', join(root, 'passwd'))
  symlinkSync('/etc', join(root, 'etc'))
  symlinkSync('/bin/sh', join(root, 'cgi-bin/sh'))
  symlinkSync(join(around.root, 'canary.sh'), join(root, 'cgi-bin/canary'))
  symlinkSync(join(around.root, 'canary.sh'), join(root, 'index.cgi'))
  symlinkSync('passwd', join(root, 'passwd2'))
  symlinkSync('loop', join(root, 'loop'))
  symlinkSync('../..', join(root, 'folder/up'))
  symlinkSync('file.txt', join(root, 'inside.txt'))
  symlinkSync('/dev/zero', join(root, 'zero'))
  symlinkSync('/proc/self/environ', join(root, 'environ'))
  for (const target of [
    '/passwd',
    '/etc/passwd',
    '/etc/',
    '/cgi-bin/sh',
    '/cgi-bin/canary',
    '/passwd2',
    '/loop',
    '/loop/x',
    '/folder/up/canary.txt',
    '/folder/up/www-secret/canary.txt',
    '/zero',
    '/environ',
  ]) {
    const { status, raw } = await visit(server.url, target)
    assert.ok(status === 403 || status === 404, `${target}: ${status}`)
    assert.doesNotMatch(raw, /C4NARY|root:.*:0:0:/, target)
  }
  assert.equal((await visit(server.url, '/inside.txt')).rest, 'file\n')
  assert.equal((await visit(server.url, '/folder/up/www/file.txt')).rest, 'file\n')
  assert.equal(existsSync(join(around.root, 'ran')), false)
})

test('a link may lead into linkRoots, and no further', async () => {
  const linked = join(around.root, 'shared')
  mkdirSync(linked, { recursive: true })
  writeFileSync(join(linked, 'open.txt'), 'shared\n')
  mkdirSync(`${linked}-secret`)
  writeFileSync(join(`${linked}-secret`, 'canary.txt'), canary)
  symlinkSync(linked, join(root, 'shared'))
  symlinkSync(`${linked}-secret`, join(root, 'shared-secret'))
  symlinkSync('/etc/passwd', join(linked, 'passwd'))
  symlinkSync(`${linked}-secret`, join(linked, 'secret'))
  await using linking = await watch(root, { linkRoots: [linked] })
  assert.equal((await visit(linking.url, '/shared/open.txt')).rest, 'shared\n')
  for (const target of [
    '/shared-secret/canary.txt',
    '/shared/passwd',
    '/shared/secret/canary.txt',
    '/etc/passwd',
    '/shared/../../canary.txt',
  ]) {
    const { status, raw } = await visit(linking.url, target)
    assert.ok(status >= 400, `${target}: ${status}`)
    assert.doesNotMatch(raw, /C4NARY|root:.*:0:0:/, target)
  }
  assert.equal((await visit(server.url, '/shared/open.txt')).status, 403)
})

test('a compressed copy that is a link out of the root is not sent in place of its file', async () => {
  symlinkSync(join(around.root, 'canary.txt'), join(root, 'file.txt.gz'))
  symlinkSync(join(around.root, 'canary.txt'), join(root, 'photo.jpg.br'))
  for (const target of ['/file.txt', '/photo.jpg', '/file.txt.gz']) {
    const { raw } = await visit(server.url, target, { fields: ['Accept-Encoding: gzip, br'] })
    assert.doesNotMatch(raw, /C4NARY/, target)
  }
})
