// Adminer (PHP, SQLite), as Debian has it, run by php-cgi that Postern starts, and used by a person in Chromium: logs in,
// makes a table, adds a row, sees it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folder } from '../../src/index.ts'
import { startBrowser } from '../support/browser.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { startGateway } from './gateway-server.ts'

const skip = missing('php-cgi', 'chromium', '/usr/share/adminer/adminer.php') || phpModuleMissing('sqlite3')

/** Its own way: a password of Adminer's for a database that has none. */
const index = `<?php
function adminer_object()
{
    include '/usr/share/adminer/plugins/plugin.php';
    include '/usr/share/adminer/plugins/login-password-less.php';
    return new AdminerPlugin([new AdminerLoginPasswordLess(password_hash('open sesame', PASSWORD_DEFAULT))]);
}
include '/usr/share/adminer/adminer.php';
`

test('Adminer by php-cgi, in Chromium: log in, make a table, add a row, see it', { skip }, async () => {
  using site = temporarySite({ 'served/adminer/index.php': index, 'data/empty': '' })
  chmodSync(join(site.root, 'data'), 0o777)
  const database = join(site.root, 'data', 'books.sqlite')
  writeFileSync(database, '')
  chmodSync(database, 0o666)
  const sessions = { 'session.save_path': join(site.root, 'data') }
  const to = folder(join(site.root, 'served'), { phpSettings: sessions })
  await using server = await startGateway([{ path: '/', to }])
  await using browser = await startBrowser()
  const { until, run } = browser
  const submit = (fields: Readonly<Record<string, string>>, button: string): Promise<unknown> =>
    run(`{
      for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
        const field = document.querySelector('[name="' + name + '"]')
        field.value = value
        field.dispatchEvent(new Event('change', { bubbles: true }))
      }
      document.querySelector(${JSON.stringify(button)}).click()
    }`)

  await browser.open(`${server.url}adminer/`)
  await until(`document.querySelector('[name="auth[driver]"]') !== null`)
  const login = { 'auth[driver]': 'sqlite', 'auth[username]': 'reader', 'auth[password]': 'open sesame' }
  await submit({ ...login, 'auth[db]': database }, 'input[type=submit]')
  await until(`document.querySelector('a[href*="create="]') !== null`)
  await run(`document.querySelector('a[href*="create="]').click()`)
  await until(`document.querySelector('[name="fields[1][field]"]') !== null`)
  await submit({ name: 'books', 'fields[1][field]': 'title', 'fields[1][type]': 'text' }, 'input[value=Save]')
  await until(`document.querySelector('a[href*="edit=books"]') !== null`)
  await run(`document.querySelector('a[href*="edit=books"]').click()`)
  await until(`document.querySelector('[name="fields[title]"]') !== null`)
  await submit({ 'fields[title]': 'Die Blendung, “Auto-da-Fé”' }, 'input[value=Save]')
  await until(`document.querySelector('table#table')?.innerText.includes('Die Blendung, “Auto-da-Fé”') === true`)

  const picture = process.env['POSTERN_SCREENSHOT']
  if (picture !== undefined) writeFileSync(picture, await browser.screenshot())
  assert.deepEqual(server.troubles, [])
})

function phpModuleMissing(name: string): string | false {
  const modules = spawnSync('php-cgi', ['-q', '-m'], { encoding: 'utf8' }).stdout.split('\n')
  if (modules.includes(name)) return false
  const reason = `not installed: PHP’s ${name}`
  if (process.env['POSTERN_REQUIRE_PARTS'] === '1') throw new Error(reason)
  return reason
}
