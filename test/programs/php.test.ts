// PHP pages, run by real php-cgi processes that the server starts.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { folder, type FolderOptions } from '../../src/index.ts'
import { missing } from '../support/real-parts.ts'
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
