// FastCGI programs that the server starts, and all that can go wrong with them.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { appendFileSync, renameSync } from 'node:fs'
import type { GatewayEvent } from '../../src/index.ts'
import { watch, type Watched } from '../security/support.ts'
import { counting, withoutFcgi as skip } from '../support/fastcgi-scripts.ts'
import { eventually, isAlive, startServer } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

interface Said {
  readonly status: number
  readonly pid: number
  readonly count: number
  readonly text: string
}

async function ask(url: string, target: string, init: RequestInit = {}): Promise<Said> {
  const response = await fetch(new URL(target, url), init)
  const text = await response.text()
  const [pid, count] = text.split(' ').map(Number)
  return { status: response.status, pid: pid ?? 0, count: count ?? 0, text }
}

function eventsOf<Type extends GatewayEvent['type']>(
  { events }: Watched,
  type: Type,
): readonly Extract<GatewayEvent, { type: Type }>[] {
  const isOne = (event: GatewayEvent): event is Extract<GatewayEvent, { type: Type }> => event.type === type
  return events.filter(isOne)
}

test(
  'FastCGI 2.2: a program that ends with status 0 is started again; of 2,000 requests no GET is lost, and no POST sent twice',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'app.fcgi': counting(20) })
    await using server = await watch(site.root, { maxProcesses: 4 })
    const pids = new Set<number>()
    let left = 2000
    let lost = 0
    const visitor = async (): Promise<void> => {
      while (left-- > 0) {
        const isPost = left % 3 === 0
        const said = await ask(server.url, '/app.fcgi', isPost ? { method: 'POST', body: `b${left}` } : {})
        // Whether a program that was ending had begun with a POST nobody can tell, so that it is not sent again.
        if (isPost && said.status === 502) {
          lost++
          continue
        }
        assert.equal(said.status, 200, said.text)
        if (isPost) assert.match(said.text, /POST b\d+\n$/)
        pids.add(said.pid)
      }
    }
    await Promise.all(Array.from({ length: 8 }, visitor))
    assert.ok(pids.size >= 90, `${pids.size} processes`)
    assert.equal(eventsOf(server, 'script-failed').length, lost)
    assert.ok(lost < 60, `${lost} POSTs met a program that was ending`)
  },
)

test(
  'a program that is killed before it answers: 502 with its signal, and the next request has another process',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'app.fcgi': counting() })
    await using server = await watch(site.root, { maxProcesses: 1 })
    const first = await ask(server.url, '/app.fcgi')
    const killed = await ask(server.url, '/app.fcgi?die')
    assert.equal(killed.status, 502)
    const [failed] = eventsOf(server, 'script-failed')
    assert.deepEqual(failed?.failure, { kind: 'no-response', exitCode: null, signal: 'SIGKILL' })
    const next = await ask(server.url, '/app.fcgi')
    assert.equal(next.status, 200)
    assert.notEqual(next.pid, first.pid)
  },
)

test(
  'a program that is killed in the middle of its answer: the connection breaks off, and the log has the signal',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'app.fcgi': counting() })
    await using server = await watch(site.root, { maxProcesses: 1 })
    await assert.rejects(ask(server.url, '/app.fcgi?half'))
    await eventually(() => eventsOf(server, 'script-failed').length > 0, 5000)
    const [failed] = eventsOf(server, 'script-failed')
    assert.equal(failed?.failure.kind, 'body-cut-short')
    assert.equal(failed.failure.signal, 'SIGKILL')
    assert.equal((await ask(server.url, '/app.fcgi')).status, 200)
  },
)

test(
  'a program that hangs and will not hear TERM is killed after killGrace, and never leased again',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'app.fcgi': counting() })
    await using server = await watch(site.root, { maxProcesses: 1, idleTimeout: '500ms', killGrace: '300ms' })
    const { pid } = await ask(server.url, '/app.fcgi')
    await assert.rejects(ask(server.url, '/app.fcgi?hang'))
    assert.ok(await eventually(() => !isAlive(pid), 10_000))
    const next = await ask(server.url, '/app.fcgi')
    assert.equal(next.count, 1)
  },
)

test(
  'FastCGI 5.4: a client that goes away frees the process, which ends where it is still busy',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'app.fcgi': counting() })
    await using server = await watch(site.root, { maxProcesses: 1, killGrace: '300ms' })
    const { pid } = await ask(server.url, '/app.fcgi')
    const gone = new AbortController()
    const asked = ask(server.url, '/app.fcgi?hang', { signal: gone.signal })
    setTimeout(() => gone.abort(), 300)
    await assert.rejects(asked)
    assert.equal((await ask(server.url, '/app.fcgi')).status, 200)
    assert.ok(await eventually(() => !isAlive(pid), 10_000))
  },
)

test(
  'standard error (descriptor 2) stands in the log under the id of the request that the process serves',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'app.fcgi': counting() })
    await using server = await watch(site.root, { maxProcesses: 2 })
    await Promise.all(Array.from({ length: 20 }, (_, at) => ask(server.url, `/app.fcgi?say=word${at}`)))
    const targets = new Map(
      eventsOf(server, 'request-ended').map(({ request }) => [request.id, request.target.split('=')[1]]),
    )
    const lines = eventsOf(server, 'diagnostic-line')
    assert.equal(lines.length, 20, lines.map(({ line }) => line).join('|'))
    for (const { id, line } of lines) assert.equal(line, targets.get(id))
  },
)

test('a program that floods standard error neither stands still nor fills the log', { skip }, async () => {
  using site = temporarySite({ 'app.fcgi': counting() })
  await using server = await watch(site.root)
  assert.equal((await ask(server.url, '/app.fcgi?flood')).status, 200)
  assert.ok(eventsOf(server, 'diagnostic-line').length <= 20_001)
})

test(
  'a program that dies at its start: 502 with its last words, then a pause, and at once again when it is mended',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'app.fcgi': '#!/bin/sh\necho "no database" >&2\nexit 3\n' })
    await using server = await watch(site.root, { dev: true })
    for (let times = 0; times < 5; times++) {
      const said = await ask(server.url, '/app.fcgi')
      assert.equal(said.status, 502)
      assert.match(said.text, /no database/)
    }
    const failures = eventsOf(server, 'script-failed').map(({ failure }) => failure)
    assert.equal(failures.length, 5)
    for (const failure of failures) {
      assert.equal(failure.kind, 'cannot-start')
      assert.equal(failure.code, 'exit code 3')
    }
    site.add('new.fcgi', counting())
    renameSync(`${site.root}/new.fcgi`, `${site.root}/app.fcgi`)
    const isMended = async (): Promise<boolean> => (await ask(server.url, '/app.fcgi')).status === 200
    const deadline = performance.now() + 10_000
    while (!(await isMended())) assert.ok(performance.now() < deadline)
  },
)

test('a program that speaks no FastCGI is named as such', { skip }, async () => {
  using site = temporarySite({ 'app.fcgi': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\nhello"\n' })
  await using server = await watch(site.root)
  assert.equal((await ask(server.url, '/app.fcgi')).status, 502)
  assert.equal(eventsOf(server, 'script-failed')[0]?.diagnosis.rule, 'not-fastcgi')
})

test('a program that breaks the protocol is ended, and its process not leased again', { skip }, async () => {
  using site = temporarySite({
    'app.fcgi': `#!/usr/bin/perl
open(my $listening, '+<&=', 0) or die;
while (accept(my $client, $listening)) { sysread($client, my $bytes, 8192); syswrite($client, "HTTP/1.1 200 OK\\r\\n\\r\\n"); sleep 100 }
`,
  })
  await using server = await watch(site.root, { maxProcesses: 1, queueTimeout: '20s' })
  for (let times = 0; times < 3; times++) assert.equal((await ask(server.url, '/app.fcgi')).status, 502)
  for (const { failure } of eventsOf(server, 'script-failed')) assert.equal(failure.kind, 'upstream-fault')
})

test(
  'a program whose file changes is started afresh within seconds, and requests meanwhile are answered',
  {
    skip,
  },
  async () => {
    using site = temporarySite({ 'app.fcgi': counting() })
    await using server = await watch(site.root)
    const { pid } = await ask(server.url, '/app.fcgi')
    appendFileSync(`${site.root}/app.fcgi`, '# changed\n')
    const deadline = performance.now() + 10_000
    for (;;) {
      const said = await ask(server.url, '/app.fcgi')
      assert.equal(said.status, 200, said.text)
      if (said.pid !== pid) break
      assert.ok(performance.now() < deadline)
    }
    assert.ok(await eventually(() => !isAlive(pid), 5000))
  },
)

test('SIGHUP starts programs afresh and loses no request', { skip }, async () => {
  using site = temporarySite({ 'app.fcgi': counting() })
  await using server = await startServer([site.root, '--prod', '--max-processes', '2'])
  const pids = new Set<number>()
  for (let round = 0; round < 5; round++) {
    const asked = Array.from({ length: 40 }, () => ask(server.url, '/app.fcgi', { method: 'POST', body: 'x' }))
    server.signal('SIGHUP')
    for (const said of await Promise.all(asked)) {
      assert.equal(said.status, 200, said.text)
      pids.add(said.pid)
    }
  }
  assert.ok(pids.size >= 3, `${pids.size} processes`)
})

for (const native of ['on', 'off']) {
  test(
    `POSTERN_NATIVE=${native}: programs end with their server, whether it is asked to end or killed`,
    {
      skip,
    },
    async () => {
      using site = temporarySite({ 'app.fcgi': counting() })
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        await using server = await startServer([site.root, '--prod'], { POSTERN_NATIVE: native, TMPDIR: site.root })
        const { pid, status, text } = await ask(server.url, '/app.fcgi')
        assert.equal(status, 200, text)
        assert.ok(isAlive(pid))
        const children = server.children().length
        assert.ok(children >= 2, `${children}`)
        server.signal(signal)
        await server.exited
        assert.ok(await eventually(() => !isAlive(pid), 10_000))
        const { readdirSync } = await import('node:fs')
        const isClean = (): boolean => !readdirSync(site.root).some((name) => name.startsWith('postern-fastcgi-'))
        assert.ok(await eventually(isClean, 10_000))
      }
    },
  )
}

test('no descriptor and no process is left after a thousand requests and many processes', { skip }, async () => {
  using site = temporarySite({ 'app.fcgi': counting(10) })
  await using server = await startServer([site.root, '--prod', '--max-processes', '4', '--process-idle-timeout', '1s'])
  const some = async (requests: number): Promise<void> => {
    let left = requests
    const visitor = async (): Promise<void> => {
      while (left-- > 0) assert.equal((await ask(server.url, '/app.fcgi')).status, 200)
    }
    await Promise.all(Array.from({ length: 4 }, visitor))
  }
  // One process, with its connection and two pipes, and the guard stay.
  const isQuiet = (): boolean => server.children().filter((text) => !/ Z/.test(text)).length <= 2
  await some(50)
  assert.ok(await eventually(isQuiet, 20_000), server.children().join())
  const before = server.descriptors().length
  await some(1000)
  assert.ok(await eventually(isQuiet, 20_000), server.children().join())
  assert.ok(await eventually(() => server.descriptors().length <= before + 4, 10_000), server.descriptors().join('\n'))
})
