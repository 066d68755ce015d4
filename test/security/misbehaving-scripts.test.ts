// Field notes 3.7, CVE-2014-0231, CVE-2022-41556: scripts that behave badly cost themselves, not the server.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { GatewayEvent } from '../../src/index.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { typed, visit, watch } from './support.ts'

const site = temporarySite({
  'file.txt': 'file\n',
  'cgi-bin/ok': `#!/bin/sh\n${typed}echo ok\n`,
  'cgi-bin/endless': `#!/bin/sh\n${typed}exec yes\n`,
  'cgi-bin/endless-204': '#!/bin/sh\nprintf "Status: 204\\n\\n"\nexec yes\n',
  'cgi-bin/endless-redirect': '#!/bin/sh\nprintf "Location: /file.txt\\n\\n"\nexec yes\n',
  'cgi-bin/closes': `#!/bin/sh\n${typed}exec >&- 2>&-\nsleep 3\n`,
  'cgi-bin/closes-all': '#!/bin/sh\nexec >&- 2>&- <&-\nsleep 30\n',
  'cgi-bin/loud': `#!/bin/sh\nyes | head -c 100000000 >&2\n${typed}echo done\n`,
  'cgi-bin/talks': `#!/bin/sh\nyes | head -c 200000 >&2\n${typed}echo done\n`,
  'cgi-bin/one-line': `#!/bin/sh\nhead -c 100000000 /dev/zero >&2\n${typed}echo done\n`,
  'cgi-bin/parent': `#!/bin/sh\n${typed}echo first\nsleep 30 &\n`,
  'cgi-bin/chatty-child': `#!/bin/sh\n(while :; do sleep 0.02; echo more; done) &\necho $! > chatty.pid\n${typed}echo first\n`,
  'cgi-bin/no-input': `#!/bin/sh\nexec <&-\n${typed}echo closed\n`,
  'cgi-bin/stops-reading': `#!/bin/sh\nhead -c 10 > /dev/null\nsleep 30\n`,
  'cgi-bin/stubborn': `#!/bin/sh\ntrap '' TERM INT HUP PIPE\n${typed}while :; do sleep 0.05; done\n`,
  'cgi-bin/stopped': '#!/bin/sh\nkill -STOP $$\n',
  'cgi-bin/crash': '#!/bin/sh\nkill -SEGV $$\n',
  'cgi-bin/save': `#!/bin/sh\nn=$(wc -c)\necho "$n" >> saved.log\n${typed}echo "$n"\n`,
  'cgi-bin/nph-not-chunks': "#!/bin/sh\nprintf 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\n'\n",
  'cgi-bin/nph-cut':
    "#!/bin/sh\nprintf 'HTTP/1.1 200 OK\\r\\nContent-Type: a/b\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nab'\n",
  'cgi-bin/nph-interim': "#!/bin/sh\nwhile :; do printf 'HTTP/1.1 103 Early\\r\\n\\r\\n'; done\n",
})
process.on('exit', () => site[Symbol.dispose]())

function running(events: readonly GatewayEvent[]): number {
  const started = events.filter(({ type }) => type === 'program-started').length
  return started - events.filter(({ type }) => type === 'program-ended').length
}

test('CVE-2022-41556: HEAD of an endless answer, an endless 204 and an endless redirect do not keep their scripts', async () => {
  await using server = await watch(site.root, { maxRunning: 2 })
  for (let round = 0; round < 3; round++) {
    assert.equal((await visit(server.url, '/cgi-bin/endless', { method: 'HEAD' })).status, 200)
    assert.equal((await visit(server.url, '/cgi-bin/endless-204')).status, 204)
    assert.equal((await visit(server.url, '/cgi-bin/endless-redirect')).rest, 'file\n')
  }
  assert.ok(await eventually(() => running(server.events) === 0, 3000))
  assert.deepEqual(
    server.events.filter(({ type }) => type === 'script-failed'),
    [],
  )
})

test('a script that closes its output and sleeps holds neither its answer nor the connection', async () => {
  await using server = await watch(site.root)
  const since = performance.now()
  assert.equal((await visit(server.url, '/cgi-bin/closes')).status, 200)
  assert.equal((await visit(server.url, '/cgi-bin/closes-all')).status, 502)
  assert.ok(performance.now() - since < 1500)
})

test('100 MB on standard error, in very many lines or in one, neither fill the log nor hold up other clients', async () => {
  for (const name of ['loud', 'one-line']) {
    let lines = 0
    let bytes = 0
    const observe = (event: GatewayEvent): void => {
      if (event.type !== 'diagnostic-line') return
      lines++
      bytes += event.line.length
    }
    await using server = await watch(site.root, { observe })
    let slowest = 0
    const done = new AbortController()
    const asking = (async () => {
      while (!done.signal.aborted) {
        const since = performance.now()
        assert.equal((await visit(server.url, '/file.txt')).rest, 'file\n')
        slowest = Math.max(slowest, performance.now() - since)
      }
    })()
    assert.equal((await visit(server.url, `/cgi-bin/${name}`, { ms: 20_000 })).rest, 'done\n')
    done.abort()
    await asking
    assert.ok(lines < 50_000 && bytes < 10_000_000, `${lines} lines, ${bytes} bytes`)
    assert.ok(slowest < 1000, `${slowest} ms`)
  }
})

test('a child that holds the output open ends with the answer; one that writes on ends with the client', async () => {
  await using server = await watch(site.root, { backgroundGrace: '100ms' })
  assert.equal((await visit(server.url, '/cgi-bin/parent')).rest, 'first\n')
  await visit(server.url, '/cgi-bin/chatty-child', { ms: 500 })
  const pid = Number(readFileSync(join(site.root, 'cgi-bin/chatty.pid'), 'utf8'))
  assert.ok(await eventually(() => !existsSync(`/proc/${pid}`), 3000), 'it got SIGPIPE')
})

test('CVE-2014-0231: a script that closes its input, or stops reading it, gets its time limit, and no more', async () => {
  await using server = await watch(site.root, { firstByteTimeout: '500ms' })
  const body = 'x'.repeat(5_000_000)
  assert.equal((await visit(server.url, '/cgi-bin/no-input', { method: 'POST', body })).rest, 'closed\n')
  assert.equal((await visit(server.url, '/cgi-bin/stops-reading', { method: 'POST', body })).status, 504)
  assert.ok(await eventually(() => running(server.events) === 0, 3000))
})

test('a script that ignores every polite signal, or is stopped, is killed when its client leaves', async () => {
  await using server = await watch(site.root, { firstByteTimeout: '10s' })
  for (const name of ['stubborn', 'stopped']) await visit(server.url, `/cgi-bin/${name}`, { ms: 300 })
  assert.ok(await eventually(() => running(server.events) === 0, 3000))
})

test('a script that crashes is 502; the next request is served', async () => {
  await using server = await watch(site.root)
  for (const name of ['crash', 'nph-not-chunks', 'nph-cut']) {
    const { status } = await visit(server.url, `/cgi-bin/${name}`)
    assert.ok([0, 200, 502].includes(status), `${name}: ${status}`)
    assert.equal((await visit(server.url, '/cgi-bin/ok')).rest, 'ok\n')
  }
})

test('RFC 9112 8: the chunks of an NPH script that end too soon break the connection off', async () => {
  await using server = await watch(site.root)
  const { raw } = await visit(server.url, '/cgi-bin/nph-cut')
  assert.doesNotMatch(raw, /\r\n0\r\n\r\n$/)
})

test('interim answers of an NPH script without an end get a time limit', async () => {
  await using server = await watch(site.root, { totalTimeout: '500ms' })
  const { status } = await visit(server.url, '/cgi-bin/nph-interim')
  assert.ok(status === 504 || status === 502, String(status))
  assert.ok(await eventually(() => running(server.events) === 0, 3000))
})

test('RFC 9112 8: a script never takes the beginning of a broken upload for the whole', async () => {
  await using server = await watch(site.root, { bodyTimeout: '300ms' })
  const head = 'POST /cgi-bin/save HTTP/1.1\r\nHost: a\r\n'
  const part = 'x'.repeat(150_000)
  const ends: readonly (readonly [string, string, 'wait' | 'end' | 'reset'])[] = [
    ['slow', `${head}Content-Length: 300000\r\n\r\n${part}`, 'wait'],
    ['half-closed', `${head}Content-Length: 300000\r\n\r\n${part}`, 'end'],
    ['reset', `${head}Content-Length: 300000\r\n\r\n${part}`, 'reset'],
    ['slow chunks', `${head}Transfer-Encoding: chunked\r\n\r\n40000\r\n${part}`, 'wait'],
    ['chunks reset', `${head}Transfer-Encoding: chunked\r\n\r\n40000\r\n${part}`, 'reset'],
  ]
  for (const [name, bytes, end] of ends) {
    const answer = await upload(server.url, bytes, end)
    assert.doesNotMatch(answer, /^HTTP\/1.1 200/, name)
    if (end === 'wait') assert.match(answer, /^HTTP\/1.1 408/, name)
  }
  assert.ok(await eventually(() => running(server.events) === 0, 3000))
  assert.equal(existsSync(join(site.root, 'cgi-bin/saved.log')), false)
})

function upload(url: string, bytes: string, end: 'wait' | 'end' | 'reset'): Promise<string> {
  const { port, hostname } = new URL(url)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), hostname)
    socket.setEncoding('latin1').on('data', (text) => (answer += String(text)))
    socket.on('error', () => {}).on('close', () => resolve(answer))
    socket.write(bytes)
    if (end !== 'wait') setTimeout(() => (end === 'end' ? socket.end() : socket.resetAndDestroy()), 100)
    setTimeout(() => socket.destroy(), 5000)
  })
}

test('a reader of the log that goes away, or stops reading, does not end the server', async () => {
  const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
  for (const end of ['close', 'pause'] as const) {
    const args = [command, 'serve', site.root, '--port', '0', '--prod', '--access-log', 'json']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const [line]: unknown[] = await once(createInterface({ input: child.stdout }), 'line')
    const url = /http:\S+/.exec(String(line))?.[0] ?? ''
    for (const stream of [child.stdout, child.stderr]) {
      if (end === 'close') stream.destroy()
      else stream.pause()
    }
    for (let round = 0; round < 5; round++) {
      assert.equal((await visit(url, '/cgi-bin/crash')).status, 502)
      assert.equal((await visit(url, '/cgi-bin/talks')).rest, 'done\n')
      assert.equal((await visit(url, '/file.txt')).rest, 'file\n')
    }
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})
