// FastCGI 6.4: files of a folder through somebody's filter, one of the test's own, and one of ours on the other side.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  app,
  authorizer,
  cgi,
  createGateway,
  fastcgi,
  type AppOptions,
  type FastCgiOptions,
  type GatewayEvent,
} from '../../src/index.ts'
import { plain } from '../conformance/scripts.ts'
import { fastCgiApplication, plainHead, type ApplicationOptions, type Reply } from '../support/fastcgi-application.ts'
import { owning } from '../support/owning.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const modified = new Date('1996-04-29T12:00:00.250Z')
const big = 'abcdefgh'.repeat(1_000_000)

interface Filtered extends AsyncDisposable {
  readonly root: string
  readonly replies: readonly Reply[]
  readonly events: readonly GatewayEvent[]
  fetch(path: string, init?: RequestInit): Promise<Response>
}

/** A folder behind a filter of the test's own. */
function filtered(application: ApplicationOptions, options: Partial<FastCgiOptions> = {}): Promise<Filtered> {
  return owning(async (own) => {
    const site = own(
      temporarySite({
        'page.txt': 'the page',
        'empty.txt': '',
        'raw.css': 'a {}',
        'big.txt': big,
        'x.php': '<?php',
        'sub/index.html': 'index',
      }),
    )
    utimesSync(join(site.root, 'page.txt'), modified, modified)
    const replies: Reply[] = []
    const made = own(
      await fastCgiApplication({
        ...application,
        limits: { roles: ['filter'] },
        onRequest: (reply) => {
          replies.push(reply)
          application.onRequest?.(reply)
        },
      }),
    )
    const events: GatewayEvent[] = []
    const gateway = own(
      createGateway({
        routes: [{ path: '/f/', to: fastcgi(made.text, { role: 'filter', root: site.root, ...options }) }],
        observe: (event) => events.push(event),
      }),
    )
    const fetch = (path: string, init?: RequestInit): Promise<Response> =>
      gateway.fetch(new Request(`http://localhost${path}`, init))
    return { root: site.root, replies, events, fetch }
  })
}

/** A filter that says its file in capitals. */
function shout(reply: Reply): void {
  reply.stdout(plainHead + reply.file().toUpperCase())
  reply.end()
}

test('FastCGI 6.4: a filter is given the request, its body to the end, then the file with its length and time', async () => {
  const order: string[] = []
  await using site = await filtered({
    onBody: (reply) => order.push(`body ${reply.body()} with ${reply.file().length} of the file`),
    onFile: shout,
  })
  const response = await site.fetch('/f/page.txt?q', { method: 'POST', body: 'form' })
  assert.equal(await response.text(), 'THE PAGE')
  const [reply] = site.replies
  assert.equal(reply?.request.role, 'filter')
  assert.equal(reply.request.keepsConnection, false, 'what is left of a file would be read as the next request')
  const { variables } = reply.request
  for (const [name, value] of [
    ['FCGI_DATA_LENGTH', '8'],
    ['FCGI_DATA_LAST_MOD', String(Math.floor(modified.getTime() / 1000))],
    ['CONTENT_LENGTH', '4'],
    ['SCRIPT_NAME', '/f/page.txt'],
    ['SCRIPT_FILENAME', `${site.root}/page.txt`],
    ['QUERY_STRING', 'q'],
  ])
    assert.equal(variables.get(name ?? ''), value, name)
  assert.deepEqual(order, ['body form with 0 of the file'])
})

test('FastCGI 6.4: files of every size arrive whole: none, one record, many', async () => {
  await using site = await filtered({ onFile: shout })
  assert.equal(await (await site.fetch('/f/empty.txt')).text(), '')
  assert.equal((await (await site.fetch('/f/big.txt')).text()).length, big.length)
  assert.equal(await (await site.fetch('/f/sub/')).text(), 'INDEX')
})

test('Postern: what is no file is answered as in a folder of files: 404, a redirect to the folder, no source of programs', async () => {
  await using site = await filtered({ onFile: shout })
  for (const [path, status] of [
    ['/f/none.txt', 404],
    ['/f/page.txt/more', 404],
    ['/f/sub', 301],
    ['/f/', 403],
    ['/f/x.php', 403],
  ] as const) {
    const response = await site.fetch(path)
    await response.text()
    assert.equal(response.status, status, path)
  }
  assert.deepEqual(site.replies, [])
})

test('Postern: with extensions only files with such names pass the filter, by the name asked for or by that on the disk', async () => {
  await using site = await filtered({ onFile: shout }, { extensions: ['.txt'] })
  symlinkSync('page.txt', join(site.root, 'link.css'))
  symlinkSync('raw.css', join(site.root, 'other.txt'))
  assert.equal(await (await site.fetch('/f/page.txt')).text(), 'THE PAGE')
  assert.equal(await (await site.fetch('/f/raw.css')).text(), 'a {}')
  assert.equal(await (await site.fetch('/f/link.css')).text(), 'THE PAGE')
  assert.equal(await (await site.fetch('/f/other.txt')).text(), 'A {}')
})

test('FastCGI 6.4: conditional requests are the filter’s to answer, by the time alone if it likes', async () => {
  await using site = await filtered({
    onRequest: (reply) => {
      assert.equal(reply.request.variables.get('HTTP_IF_MODIFIED_SINCE'), modified.toUTCString())
      reply.stdout('Status: 304\r\n\r\n')
      reply.end()
    },
  })
  for (const path of ['/f/page.txt', '/f/page.txt']) {
    const response = await site.fetch(path, { headers: { 'If-Modified-Since': modified.toUTCString() } })
    assert.equal(response.status, 304)
    await response.text()
  }
  assert.equal(site.replies.length, 2)
})

test('FastCGI 6.4: a file that shrinks while it is sent is given up, and its answer broken off', async () => {
  const aborted: Reply[] = []
  await using site = await filtered({
    onRequest: (reply) => {
      // Nothing more is read of the connection, so that the rest of the file waits.
      reply.socket.pause()
      reply.stdout(`${plainHead}begun`)
    },
    onAbort: (reply) => {
      aborted.push(reply)
      reply.end(1)
    },
  })
  const response = await site.fetch('/f/big.txt')
  const reader = response.body?.getReader()
  await reader?.read()
  truncateSync(join(site.root, 'big.txt'), 10)
  for (const reply of site.replies) reply.socket.resume()
  await assert.rejects(async () => {
    while ((await reader?.read())?.done === false);
  })
  assert.ok(await eventually(() => aborted.length === 1, 10_000))
})

test('FastCGI 5.5: an application that is no filter (FCGI_UNKNOWN_ROLE) is 502, and the log names the role', async () => {
  using site = temporarySite({ 'page.txt': 'the page' })
  await using application = await fastCgiApplication({})
  const events: GatewayEvent[] = []
  const to = fastcgi(application.text, { role: 'filter', root: site.root })
  await using gateway = createGateway({ routes: [{ path: '/', to }], observe: (event) => events.push(event) })
  const response = await gateway.fetch(new Request('http://localhost/page.txt'))
  await response.text()
  assert.equal(response.status, 502)
  const failed = events.find((event) => event.type === 'script-failed')
  assert.equal(failed?.failure.kind === 'unknown-role' && failed.failure.role, 'filter')
})

test('Postern: a filter’s options are checked', () => {
  for (const [options, message] of [
    [{ role: 'filter' }, /root/],
    [{ role: 'filter', root: '/', remoteRoot: '/x' }, /remoteRoot/],
    [{ role: 'authorizer' }, /role/],
  ] as const) {
    const wrong: object = options
    assert.throws(() => fastcgi('127.0.0.1:9000', wrong), { name: 'TypeError', message })
  }
})

const sockets = mkdtempSync(join(tmpdir(), 'postern-'))
process.on('exit', () => rmSync(sockets, { recursive: true, force: true }))
let made = 0

/** One gateway in front of another, which has a function with parts. */
function pair(
  parts: AppOptions,
): Promise<AsyncDisposable & { fetch(path: string, init?: RequestInit): Promise<Response> }> {
  return owning(async (own) => {
    const site = own(temporarySite({ 'page.txt': 'the page', 'big.txt': big }))
    site.add('scripts/words', plain('echo "user=$REMOTE_USER groups=$GROUPS_OF"'))
    const behind = own(createGateway({ routes: [{ path: '/', to: app(() => new Response('answered'), parts) }] }))
    const address = `unix:${join(sockets, String(made++))}`
    await behind.listen(`fastcgi:${address}`)
    const front = own(
      createGateway({
        routes: [
          { path: '/f/', to: fastcgi(address, { role: 'filter', root: site.root }) },
          {
            path: '/s/',
            to: cgi(join(site.root, 'scripts'), { warm: 'off' }),
            authorizer: authorizer({ fastcgi: address }),
          },
        ],
      }),
    )
    return { fetch: (path: string, init?: RequestInit) => front.fetch(new Request(`http://localhost${path}`, init)) }
  })
}

test('FastCGI 6.3: our gateway asks our authorizer: its variables reach the script, its refusal the client', async () => {
  const paths: string[] = []
  await using both = await pair({
    authorize: (request, { pass, variables }) => {
      paths.push(`${new URL(request.url).pathname} ${variables.get('REQUEST_URI')}`)
      if (request.headers.get('authorization') !== 'Basic eDp5') {
        return new Response('sign in\n', { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } })
      }
      pass('REMOTE_USER', 'ada')
      pass('GROUPS_OF', 'staff')
      return new Response()
    },
  })
  const refused = await both.fetch('/s/words')
  assert.equal(refused.status, 401)
  assert.equal(refused.headers.get('www-authenticate'), 'Basic realm="x"')
  assert.equal(await refused.text(), 'sign in\n')
  const let_ = await both.fetch('/s/%77ords', { method: 'POST', body: 'x', headers: { authorization: 'Basic eDp5' } })
  assert.equal(await let_.text(), 'user=ada groups=staff\n')
  assert.deepEqual(paths, ['/s/words /s/words', '/s/words /s/%77ords'])
})

test('FastCGI 6.4: our gateway asks our filter: small files and large ones, streamed and whole', async () => {
  const typed = { headers: { 'Content-Type': 'text/plain' } }
  await using both = await pair({
    filter: async (request, { data }) => {
      if (request.method !== 'POST') return new Response(data.body, typed)
      return new Response(
        `${await request.text()} ${data.length} ${(await new Response(data.body).text()).toUpperCase()}`,
      )
    },
  })
  assert.equal(await (await both.fetch('/f/page.txt')).text(), 'the page')
  assert.equal(await (await both.fetch('/f/page.txt', { method: 'POST', body: 'form' })).text(), 'form 8 THE PAGE')
  assert.equal((await (await both.fetch('/f/big.txt')).text()).length, big.length)
})
