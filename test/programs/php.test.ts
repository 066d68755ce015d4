// PHP pages, run by real php-cgi processes that the server starts.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fastcgi, folder, type FolderOptions } from '../../src/index.ts'
import { findProgram, missing } from '../support/real-parts.ts'
import { eventually, startServer } from '../support/server-process.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'
import { startGateway, type GatewayServer } from './gateway-server.ts'

const skip = missing('php-cgi')

/** What PHP makes of the variables, as JSON. */
const showServer = `<?php
header('Content-Type: application/json');
echo json_encode($_SERVER + ['pid' => getmypid(), 'body' => file_get_contents('php://input')]);
`

function startSite(site: TemporarySite, options: FolderOptions = {}): Promise<GatewayServer> {
  return startGateway([{ path: '/', to: folder(site.root, options) }])
}

async function server(url: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  const response = await fetch(url, init)
  const text = await response.text()
  assert.equal(response.status, 200, text)
  const value: unknown = JSON.parse(text)
  assert.ok(typeof value === 'object' && value !== null)
  return Object.fromEntries(Object.entries(value))
}

for (const fixPathinfo of ['0', '1']) {
  test(
    `PHP: with cgi.fix_pathinfo=${fixPathinfo}, SCRIPT_NAME, PATH_INFO, PHP_SELF and the file names are right`,
    {
      skip,
    },
    async () => {
      using site = temporarySite({ 'app/page.php': showServer })
      await using gateway = await startSite(site, { phpSettings: { 'cgi.fix_pathinfo': fixPathinfo } })
      const vars = await server(`${gateway.url}app/page.php/a%20b/c.php?x=1`)
      assert.equal(vars['SCRIPT_NAME'], '/app/page.php')
      assert.equal(vars['PATH_INFO'], '/a b/c.php')
      assert.equal(vars['SCRIPT_FILENAME'], `${site.root}/app/page.php`)
      assert.equal(vars['DOCUMENT_ROOT'], site.root)
      assert.equal(vars['REQUEST_URI'], '/app/page.php/a%20b/c.php?x=1')
      assert.equal(vars['QUERY_STRING'], 'x=1')
      assert.equal(vars['PHP_SELF'], fixPathinfo === '1' ? '/app/page.php/a b/c.php' : '/a b/c.php')
      const plain = await server(`${gateway.url}app/page.php`)
      assert.equal(plain['PHP_SELF'], '/app/page.php')
    },
  )
}

test('PHP: a script needs no execute permission, and index.php is a folder’s page', { skip }, async () => {
  using site = temporarySite({ 'app/index.php': showServer })
  await using gateway = await startSite(site)
  const vars = await server(`${gateway.url}app/`)
  assert.equal(vars['SCRIPT_NAME'], '/app/index.php')
})

test('PHP: one process answers one request after the other', { skip }, async () => {
  using site = temporarySite({ 'page.php': showServer })
  await using gateway = await startSite(site)
  const { pid } = await server(`${gateway.url}page.php`)
  const second = await server(`${gateway.url}page.php`, { method: 'POST', body: 'hello' })
  assert.equal(second['pid'], pid)
  assert.equal(second['body'], 'hello')
  assert.equal((await server(`${gateway.url}page.php`))['pid'], pid)
})

test(
  'PHP: many requests at once are answered by several processes, and no more than maxProcesses',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'page.php': `<?php usleep(20000); ?>${showServer}` })
    await using gateway = await startSite(site, { maxProcesses: 3 })
    const all = await Promise.all(Array.from({ length: 30 }, () => server(`${gateway.url}page.php`)))
    const pids = new Set(all.map(({ pid }) => pid))
    assert.ok(pids.size >= 2 && pids.size <= 3, `${pids.size}`)
  },
)

test(
  'PHP: phpSettings stand over php.ini, and a page’s own words on standard error stand in the log',
  {
    skip,
  },
  async () => {
    using site = temporarySite({
      'page.php': "<?php error_log('a word of the page'); echo ini_get('memory_limit'), ' ', ini_get('precision');",
    })
    await using gateway = await startSite(site, { phpSettings: { memory_limit: '77M', precision: '9' } })
    const response = await fetch(`${gateway.url}page.php`)
    assert.equal(await response.text(), '77M 9')
    assert.ok(gateway.troubles.some((line) => line.includes('a word of the page')))
  },
)

test('PHP: an upload of four megabytes arrives whole, and the next request is the next request', { skip }, async () => {
  using site = temporarySite({
    'page.php': "<?php echo strlen(file_get_contents('php://input')), ' ', $_SERVER['REQUEST_METHOD'];",
    'unread.php': "<?php echo 'unread';",
  })
  await using gateway = await startSite(site, { maxProcesses: 1 })
  const body = new Uint8Array(4_000_000)
  for (const page of ['page.php', 'unread.php', 'page.php']) {
    const said = await fetch(gateway.url + page, { method: 'POST', body })
    assert.equal(await said.text(), page === 'page.php' ? '4000000 POST' : 'unread')
  }
  assert.equal(await (await fetch(`${gateway.url}page.php`)).text(), '0 GET')
})

test('PHP: what a page flushes reaches the client while the page still runs', { skip }, async () => {
  using site = temporarySite({
    'page.php': "<?php echo 'first'; flush(); while (!file_exists('go')) usleep(10000); echo 'second';",
  })
  await using gateway = await startSite(site, { phpSettings: { output_buffering: '0' } })
  const response = await fetch(`${gateway.url}page.php`)
  const reader = response.body?.getReader()
  const first = await reader?.read()
  assert.equal(Buffer.from(first?.value ?? []).toString(), 'first')
  site.add('go', '')
  const second = await reader?.read()
  assert.equal(Buffer.from(second?.value ?? []).toString(), 'second')
})

test('PHP: a fatal error is PHP’s own 500, and the process goes on', { skip }, async () => {
  using site = temporarySite({ 'page.php': showServer, 'bad.php': '<?php nothing_of_this_name();' })
  await using gateway = await startSite(site, { maxProcesses: 1, phpSettings: { display_errors: '0' } })
  const { pid } = await server(`${gateway.url}page.php`)
  assert.equal((await fetch(`${gateway.url}bad.php`)).status, 500)
  assert.equal((await server(`${gateway.url}page.php`))['pid'], pid)
})

test(
  'PHP: a process answers between three quarters of maxRequests and all of it, and then another does',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'page.php': showServer })
    await using gateway = await startSite(site, { maxProcesses: 1, maxRequests: 20 })
    const counts = new Map<unknown, number>()
    for (let at = 0; at < 100; at++) {
      const { pid } = await server(`${gateway.url}page.php`)
      counts.set(pid, (counts.get(pid) ?? 0) + 1)
    }
    const full = [...counts.values()].slice(0, -1)
    assert.ok(full.length >= 4)
    for (const count of full) assert.ok(count >= 15 && count <= 20, `${count}`)
  },
)

test(
  'PHP: below cgi-bin, a page that may be executed is started by itself, and another one by php-cgi',
  {
    skip,
  },
  async () => {
    using site = temporarySite({
      'cgi-bin/own.php': "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nby itself'\n",
      'cgi-bin/page.php': showServer,
    })
    await using gateway = await startSite(site)
    assert.equal(await (await fetch(`${gateway.url}cgi-bin/own.php`)).text(), 'by itself')
    assert.equal((await server(`${gateway.url}cgi-bin/page.php`))['SCRIPT_NAME'], '/cgi-bin/page.php')
  },
)

test('postern serve --php PATH --php-ini NAME=VALUE, also without native starting', { skip }, async () => {
  using site = temporarySite({ 'page.php': "<?php echo ini_get('memory_limit');" })
  const php = findProgram('php-cgi') ?? ''
  for (const native of ['on', 'off']) {
    const args = [site.root, '--prod', '--php', php, '--php-ini', 'memory_limit=66M']
    await using running = await startServer(args, { POSTERN_NATIVE: native })
    assert.equal(await (await fetch(`${running.url}page.php`)).text(), '66M')
    assert.equal(await (await fetch(`${running.url}page.php`)).text(), '66M')
  }
  await using off = await startServer([site.root, '--prod', '--php', 'off'])
  assert.equal((await fetch(`${off.url}page.php`)).status, 403)
})

const fpm = ['php-fpm', 'php-fpm8.2', 'php-fpm8.3', 'php-fpm8.4'].map(findProgram).find((path) => path !== undefined)

/** php-fpm with a few workers, at a socket in the site. */
async function startFpm(site: TemporarySite): Promise<{ address: string } & AsyncDisposable> {
  const socket = `${site.root}/fpm.sock`
  const isRoot = process.getuid?.() === 0
  const pool = `[global]\nerror_log=/dev/null\n[www]\nlisten=${socket}\npm=static\npm.max_children=4\n`
  const config = site.add('fpm.conf', `${pool}${isRoot ? 'user=root\ngroup=root\n' : ''}`)
  const child = spawn(fpm ?? '', ['-n', '-F', '-y', config, ...(isRoot ? ['-R'] : [])], { stdio: 'ignore' })
  const exited = once(child, 'exit')
  assert.ok(await eventually(() => existsSync(socket), 10_000))
  return {
    address: `unix:${socket}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

const withoutFpm = fpm === undefined ? missing('php-fpm') : false

test(
  'php-fpm: of a folder, .php files go to the upstream and others are sent, and its copies to nobody',
  {
    skip: withoutFpm,
  },
  async () => {
    using around = temporarySite()
    using site = temporarySite({
      'app/page.php': showServer,
      'app/index.php': showServer,
      'style.css': 'p {}',
      'page.php~': 'source',
      'lib.inc': 'source',
      'cgi-bin/x.cgi': '#!/bin/sh\n',
    })
    await using upstream = await startFpm(around)
    const to = fastcgi(upstream.address, { root: site.root })
    await using gateway = await startGateway([{ path: '/site/', to }])
    const vars = await server(`${gateway.url}site/app/page.php/a/b?x=1`)
    assert.equal(vars['SCRIPT_NAME'], '/site/app/page.php')
    assert.equal(vars['PATH_INFO'], '/a/b')
    assert.equal(vars['PHP_SELF'], '/site/app/page.php/a/b')
    assert.equal(vars['SCRIPT_FILENAME'], `${site.root}/app/page.php`)
    assert.equal(vars['DOCUMENT_ROOT'], site.root)
    assert.equal(vars['PATH_TRANSLATED'], undefined)
    assert.equal((await server(`${gateway.url}site/app/`))['SCRIPT_NAME'], '/site/app/index.php')
    assert.equal(await (await fetch(`${gateway.url}site/style.css`)).text(), 'p {}')
    for (const name of ['page.php~', 'lib.inc', 'cgi-bin/x.cgi', 'no.php', 'style.css/x.php']) {
      const { status } = await fetch(`${gateway.url}site/${name}`)
      assert.ok(status === 403 || status === 404, `${name} ${status}`)
    }
  },
)

test(
  'php-fpm: Php-Value and PHP_ADMIN_VALUE of a client set nothing (php-fpm would believe a variable PHP_VALUE)',
  {
    skip: withoutFpm,
  },
  async () => {
    using around = temporarySite()
    using site = temporarySite({
      'page.php': "<?php echo ini_get('precision'), ' ', isset($_SERVER['HTTP_PHP_VALUE']);",
    })
    await using upstream = await startFpm(around)
    const options = { root: site.root, env: { PHP_VALUE: 'precision=11' } }
    await using gateway = await startGateway([
      { path: '/', to: fastcgi(upstream.address, { root: site.root }) },
      { path: '/set/', to: fastcgi(upstream.address, options) },
    ])
    const headers = { 'Php-Value': 'precision=12', 'Php-Admin-Value': 'precision=13' }
    assert.equal(await (await fetch(`${gateway.url}page.php`, { headers })).text(), '14 1')
    // That the settings of the site's owner do something shows that a client's would.
    assert.equal(await (await fetch(`${gateway.url}set/page.php`)).text(), '11 ')
  },
)

test('php-fpm: remoteRoot is the folder as the upstream sees it', { skip: withoutFpm }, async () => {
  using around = temporarySite()
  using there = temporarySite({ 'app/page.php': showServer })
  using here = temporarySite({ 'app/page.php': 'only its name counts here', 'app/page.css': 'p {}' })
  await using upstream = await startFpm(around)
  const to = fastcgi(upstream.address, { root: here.root, remoteRoot: `${there.root}/` })
  await using gateway = await startGateway([{ path: '/', to }])
  const vars = await server(`${gateway.url}app/page.php/info`)
  assert.equal(vars['SCRIPT_FILENAME'], `${there.root}/app/page.php`)
  assert.equal(vars['DOCUMENT_ROOT'], there.root)
  assert.equal(vars['SCRIPT_NAME'], '/app/page.php')
  assert.equal(vars['PATH_INFO'], '/info')
})

test('fastcgi(): options of a folder without root are a TypeError that names them', () => {
  assert.throws(() => fastcgi('unix:/x.sock', { extensions: ['.php'] }), /extensions: has no effect without root/)
  assert.throws(() => fastcgi('unix:/x.sock', { root: '/', extensions: ['php'] }), /not an extension such as \.php/)
  assert.throws(() => fastcgi('unix:/x.sock', { root: '/', remoteRoot: 'srv' }), /not an absolute path/)
})

test('folder(): settings of PHP that cannot be are a TypeError that names them', () => {
  assert.throws(() => folder('/', { php: 'php-cgi' }), /on, off, the path of php-cgi, or fastcgi:/)
  assert.throws(() => folder('/', { phpSettings: { 'a b': '1' } }), /not the name of a PHP setting/)
  assert.throws(() => folder('/', { phpSettings: { a: 'x\ny' } }), /holds a line end/)
})
