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
  [
    ['app', '--static', '/static/=/nowhere/at/all'],
    /--static \/static\/=\/nowhere\/at\/all: \/nowhere\/at\/all is no folder/,
  ],
  [['app', '--env', 'NAME'], /--env takes NAME=VALUE, such as --env [A-Z]+=/],
  [['app', '-w', '4'], /flag of gunicorn; here: --workers/],
  [['app', '-b', '127.0.0.1:80'], /flag of gunicorn; here: --host ADDRESS and --port/],
  [['app', '--bind=unix:/x'], /flag of gunicorn; here: .*--listen/],
  [['app', '-k', 'gevent'], /flag of gunicorn; here: .*--threads/],
  [['app:create_app("x")'], /without arguments, MODULE:factory\(\), .*--env NAME=VALUE/],
  [["app:create_app(config='x')"], /without arguments, .* a module of your own that calls it/],
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

test('postern wsgi --help speaks of applications where no script is', { skip }, () => {
  const { stdout } = spawnSync(process.execPath, [command, 'wsgi', '--help'], { encoding: 'utf8' })
  const [, limits = ''] = stdout.split('Limits:')
  assert.match(limits, /--load-timeout/)
  assert.doesNotMatch(limits, /script/)
  assert.doesNotMatch(stdout, /worker-class/)
})

for (const [application, source, said] of [
  ['nosuch:app', '', "there is no module 'nosuch'"],
  ['app:nosuch', 'def app(environ, start_response):\n    return []\n', "app has no 'nosuch'"],
] as const) {
  for (const args of [[], ['--preload']]) {
    test(
      `postern wsgi ${application} --prod ${args.join(' ')}: what is not there ends it, with status 3`,
      { skip },
      () => {
        using site = temporarySite({ 'app.py': source })
        const all = ['wsgi', application, '--chdir', site.root, '--port', '0', '--prod', '--workers', '2', ...args]
        const { status, stderr } = spawnSync(process.execPath, [command, ...all], { encoding: 'utf8', timeout: 60_000 })
        assert.equal(status, 3, stderr)
        const last = stderr.split('\n').find((line) => line.startsWith('postern: ')) ?? ''
        assert.equal(last.startsWith(`postern: ${application} is not there: ${said}`), true, stderr)
      },
    )
  }
}
