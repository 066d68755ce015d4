// FastCGI 6.3 over executors without programs: what an authorizer is given, and that nothing but its 200 opens.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayFailure } from '../../src/events/failures.ts'
import type { Executor, GatewayRequest, Started } from '../../src/executors/executor.ts'
import { cgi, createGateway, files, type AuthorizerMaker, type GatewayEvent } from '../../src/index.ts'
import { FakeRun } from '../executors/fake-executor.ts'
import { environmentScript } from '../security/support.ts'
import { temporarySite } from '../support/temporary-site.ts'

const site = temporarySite({ 'files/page.txt': 'page\n', 'scripts/env': environmentScript })
process.on('exit', () => site[Symbol.dispose]())

/** Plays one part for every request; `asked` holds what it was given. */
class Player implements Executor {
  readonly asked: GatewayRequest[] = []
  disposals = 0
  readonly #play: (run: FakeRun) => void
  readonly #fail: GatewayFailure | Error | undefined

  constructor(play: (run: FakeRun) => void, fail?: GatewayFailure | Error) {
    this.#play = play
    this.#fail = fail
  }

  run(request: GatewayRequest, signal: FakeRun['signal']): Promise<Started> {
    this.asked.push(request)
    if (this.#fail instanceof Error) return Promise.reject(this.#fail)
    if (this.#fail !== undefined) return Promise.resolve({ kind: 'failed', failure: this.#fail })
    const run = new FakeRun(signal)
    this.#play(run)
    return Promise.resolve(run.started())
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposals++
    return Promise.resolve()
  }
}

function says(head: string): (run: FakeRun) => void {
  return (run) => {
    run.write(head)
    run.finish()
  }
}

function maker(executor: Executor): AuthorizerMaker {
  return () => ({
    path: 'fastcgi:unix:/run/auth.sock',
    scriptFilename: undefined,
    answers: 'cgi',
    policy: { passFields: new Set(), untyped: 'refuse', variables: new Map() },
    executor,
  })
}

async function ask(
  executor: Executor,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; text: string; events: readonly GatewayEvent[] }> {
  const events: GatewayEvent[] = []
  await using gateway = createGateway({
    observe: (event) => void events.push(event),
    routes: [
      { path: '/private/', to: files(`${site.root}/files`), authorizer: maker(executor) },
      { path: '/tools/', to: cgi(`${site.root}/scripts`, { warm: 'off' }), authorizer: maker(executor) },
      { path: '/', to: files(`${site.root}/files`) },
    ],
  })
  const answer = await gateway.fetch(new Request(`http://a.example${path}`, init))
  return { status: answer.status, text: await answer.text(), events }
}

test('FastCGI 6.3: the authorizer of a route is asked for its paths, and for no others', async () => {
  const yes = new Player(says('Status: 200\n\n'))
  assert.equal((await ask(yes, '/private/page.txt')).text, 'page\n')
  assert.equal((await ask(yes, '/%70rivate/page.txt')).text, 'page\n')
  assert.equal((await ask(yes, '//x/../private//page.txt')).text, 'page\n')
  assert.equal(yes.asked.length, 3)
  assert.equal((await ask(yes, '/page.txt')).text, 'page\n')
  assert.equal(yes.asked.length, 3)
})

test('FastCGI 6.3: an authorizer without a file of ours has no program and no SCRIPT_FILENAME', async () => {
  const yes = new Player(says('Status: 200\n\n'))
  await ask(yes, '/tools/env/info?q', { method: 'POST', body: 'a=b', headers: { Authorization: 'Basic x' } })
  const [request] = yes.asked
  assert.equal(request?.program, undefined)
  assert.equal(request?.bodyLength, 0)
  const variables = request?.variables ?? new Map<string, string>()
  const none = ['CONTENT_LENGTH', 'PATH_INFO', 'PATH_TRANSLATED', 'SCRIPT_NAME', 'SCRIPT_FILENAME', 'DOCUMENT_ROOT']
  for (const name of none) assert.equal(variables.has(name), false, name)
  assert.equal(variables.get('HTTP_AUTHORIZATION'), 'Basic x')
  assert.equal(variables.get('REQUEST_METHOD'), 'POST')
  assert.equal(variables.get('QUERY_STRING'), 'q')
})

test('FastCGI 6.3: a status of its own makes 200, also where the head has none (RFC 3875 6.2.1)', async () => {
  assert.equal((await ask(new Player(says('Content-Type: text/plain\n\n')), '/private/page.txt')).status, 200)
  for (const status of [201, 204, 206, 302, 304, 401, 403, 404, 500]) {
    const answer = await ask(new Player(says(`Status: ${status}\n\n`)), '/private/page.txt')
    assert.equal(answer.status, status)
    assert.doesNotMatch(answer.text, /page/)
  }
})

const failures: readonly GatewayFailure[] = [
  { kind: 'unreachable', address: 'unix:/run/auth.sock', code: 'ECONNREFUSED' },
  { kind: 'overloaded', address: 'unix:/run/auth.sock' },
  { kind: 'unknown-role', address: 'unix:/run/auth.sock', role: 'authorizer' },
  { kind: 'cannot-start', program: '/auth', code: 'ENOENT' },
  { kind: 'queue-full', waiting: 1 },
  { kind: 'shutting-down' },
]

test('FastCGI 6.3: no failure of an authorizer opens anything', async () => {
  for (const failure of failures) {
    for (const path of ['/private/page.txt', '/tools/env']) {
      const { status, text, events } = await ask(new Player(() => {}, failure), path)
      assert.ok(status >= 500, `${failure.kind}: ${status}`)
      assert.doesNotMatch(text, /page\n|GATEWAY_INTERFACE/)
      assert.ok(events.some((event) => event.type === 'script-failed' && event.failure.kind === failure.kind))
    }
  }
  const thrown = await ask(new Player(() => {}, new Error('a bug')), '/private/page.txt')
  assert.equal(thrown.status, 500)
})

test('FastCGI 6.3: a 200 that is not the last word opens nothing', async () => {
  const heads = ['', '\n\n', 'Status: 200', 'Status: 200\nStatus: 403\n\n', 'Status: 2000\n\n', 'HTTP/1.1 200 OK\n\n']
  for (const head of heads) {
    const { status } = await ask(new Player(says(head)), '/private/page.txt')
    assert.equal(status, 502, JSON.stringify(head))
  }
})

test('FastCGI 6.3: variables of one request are not those of the next, and reach its script alone', async () => {
  const users = ['ada', 'bob']
  const signs = new Player((run) => says(`Status: 200\nVariable-REMOTE_USER: ${users.shift() ?? ''}\n\n`)(run))
  for (const user of ['ada', 'bob']) {
    assert.match((await ask(signs, '/tools/env')).text, new RegExp(`^REMOTE_USER=${user}$`, 'm'))
  }
  const silent = new Player(says('Status: 200\n\n'))
  assert.doesNotMatch((await ask(silent, '/tools/env')).text, /REMOTE_USER/)
})

test('FastCGI 6.3: a client that goes away while the authorizer thinks gets nothing, and that is no failure', async () => {
  const gone = new AbortController()
  const slow = new Player((run) => {
    run.signal.addEventListener('abort', () => run.finish())
    gone.abort()
  })
  const events: GatewayEvent[] = []
  await using gateway = createGateway({
    observe: (event) => void events.push(event),
    routes: [{ path: '/', to: files(`${site.root}/files`), authorizer: maker(slow) }],
  })
  const asked = new Request('http://a.example/page.txt', { signal: gone.signal })
  const text = await gateway.fetch(asked).then(
    (answer) => answer.text(),
    () => 'nothing',
  )
  assert.doesNotMatch(text, /page\n/)
  assert.equal(
    events.some(({ type }) => type === 'script-failed'),
    false,
  )
})

test('Postern: a gateway that ends ends its authorizers', async () => {
  const yes = new Player(says('Status: 200\n\n'))
  await ask(yes, '/page.txt')
  assert.equal(yes.disposals, 2)
})

test('Security: an authorizer’s 200 counts only where it ends well after it', async () => {
  for (const [exitCode, signal, isOpen] of [
    [0, null, true],
    [1, null, false],
    [null, 'SIGKILL', false],
    // Where nobody can wait for a program.
    [null, 'unknown', true],
  ] as const) {
    const ends = new Player((run) => {
      run.write('Status: 200\n\n')
      run.finish(exitCode, signal)
    })
    const { status, text, events } = await ask(ends, '/private/page.txt')
    const failed = events.flatMap((event) => (event.type === 'script-failed' ? [event.failure] : []))
    assert.deepEqual([status, /page\n/.test(text)], isOpen ? [200, true] : [502, false])
    assert.deepEqual(failed, isOpen ? [] : [{ kind: 'authorizer-died', exitCode, signal }])
  }
})

test('Security: an authorizer adds variables, and never what is the request’s or the gateway’s own', async () => {
  const refused = [
    'HTTP_HOST',
    'HTTP_COOKIE',
    'http_x_new',
    'Http_Authorization',
    'REDIRECT_STATUS',
    'REQUEST_METHOD',
    'SCRIPT_FILENAME',
    'DOCUMENT_ROOT',
    'CONTENT_LENGTH',
    'LD_PRELOAD',
    'PERL5OPT',
    'PHP_VALUE',
    '1A',
    'A-B',
    '',
    'A'.repeat(257),
  ]
  const granted = ['REMOTE_USER', 'AUTH_TYPE', 'GROUPS', 'HTTPX', 'x']
  const fields = [...refused, ...granted].map((name) => `Variable-${name}: evil\n`).join('')
  const { text, events } = await ask(new Player(says(`Status: 200\n${fields}\n`)), '/tools/env')
  const names = text.split('\n').flatMap((line) => (line.endsWith('=evil') ? [line.slice(0, -'=evil'.length)] : []))
  assert.deepEqual(names.sort(), [...granted].sort())
  const dropped = events.flatMap((event) => (event.type === 'field-dropped' ? [event.name] : []))
  assert.deepEqual(
    dropped,
    refused.map((name) => `Variable-${name}`),
  )
})
