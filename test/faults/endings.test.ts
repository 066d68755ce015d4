import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, startServer } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const head = 'printf "Content-Type: text/plain\\n\\nstarted\\n"\n'

const scripts = {
  'cgi-bin/polite': `#!/bin/sh\ntrap 'echo TERM > polite.log; exit 0' TERM\n${head}while :; do sleep 0.05; done\n`,
  'cgi-bin/stubborn': `#!/bin/sh\ntrap '' TERM\necho $$ > stubborn.pid\n${head}while :; do sleep 0.05; done\n`,
  'cgi-bin/parent': `#!/bin/sh\nsh -c 'trap "" TERM; echo $$ > child.pid; while :; do sleep 0.05; done' &\n${head}wait\n`,
  'cgi-bin/daemon': `#!/bin/sh\n(sleep 30; echo late) &\necho $! > daemon.pid\n${head}`,
  'cgi-bin/slow': `#!/bin/sh\n${head}sleep 1\necho done\n`,
  'cgi-bin/works-on': `#!/bin/sh\n${head}exec >&-\nsleep 0.5\necho after > works-on.log\n`,
  'cgi-bin/silent': '#!/bin/sh\nsleep 60\n',
  'cgi-bin/stalls': `#!/bin/sh\n${head}sleep 60\n`,
  'cgi-bin/loud': `#!/bin/sh\nhead -c 1048576 /dev/zero | tr '\\0' 'e' | fold -w 100 >&2\n${head}`,
  'cgi-bin/quick': `#!/bin/sh\n${head}`,
}

async function open(url: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  socket.write(`GET /cgi-bin/${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
  await once(socket, 'data')
  return socket
}

function isAlive(pidFile: string): boolean {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 0)
    return true
  } catch {
    return false
  }
}

test('a client that leaves: the script gets TERM and may tidy up', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root])
  const socket = await open(server.url, 'polite')
  socket.destroy()
  const log = join(site.root, 'cgi-bin/polite.log')
  assert.ok(await eventually(() => existsSync(log), 3000))
  assert.ok(await eventually(() => server.children().length === 0, 3000))
})

test('a client that leaves: a script that ignores TERM is killed after the grace', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root, '--kill-grace', '300ms'])
  const socket = await open(server.url, 'stubborn')
  const pidFile = join(site.root, 'cgi-bin/stubborn.pid')
  assert.ok(isAlive(pidFile))
  socket.destroy()
  assert.ok(await eventually(() => !isAlive(pidFile), 3000))
  assert.ok(await eventually(() => server.children().length === 0, 3000))
})

test('a client that leaves: the whole group ends, children that ignore TERM included', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root, '--kill-grace', '300ms'])
  const socket = await open(server.url, 'parent')
  const pidFile = join(site.root, 'cgi-bin/child.pid')
  assert.ok(await eventually(() => isAlive(pidFile), 3000))
  socket.destroy()
  assert.ok(await eventually(() => !isAlive(pidFile), 3000))
})

test('a background child that holds the output open does not hold the answer', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root, '--background-grace', '200ms'])
  const answer = await fetch(`${server.url}cgi-bin/daemon`)
  assert.equal(await answer.text(), 'started\n')
  const pidFile = join(site.root, 'cgi-bin/daemon.pid')
  assert.ok(isAlive(pidFile), 'it was not killed: the script ended of itself')
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL')
})

test('a script that closes its output may work on after the answer', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root])
  const answer = await fetch(`${server.url}cgi-bin/works-on`, { headers: { Connection: 'close' } })
  assert.equal(await answer.text(), 'started\n')
  assert.ok(await eventually(() => existsSync(join(site.root, 'cgi-bin/works-on.log')), 5000))
})

test('time limits: no first byte is 504, and the script is ended', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root, '--prod', '--first-byte-timeout', '300ms'])
  const answer = await fetch(`${server.url}cgi-bin/silent`)
  assert.equal(answer.status, 504)
  assert.equal(answer.headers.get('proxy-status'), 'postern; error=http_response_timeout')
  assert.match(await answer.text(), /504/)
  assert.ok(await eventually(() => server.children().length === 0, 3000))
})

for (const flag of ['--idle-timeout', '--total-timeout']) {
  test(`time limits: ${flag} breaks the connection off, so that the client knows`, async () => {
    using site = temporarySite(scripts)
    await using server = await startServer([site.root, flag, '400ms'])
    const answer = await fetch(`${server.url}cgi-bin/stalls`)
    assert.equal(answer.status, 200)
    await assert.rejects(answer.text())
    assert.ok(await eventually(() => server.children().length === 0, 3000))
    assert.match(server.log(), new RegExp(flag))
  })
}

test('a megabyte on standard error does not block the script, and is logged line by line under its id', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root, '--prod', '--access-log', 'json'])
  const answer = await fetch(`${server.url}cgi-bin/loud`)
  assert.equal(await answer.text(), 'started\n')
  const lines = (): string[] =>
    server
      .log()
      .split('\n')
      .filter((line) => line.includes('eeee'))
  assert.ok(await eventually(() => lines().length > 3000, 5000))
  assert.ok(await eventually(() => server.output().includes('/cgi-bin/loud'), 5000))
  const access: { id: string } = JSON.parse(
    server
      .output()
      .split('\n')
      .find((line) => line.includes('loud')) ?? '',
  )
  const logged: { id: string; msg: string } = JSON.parse(lines().at(-2) ?? '')
  assert.equal(logged.id, access.id)
  assert.equal(logged.msg, 'e'.repeat(100))
})

test('a full queue is 503 with Retry-After, at once; a long wait is 503; the queue goes on in order', async () => {
  using site = temporarySite(scripts)
  const limits = ['--max-running', '1', '--max-queue', '1', '--queue-timeout', '300ms', '--retry-after', '7s']
  await using server = await startServer([site.root, '--prod', ...limits])
  const first = await open(server.url, 'stalls')
  const waits = fetch(`${server.url}cgi-bin/quick`)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const full = await fetch(`${server.url}cgi-bin/quick`)
  assert.equal(full.status, 503)
  assert.equal(full.headers.get('retry-after'), '7')
  assert.equal(full.headers.get('proxy-status'), 'postern; error=connection_limit_reached')
  assert.equal((await waits).status, 503)
  assert.equal((await fetch(server.url)).status, 403, 'files are served all the while')
  first.destroy()
  assert.ok(await eventually(() => server.children().length === 0, 8000))
  assert.equal((await fetch(`${server.url}cgi-bin/quick`)).status, 200)
})

test('SIGTERM: no more connections, running requests finish, exit code 0', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root])
  const answer = await fetch(`${server.url}cgi-bin/slow`)
  server.signal('SIGTERM')
  await new Promise((resolve) => setTimeout(resolve, 200))
  await assert.rejects(fetch(server.url))
  assert.equal(await answer.text(), 'started\ndone\n')
  assert.equal(await server.exited, 0)
})

test('SIGINT twice: ends at once, and leaves no script behind', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root, '--kill-grace', '200ms'])
  await open(server.url, 'stubborn')
  const pidFile = join(site.root, 'cgi-bin/stubborn.pid')
  server.signal('SIGINT')
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.ok(isAlive(pidFile), 'the first signal waits')
  server.signal('SIGINT')
  assert.equal(await server.exited, 0)
  assert.ok(await eventually(() => !isAlive(pidFile), 3000))
})

test('shutdownTimeout: what has not finished by then is ended', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root, '--shutdown-timeout', '300ms', '--kill-grace', '200ms'])
  await open(server.url, 'stubborn')
  server.signal('SIGTERM')
  assert.equal(await server.exited, 0)
  assert.equal(isAlive(join(site.root, 'cgi-bin/stubborn.pid')), false)
})

test('shutdownTimeout: off and 0 are no limit, so what is running finishes', async () => {
  using site = temporarySite(scripts)
  for (const limit of ['off', '0']) {
    await using server = await startServer([site.root, '--shutdown-timeout', limit, '--keep-alive-timeout', '100ms'])
    const answer = await fetch(`${server.url}cgi-bin/slow`)
    server.signal('SIGTERM')
    assert.equal(await answer.text(), 'started\ndone\n', limit)
    assert.equal(await server.exited, 0)
  }
})
