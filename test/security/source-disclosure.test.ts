// Field notes 3.3: the source of a script is never sent, by any spelling of its path, from any kind of destination.

import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cgi, createGateway, files, type PosternGateway } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { typed, visit, watch } from './support.ts'

/** A script's output never holds this line of its source. */
const marker = 'S0URCE'
const script = `#!/bin/sh\n# ${marker}\n${typed}echo "ran $SCRIPT_NAME"\n`

const around = temporarySite({
  'www/index.html': 'home\n',
  'www/cgi-bin/run.sh': script,
  'www/cgi-bin/config.inc': `${marker}\n`,
  'www/cgi-bin/data.txt': `${marker}\n`,
  'www/cgi-bin/page.html': `<p>${marker}</p>\n`,
  'www/cgi-bin/lib/helper.pm': `${marker}\n`,
  'www/tool.cgi': script,
  'www/UPPER.CGI': script,
  'www/CGI-BIN/run.sh': script,
  'www/app/cgi-bin/run.sh': script,
  'www/app/Cgi-Bin/deep/run.sh': script,
  'www/sub/index.cgi': script,
})
around.add('www/disabled.cgi', script, 0o644)
process.on('exit', () => around[Symbol.dispose]())
const root = join(around.root, 'www')
const server = await watch(root, { listing: true })
test.after(() => server.destroy())

const programs = [
  'cgi-bin/run.sh',
  'cgi-bin/config.inc',
  'cgi-bin/data.txt',
  'cgi-bin/page.html',
  'cgi-bin/lib/helper.pm',
  'tool.cgi',
  'UPPER.CGI',
  'CGI-BIN/run.sh',
  'app/cgi-bin/run.sh',
  'app/Cgi-Bin/deep/run.sh',
  'sub/index.cgi',
  'disabled.cgi',
]

const spellings: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `/${path.toUpperCase()}`,
  (path) => `/${path.toLowerCase()}`,
  (path) => `//${path.replaceAll('/', '//')}`,
  (path) => `/./${path.replaceAll('/', '/./')}`,
  (path) => `/x/../${path}`,
  (path) => `/cgi-bin/../${path}`,
  (path) => `/%2e/${path}`,
  (path) => `/${path.replace(/[a-z]/i, (letter) => `%${letter.charCodeAt(0).toString(16)}`)}`,
  (path) =>
    `/${Array.from(path).map((letter) => (letter === '/' ? letter : `%${letter.charCodeAt(0).toString(16)}`)).join('')}`,
  (path) => `/${path.replaceAll('/', '%2f')}`,
  (path) => `/${path.replaceAll('/', '%5c')}`,
  (path) => `/${path.replaceAll('/', '\\')}`,
  ...[
    '/',
    '//',
    '/.',
    '/./',
    '/..',
    '/../',
    '.',
    '..',
    '%20',
    '%20%20',
    '+',
    '%2e',
    ';',
    ';a=b',
    ':',
    '::$DATA',
    '::%24DATA',
    '~',
    '%00',
    '%00.txt',
    '%0a',
    '%09',
    '?',
    '?raw',
    '%3f',
    '#',
    '%23',
    '.bak',
    '/.txt',
    '/x.txt',
    '%20/',
    './',
    '%2f',
    '%5c',
    '\\',
    '%c0%80',
    '%80',
    '"',
    "'",
    '*',
  ].map((end) => (path: string) => `/${path}${end}`),
  (path) => `http://a/${path}`,
  (path) => `http://other//${path}/.`,
]

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

async function fetched(gateway: PosternGateway, target: string): Promise<{ status: number; text: string }> {
  const response = await gateway.fetch(new Request(`http://a${target}`))
  return { status: response.status, text: await response.text() }
}

test('files(): programs are neither run nor sent', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: files(root, { listing: true }) }] })
  for (const program of [...programs, 'readme.txt', 'tool.txt', 'public/run.sh', 'sub/']) {
    for (const spell of spellings) {
      const { status, text } = await fetched(gateway, spell(program).replace(/^http:\/\/[a-z]+/, ''))
      assert.ok(status >= 200, program)
      assert.doesNotMatch(text, /S0URCE|^ran /, spell(program))
    }
  }
})

test('cgi(): every file is a program, and none is sent, not even an index or a picture', async () => {
  await using gateway = createGateway({ routes: [{ path: '/scripts', to: cgi(root) }] })
  for (const program of [...programs, 'index.html', 'readme.txt']) {
    for (const spell of spellings) {
      const { text } = await fetched(gateway, `/scripts${spell(program).replace(/^http:\/\/[a-z]+/, '')}`)
      assert.doesNotMatch(text, /S0URCE|^home/, spell(program))
    }
  }
})

test('CVE-2024-38475: a mount or a route is whole segments, and its spelling gives no second way in', async () => {
  await using gateway = createGateway({
    routes: [
      { path: '/static', to: files(join(root, 'sub')) },
      { path: '/scripts', to: cgi(join(root, 'cgi-bin')) },
    ],
  })
  for (const target of ['/scripts/run.sh', '//scripts//run.sh', '/static/../scripts/run.sh', '/%73cripts/run.sh']) {
    assert.match((await fetched(gateway, target)).text, /^ran /, target)
  }
  for (const target of [
    '/scriptsx/run.sh',
    '/Scripts/run.sh',
    '/scripts%2frun.sh',
    '/static/../cgi-bin/run.sh',
    '/static/%2e%2e/tool.cgi',
    '/static/..%2ftool.cgi',
    '/',
    '/tool.cgi',
  ]) {
    assert.equal((await fetched(gateway, target)).status, 404, target)
  }
})

test('in development too, the error page of a script that cannot be run does not show its source', async () => {
  await using developing = await watch(root, { dev: true })
  for (const target of ['/disabled.cgi', '/cgi-bin/data.txt', '/cgi-bin/lib/helper.pm', '/disabled.txt']) {
    const { status, raw } = await visit(developing.url, target)
    assert.equal(status, 403)
    assert.doesNotMatch(raw, /S0URCE/, target)
  }
})
