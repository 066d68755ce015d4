import assert from 'node:assert/strict'
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { missing } from '../support/real-parts.ts'
import { eventually, startServer } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

function postern(args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', input, timeout: 20_000 })
}

const programs = temporarySite({ php: '#!/bin/sh\necho "PHP 8.3.1 (cli) (built: Jan 1 2024)"\n' })
process.on('exit', () => programs[Symbol.dispose]())
const phpCommand = `${programs.root}/php`

const errorsOfUse: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [['serve', '/nowhere/at/all'], /^postern: the folder \/nowhere\/at\/all cannot be served: ENOENT.*\n$/],
  [['serve', command], /^postern: .*is not a folder\n$/],
  [['serve', '--port', '70000'], /^postern: .*--port.*65535.*\n$/],
  [['serve', '--port', 'http'], /^postern: .*--port.*\n$/],
  [['serve', '--frist-byte-timeout', '3s'], /^postern: unknown option '--frist-byte-timeout'\n.*--first-byte-timeout/],
  [['serve', '--first-byte-timeout', 'soon'], /^postern: .*firstByteTimeout is a duration such as 30s.*\n$/],
  [['serve', '--max-body', '1 elephant'], /^postern: .*maxBody is a size such as 64KiB.*\n$/],
  [['serve', '--kill-grace', 'off'], /^postern: .*killGrace cannot be off: write 0 for no grace.*\n$/],
  [['serve', '--access-log', 'fancy'], /^postern: .*--access-log.*off, common, combined, json.*\n$/],
  [['serve', '--dev', '--prod'], /^postern: .*--dev.*--prod.*\n$/],
  [['serve', '--env', 'NAME'], /^postern: --env takes NAME=VALUE.*\n$/],
  [['serve', '--env', 'CONTENT_LENGTH=3'], /^postern: --env CONTENT_LENGTH: is set by the gateway itself\n$/],
  [['serve', '--trusted-proxy', 'me'], /^postern: .*trusted proxy.*"me".*\n$/],
  [['serve', '--allowed-hosts', 'a.example,http://b'], /^postern: an allowed host .*"http:\/\/b"\n$/],
  [['serve', '--sendfile-root', '/nowhere/at/all'], /^postern: the folder \/nowhere\/at\/all cannot be served.*\n$/],
  [['serve', '--accel', '/protected/'], /^postern: --accel takes \/PREFIX\/=DIR.*\n$/],
  [['serve', '--accel', 'protected=/tmp'], /^postern: --accel protected: is not a location.*\n$/],
  [['serve', '--untyped', 'maybe'], /^postern: --untyped: .*\n$/],
  [['serve', '--listen', '9000'], /^postern: listen takes KIND:ADDRESS.*fastcgi:unix:.*"9000"\n$/],
  [['serve', '--listen', 'fastcgi:9000'], /^postern: "9000" is no address.*127\.0\.0\.1:9000\n$/],
  [['serve', '--listen', 'http:127.0.0.1:0', '--port', '80'], /^postern: .*--listen.*--port.*\n$/],
  [['serve', '--listen', 'scgi:systemd'], /^postern: systemd has handed over no socket.*\n$/],
  [['serve', '--listen', 'scgi:127.0.0.1:0', '--allow-peer', 'me'], /^postern: an allowed peer .*"me"\n$/],
  [['serve', '--listen', 'scgi:unix:/tmp/x', '--socket-mode', 'rw'], /^postern: --socket-mode: is octal.*\n$/],
  [
    ['serve', '--listen', 'scgi:unix:/tmp/x', '--socket-owner', 'no-such-user-here'],
    /^postern: --socket-owner: there is no user.*\n$/,
  ],
  [['serve', '--pass-variable', 'LD_PRELOAD'], /^postern: --pass-variable: .*steers.*\n$/],
  [['serve', '--listen', 'unix:/p'], /^postern: listen: the protocol is missing.*write fastcgi:unix:\/p, or http.*\n$/],
  [['serve', '--listen', '/p'], /^postern: listen: the protocol is missing.*write fastcgi:unix:\/p.*\n$/],
  [
    ['serve', '--listen', '127.0.0.1:9000'],
    /^postern: listen: the protocol is missing.*fastcgi:127\.0\.0\.1:9000.*\n$/,
  ],
  [['serve', '--listen', 'http://127.0.0.1:80/'], /^postern: .*it stands without slashes, as in 127\.0\.0\.1:80\n$/],
  [['serve', '--php', '/nowhere/php-cgi'], /^postern: --php: there is no file \/nowhere\/php-cgi\n$/],
  [['serve', '--php', '/etc/passwd'], /^postern: --php: \/etc\/passwd is not executable.*\n$/],
  [['serve', '--php', '/etc'], /^postern: --php: \/etc is no file\n$/],
  [['serve', '--php', phpCommand], /^postern: --php: .* is PHP’s cli.*php-cgi, or fastcgi:ADDRESS.*\n$/],
  [
    ['serve', '--php', 'fastcgi:unix:/p', '--php-ini', 'a=b'],
    /^postern: --php-ini has no effect with --php fastcgi:.*\n$/,
  ],
  [['serve', '--php', 'off', '--php-ini', 'a=b'], /^postern: --php-ini has no effect with --php off\n$/],
  [['serve', '--php-ini', 'a b=c'], /^postern: --php-ini a b: is not the name of a PHP setting\n$/],
  [['serve', '--authorizer', '/nowhere/auth'], /^postern: --authorizer: there is no file \/nowhere\/auth\n$/],
  [['serve', '--authorizer', '/etc/passwd'], /^postern: --authorizer: .*not executable.*\n$/],
  [['run', '/nowhere.cgi'], /^postern: there is no file \/nowhere\.cgi\n$/],
  [['run'], /^postern: missing required argument 'script'\n$/],
  [['fly'], /^postern: unknown command 'fly'\n$/],
]

for (const [args, message] of errorsOfUse) {
  test(`errors of use: postern ${args.join(' ').replace(command, 'FILE').replace(programs.root, 'DIR')} is one clear line and exit code 2`, () => {
    const { status, stderr, stdout } = postern(args)
    assert.match(stderr, message)
    assert.equal(stdout, '')
    assert.equal(status, 2)
  })
}

test('serve: a port that is taken is named, exit code 1', async () => {
  using site = temporarySite({})
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  const { status, stderr } = postern(['serve', site.root, '--port', String(port)])
  assert.match(stderr, new RegExp(`^postern: port ${port} on 127\\.0\\.0\\.1 is taken`))
  assert.equal(status, 1)
  other.close()
})

test('serve: in production a client sees a plain page and an id that is in the log', async () => {
  using site = temporarySite({ 'cgi-bin/broken': '#!/bin/sh\necho secret-detail >&2\nexit 3\n' })
  await using server = await startServer([site.root, '--prod'])
  const answer = await fetch(`${server.url}cgi-bin/broken`)
  const page = await answer.text()
  assert.equal(answer.status, 502)
  assert.doesNotMatch(page, /secret-detail|exit|broken/)
  const id = /[A-Za-z0-9_-]{22}/.exec(page.slice(page.indexOf('Request')))?.[0] ?? 'none'
  assert.ok(await eventually(() => server.log().includes(id), 2000))
  const failed =
    server
      .log()
      .split('\n')
      .find((line) => line.includes('script failed')) ?? ''
  assert.match(failed, /"cause":".+","mend":".+"/)
  assert.ok(await eventually(() => server.output().includes('/cgi-bin/broken'), 2000))
  assert.match(server.output(), /"GET \/cgi-bin\/broken HTTP\/1\.1" 502 \d+ "-" ".*"\n/)
})

test('serve: in development the page names cause, mend and standard error', async () => {
  using site = temporarySite({ 'cgi-bin/broken': '#!/bin/sh\necho detail-of-stderr >&2\nexit 3\n' })
  await using server = await startServer([site.root, '--dev'])
  const page = await (await fetch(`${server.url}cgi-bin/broken`)).text()
  for (const part of ['detail-of-stderr', 'cgi-bin/broken', 'SCRIPT_NAME', '--dev'])
    assert.ok(page.includes(part), part)
})

test('serve: access logs in common, combined and JSON', async () => {
  using site = temporarySite({ 'a.txt': 'hello' })
  const line = async (format: string): Promise<string> => {
    await using server = await startServer([site.root, '--prod', '--access-log', format])
    await (
      await fetch(`${server.url}a.txt?"x`, { headers: { Referer: 'http://r/', 'User-Agent': 'agent "7"' } })
    ).text()
    assert.ok(await eventually(() => server.output().split('\n').length > 2, 2000))
    return server.output().split('\n')[1] ?? ''
  }
  const common =
    /^127\.0\.0\.1 - - \[\d{2}\/\w{3}\/\d{4}:\d{2}:\d{2}:\d{2} \+0000\] "GET \/a\.txt\?%22x HTTP\/1\.1" 200 5/
  assert.match(await line('common'), new RegExp(`${common.source}$`))
  assert.match(await line('combined'), new RegExp(`${common.source} "http://r/" "agent \\\\"7\\\\""$`))
  const json: Record<string, unknown> = JSON.parse(await line('json'))
  assert.equal(json['status'], 200)
  assert.equal(json['userAgent'], 'agent "7"')
  assert.equal(typeof json['durationMs'], 'number')
})

test('serve: without native starting child_process serves, and the log says so', async () => {
  using site = temporarySite({
    'cgi-bin/hello': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\nhello $QUERY_STRING\\n"\ncat\n',
  })
  await using server = await startServer([site.root, '--prod'], { POSTERN_NATIVE: 'off' })
  const answer = await fetch(`${server.url}cgi-bin/hello?you`, { method: 'POST', body: 'body' })
  assert.equal(await answer.text(), 'hello you\nbody')
  assert.match(server.log(), /child_process.*POSTERN_NATIVE=off/)
})

test('run: one request without a server shows variables, head, body, standard error, exit and times', () => {
  using site = temporarySite({
    'x.cgi':
      '#!/bin/sh\necho to-the-log >&2\nprintf "Content-Type: text/plain\\nX-A: b\\n\\n"\nprintf "$REQUEST_METHOD $PATH_INFO "\ncat\nexit 4\n',
  })
  const args = [
    'run',
    `${site.root}/x.cgi`,
    '--path-info',
    '/p q',
    '--query',
    'a=b',
    '--header',
    'X-Test: 1',
    '--body',
    '@-',
  ]
  const { status, stdout } = postern(args, 'the body')
  assert.equal(status, 0)
  for (const part of [
    'PATH_INFO=/p q',
    'QUERY_STRING=a=b',
    'HTTP_X_TEST=1',
    'CONTENT_LENGTH=8',
    'X-A: b',
    'POST /p q the body',
    'stderr: to-the-log',
    'exit code 4',
    ' ms',
  ]) {
    assert.ok(stdout.includes(part), `${part} in:\n${stdout}`)
  }
})

test('run: a page of PHP is run by php-cgi, as `serve` runs it', { skip: missing('php-cgi') }, () => {
  using site = temporarySite({
    'page.php':
      '<?php header("X-A: b"); error_log("a word"); echo $_SERVER["PATH_INFO"], " ", $_POST["n"], " ", getenv("SITE");',
  })
  const form = ['--header', 'Content-Type: application/x-www-form-urlencoded', '--body', 'n=7']
  const { status, stdout } = postern(['run', `${site.root}/page.php`, '--path-info', '/p', ...form, '--env', 'SITE=x'])
  assert.equal(status, 0, stdout)
  for (const part of ['X-A: b', '/p 7 x', 'stderr: ', 'a word', 'exit code 0']) {
    assert.ok(stdout.includes(part), `${part} in:\n${stdout}`)
  }
})

test('run: where php-cgi is missing, a page of PHP says what to install', () => {
  using site = temporarySite({ 'page.php': '<?php echo 1;' })
  const { status, stdout } = spawnSync(process.execPath, [command, 'run', `${site.root}/page.php`], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { PATH: site.root },
  })
  assert.equal(status, 1)
  assert.match(stdout, /failed: interpreter-missing\n.*\n.*mend: .*php-cgi/)
})

test('run: a script that fails is explained, exit code 1', () => {
  using site = temporarySite({ 'x.cgi': '#!/bin/sh\necho hello\n' })
  const { status, stdout } = postern(['run', `${site.root}/x.cgi`])
  assert.equal(status, 1)
  assert.match(stdout, /cause: .+\nmend: .+/)
})

test('serve: a socket whose folder does not exist is explained, exit code 1', () => {
  using site = temporarySite({})
  const { status, stderr } = postern(['serve', site.root, '--listen', 'fastcgi:unix:/nowhere/at/all.sock'])
  assert.match(
    stderr,
    /^postern: fastcgi: the folder of the socket \/nowhere\/at\/all\.sock does not exist; make it first\n$/,
  )
  assert.equal(status, 1)
})
