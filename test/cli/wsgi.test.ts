// `postern wsgi`: what cannot be is told at once, in the words of the command line.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { missing } from '../support/real-parts.ts'
import { temporarySite } from '../support/temporary-site.ts'

const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const skip = missing('python3')

const errorsOfUse: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['app', '--workers', '0'], /--workers .* from 1 to 1024/],
  [['app', '--chdir', '/nowhere/at/all'], /\/nowhere\/at\/all is no folder/],
  [['app', '--venv', '/nowhere'], /no virtual environment/],
  [['app', '--python', 'no-such-python'], /no Python at no-such-python/],
  [['app', '--max-memory', 'much'], /--max-memory.*such as 64KiB/],
  [[':app'], /MODULE:NAME/],
  [['app', '--mount', 'x'], /--mount takes a path/],
  [['app', '--static', 'x'], /--static takes \/URL\/=DIR/],
  [['app', '--env', 'NAME'], /--env takes NAME=VALUE/],
  [['app', '--max-running', '3'], /unknown option '--max-running'/],
]

for (const [args, message] of errorsOfUse) {
  test(`errors of use: postern wsgi ${args.join(' ')} is one clear line and exit code 2`, { skip }, () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [command, 'wsgi', ...args], { encoding: 'utf8' })
    assert.match(stderr, message)
    assert.match(stderr, /^postern: [^\n]*\n$/)
    assert.equal(status, 2)
    assert.equal(stdout, '')
  })
}

test('Security: files of a folder that holds the application are never sent', { skip }, () => {
  using site = temporarySite({ 'app/app.py': '', 'app/static/style.css': '' })
  const app = `${site.root}/app`
  for (const folder of [app, site.root, `${app}/.`, `${app}/static/..`, '/']) {
    const args = ['wsgi', 'app', '--chdir', app, '--static', `/files/=${folder}`]
    const { status, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' })
    assert.match(stderr, /its source would be sent/)
    assert.equal(status, 2)
  }
})
