import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { missing } from '../support/real-parts.ts'
import { eventually, startServer, type ServerProcess } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { processesOf } from './warm-stage.ts'

// Each request names a script and the moment at which its client leaves; together they meet every state of a run.
const scripts = {
  'cgi-bin/quick': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\nquick\\n"\n',
  'cgi-bin/slow': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"\nsleep 0.05\necho slow\n',
  'cgi-bin/much': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"\nhead -c 300000 /dev/zero\n',
  'cgi-bin/reads': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"\nwc -c\n',
  'cgi-bin/silent': '#!/bin/sh\nexit 3\n',
  'cgi-bin/killed': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\nhalf"\nkill -9 $$\n',
  'cgi-bin/stubborn': '#!/bin/sh\ntrap "" TERM\nprintf "Content-Type: text/plain\\n\\n"\nsleep 0.2\necho end\n',
  'cgi-bin/family': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"\nsleep 0.3 &\nsleep 0.1\necho end\n',
  'page.html': 'x'.repeat(200_000),
}
const names = ['quick', 'slow', 'much', 'reads', 'silent', 'killed', 'stubborn', 'family']

/** The same, for interpreters that are warm. */
const python = (...lines: readonly string[]): string =>
  `#!/usr/bin/python3\nimport os, signal, sys, time\n${lines.join('\n')}\n`
const perl = (...lines: readonly string[]): string => `#!/usr/bin/perl\n$| = 1;\n${lines.join('\n')}\n`
const pythonHead = 'print("Content-Type: text/plain\\n", flush=True)'
const perlHead = 'print "Content-Type: text/plain\\n\\n";'
const warmScripts = {
  'cgi-bin/python-quick': python(pythonHead, 'print("quick")'),
  'cgi-bin/python-slow': python(pythonHead, 'time.sleep(0.05)', 'print("slow")'),
  'cgi-bin/python-much': python(pythonHead, 'sys.stdout.write("x" * 300000)'),
  'cgi-bin/python-reads': python(pythonHead, 'print(len(sys.stdin.buffer.read()))'),
  'cgi-bin/python-silent': python('sys.exit(3)'),
  'cgi-bin/python-killed': python(pythonHead, 'print("half", flush=True)', 'os.kill(os.getpid(), 9)'),
  'cgi-bin/python-stubborn': python('signal.signal(15, signal.SIG_IGN)', pythonHead, 'time.sleep(0.2)', 'print("end")'),
  'cgi-bin/python-family': python(pythonHead, 'os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "0.3")', 'time.sleep(0.1)'),
  'cgi-bin/perl-quick': perl(perlHead, 'print "quick\\n";'),
  'cgi-bin/perl-slow': perl(perlHead, 'select undef, undef, undef, 0.05;', 'print "slow\\n";'),
  'cgi-bin/perl-much': perl(perlHead, 'print "x" x 300000;'),
  'cgi-bin/perl-reads': perl(perlHead, 'my $n = 0;', '$n += length while <STDIN>;', 'print "$n\\n";'),
  'cgi-bin/perl-silent': perl('exit 3;'),
  'cgi-bin/perl-killed': perl(perlHead, 'print "half";', 'kill KILL => $$;'),
  'cgi-bin/perl-stubborn': perl('$SIG{TERM} = "IGNORE";', perlHead, 'select undef, undef, undef, 0.2;'),
  'cgi-bin/perl-family': perl(perlHead, 'if (!fork) { exec "sleep", 0.3 }', 'select undef, undef, undef, 0.1;'),
  'page.html': 'x'.repeat(200_000),
}

/** A small generator of its own, so that a failing run can be had again. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function visit(url: string, name: string, stayMs: number, bodyLength: number, sent: number): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) })
    const timer = setTimeout(() => socket.resetAndDestroy(), stayMs)
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.on('data', () => {})
    const path = name === 'page.html' ? '/page.html' : `/cgi-bin/${name}`
    const length = bodyLength === -1 ? 'Transfer-Encoding: chunked' : `Content-Length: ${bodyLength}`
    const method = bodyLength === 0 ? 'GET' : 'POST'
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${length}\r\n\r\n`)
    if (bodyLength === -1)
      socket.write(`${sent.toString(16)}\r\n${'y'.repeat(sent)}\r\n${sent % 2 === 0 ? '0\r\n\r\n' : ''}`)
    else if (sent > 0) socket.write('y'.repeat(Math.min(sent, bodyLength)))
  })
}

const next = random(20_261_121)

async function visitAtRandom(url: string, most: number, among: readonly string[]): Promise<void> {
  let started = 0
  const client = async (): Promise<void> => {
    while (started < most) {
      started++
      const name = next() < 0.1 ? 'page.html' : (among[Math.floor(next() * next() * among.length)] ?? 'quick')
      const stay = next() < 0.3 ? 4000 : next() * 60
      const kind = next()
      const bodyLength = name === 'page.html' || kind < 0.5 ? 0 : kind < 0.7 ? -1 : Math.floor(next() * 200_000) + 1
      await visit(url, name, stay, bodyLength, Math.floor(next() * 100_000))
    }
  }
  await Promise.all(Array.from({ length: 24 }, client))
}

const options = [
  '--prod',
  '--access-log',
  'off',
  '--kill-grace',
  '300ms',
  '--max-running',
  '32',
  '--spool-memory',
  '1KiB',
]

async function assertRuns(server: ServerProcess): Promise<void> {
  const ended = server.exited.then((code) => `the server ended with ${String(code)}: ${server.log().slice(-2000)}`)
  assert.equal(await Promise.race([ended, sleep(100, 'it runs')]), 'it runs')
}

const count = Number(process.env['POSTERN_ABORTS'] ?? 10_000)

test(`faults: after ${count} requests with random aborts no process, zombie, descriptor or file is left over`, async () => {
  using site = temporarySite(scripts)
  const temporary = mkdtempSync(join(tmpdir(), 'postern-spool-'))
  await using server = await startServer([site.root, ...options], { TMPDIR: temporary })
  await visit(server.url, 'quick', 5000, 0, 0)
  const before = server.descriptors().length
  await visitAtRandom(server.url, count, names)
  await assertRuns(server)

  assert.ok(await eventually(() => server.children().length === 0, 8000), `processes: ${server.children().join(', ')}`)
  assert.ok(
    await eventually(() => server.descriptors().length <= before, 8000),
    `descriptors: ${before} before, now ${server.descriptors().join(', ')}`,
  )
  assert.deepEqual(readdirSync(temporary), [])
  const answer = await fetch(`${server.url}cgi-bin/quick`)
  assert.equal(await answer.text(), 'quick\n')
  assert.doesNotMatch(server.log(), /internal|TypeError|unhandled/i)
  rmSync(temporary, { recursive: true })
})

const warmCount = Math.ceil(count / 8)

test(
  `faults, warm: after ${warmCount} requests with random aborts nothing is left over but the interpreters`,
  { skip: missing('/usr/bin/python3', '/usr/bin/perl') },
  async () => {
    using site = temporarySite(warmScripts)
    const temporary = mkdtempSync(join(tmpdir(), 'postern-spool-'))
    const warm = ['--warm-min-idle', '1', '--warm-max-idle', '1']
    await using server = await startServer([site.root, ...options, ...warm], { TMPDIR: temporary })
    const warmNames = names.flatMap((name) => [`python-${name}`, `perl-${name}`])
    for (let time = 0; time < 20; time++) {
      for (const name of ['python-quick', 'perl-quick']) await visit(server.url, name, 5000, 0, 0)
      await sleep(100)
    }
    const before = server.descriptors().length
    await visitAtRandom(server.url, warmCount, warmNames)
    await assertRuns(server)

    const children = (): string => server.children().join(', ')
    assert.ok(await eventually(() => /^\d+ \(p\w+\) \w, \d+ \(p\w+\) \w$/.test(children()), 8000), children())
    assert.ok(
      await eventually(() => server.descriptors().length <= before, 8000),
      `descriptors: ${before} before, now ${server.descriptors().join(', ')}`,
    )
    for (const name of ['python-quick', 'perl-quick']) {
      const answer = await fetch(`${server.url}cgi-bin/${name}`)
      assert.equal(await answer.text(), 'quick\n')
    }
    assert.doesNotMatch(server.log(), /internal|TypeError|unhandled|afresh|the launcher/i)
    server.signal('SIGTERM')
    await server.exited
    assert.deepEqual([readdirSync(temporary), processesOf(temporary)], [[], []])
    rmSync(temporary, { recursive: true })
  },
)
