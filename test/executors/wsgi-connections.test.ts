// What one request of a WSGI application can do to another: they share connections, workers, and the moment of a restart.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { wsgi, type WsgiOptions } from '../../src/config/wsgi.ts'
import { createGateway } from '../../src/index.ts'
import { SourceFiles } from '../../src/transport/applications/source-files.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite, type TemporarySite } from '../support/temporary-site.ts'

const skip = missing('python3')

async function serving(site: TemporarySite, options: WsgiOptions = {}) {
  const lines: string[] = []
  const gateway = createGateway({
    observe: (event) => (event.type === 'diagnostic-line' ? lines.push(event.line) : undefined),
    routes: [{ path: '/', to: wsgi('served:app', { folder: site.root, workers: 1, killGrace: '1s', ...options }) }],
  })
  const listener = await gateway.listen('http:127.0.0.1:0')
  const url = new URL(listener.addresses[0] ?? '')
  const dispose = async (): Promise<void> => {
    await listener.close()
    await gateway[Symbol.asyncDispose]()
  }
  return { gateway, url, lines, [Symbol.asyncDispose]: dispose }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let left = 300; !isSo(); left--) {
    assert.ok(left > 0, 'waited for too long')
    await sleep(50)
  }
}

async function dial(url: URL): Promise<{ socket: Socket; heard: () => string }> {
  const socket = connect(Number(url.port), '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return { socket, heard: () => text }
}

function head(path: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n`
}

test(
  'Security: a body that fails after its answer never ends the body of the next request (CWE-444)',
  { skip },
  async () => {
    using site = temporarySite({
      'served.py': `
def app(environ, start_response):
    body = environ['wsgi.input']
    body.read(10)
    write = start_response('200 OK', [('Content-Type', 'text/plain')])
    if environ['PATH_INFO'] == '/early':
        return [b'early']
    write(b'begun ')
    return [b'%d bytes' % (10 + len(body.read()))]
`,
    })
    await using server = await serving(site)
    const first = await dial(server.url)
    first.socket.write(head('/early') + 'a'.repeat(100))
    await until(() => first.heard().includes('early'))
    const second = await dial(server.url)
    second.socket.write(head('/whole') + 'b'.repeat(100_000))
    await until(() => second.heard().includes('begun'))
    first.socket.destroy()
    await sleep(500)
    second.socket.write('b'.repeat(100_000))
    await until(() => /bytes|\r\n0\r\n/.test(second.heard()) || second.socket.closed)
    second.socket.destroy()
    assert.match(second.heard(), /200000 bytes/)
  },
)

test(
  'PEP 3333 "Input and Error Streams": what a request writes is on the log before it is over',
  { skip },
  async () => {
    using site = temporarySite({
      'served.py': `
import os, time
def app(environ, start_response):
    environ['wsgi.errors'].write('under way\\n')
    while not os.path.exists('go'):
        time.sleep(0.05)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'done']
`,
    })
    await using server = await serving(site)
    const answer = fetch(server.url)
    try {
      await until(() => server.lines.includes('under way'))
    } finally {
      site.add('go', '')
    }
    assert.equal(await (await answer).text(), 'done')
  },
)

test(
  'Postern: a restart while the application is loaded ahead: nobody gets what was loaded before',
  { skip },
  async () => {
    using site = temporarySite({
      'version.txt': 'old',
      'served.py': `
import os, time
version = open('version.txt', 'rb').read()
open('loading', 'w').close()
while not os.path.exists('go'):
    time.sleep(0.05)
def app(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [version]
`,
    })
    await using server = await serving(site, { preload: true, workers: 2 })
    await until(() => existsSync(join(site.root, 'loading')))
    site.add('version.txt', 'new')
    const restarted = server.gateway.restart()
    const answers = [fetch(server.url), fetch(server.url)]
    site.add('go', '')
    await restarted
    assert.deepEqual(await Promise.all(answers.map(async (answer) => (await answer).text())), ['new', 'new'])
  },
)

for (const preload of [false, true]) {
  test(
    `Postern: a server that ends at once leaves no process behind, ${preload ? '' : 'not '}preloaded`,
    { skip },
    async () => {
      using site = temporarySite({
        'served.py': `
import os, time
open('loaded-by-%d' % os.getpid(), 'w').close()
while not os.path.exists('go'):
    time.sleep(0.05)
def app(environ, start_response):
    pass
`,
      })
      const started = performance.now()
      // The moment at which a process begins is not ours to know: several of them.
      for (const pauseMs of [0, 2, 5, 10, 20, 40]) {
        await using _ = await serving(site, { preload, workers: 2 })
        await sleep(pauseMs)
      }
      const patience = Math.max(1000, performance.now() - started)
      await sleep(Math.min(patience, 3000))
      const pids = readdirSync(site.root).flatMap((name) => /^loaded-by-(\d+)$/.exec(name)?.slice(1).map(Number) ?? [])
      site.add('go', '')
      assert.deepEqual(pids.filter(isThere), [])
    },
  )
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test(
  'Postern: of requests that are stuck in one worker at the same time, each is told where it stands',
  { skip },
  async () => {
    using site = temporarySite({
      'served.py': `
import time
def app(environ, start_response):
    time.sleep(60)
`,
    })
    await using server = await serving(site, { threads: 2, totalTimeout: '2s' })
    const answers = await Promise.all([fetch(server.url), fetch(server.url)])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [504, 504],
    )
    await until(() => server.lines.filter((line) => line.includes('served.py')).length === 2)
  },
)

test('Postern: a module may say anything of its file, and nothing ends for it', () => {
  const files = new SourceFiles()
  const name = 'n'.repeat(300)
  files.add(['/no\0file.py', `/${name}.py`], Date.now())
  assert.equal(files.haveChanged(), false)
})

test('Postern: a file that goes is a change once, also where its module is loaded without it; its coming is one', () => {
  using site = temporarySite({ 'a.py': '', 'b.py': '' })
  const paths = ['a.py', 'b.py'].map((name) => join(site.root, name))
  const before = new SourceFiles()
  before.add(paths, Date.now() + 1000)
  assert.equal(before.haveChanged(), false)
  rmSync(join(site.root, 'b.py'))
  assert.equal(before.haveChanged(), true)
  const after = new SourceFiles()
  after.add(paths, Date.now() + 1000)
  assert.equal(after.haveChanged(), false)
  site.add('b.py', '')
  assert.equal(after.haveChanged(), true)
})

test('Postern: where the socket of the workers cannot be made, the next request tries it again', { skip }, async () => {
  using site = temporarySite({ 'served.py': answering })
  const { TMPDIR } = process.env
  process.env['TMPDIR'] = '/nowhere'
  try {
    await using server = await serving(site)
    const refused = await fetch(server.url)
    assert.equal(refused.status, 500)
    await refused.body?.cancel()
    if (TMPDIR === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = TMPDIR
    assert.equal((await fetch(server.url)).status, 200)
  } finally {
    if (TMPDIR !== undefined) process.env['TMPDIR'] = TMPDIR
    else delete process.env['TMPDIR']
  }
})

test('Postern: with reload the application is loaded once, and once more for each edit', { skip }, async () => {
  const noting = `import os\nos.write(os.open(os.path.dirname(__file__) + '/loads', os.O_WRONLY | os.O_CREAT | os.O_APPEND), b'x')\n${answering}`
  using site = temporarySite({ 'served.py': noting })
  await using server = await serving(site, { reload: true })
  const loads = (): number => readFileSync(join(site.root, 'loads')).length
  for (let request = 0; request < 3; request++) assert.equal((await fetch(server.url)).status, 200)
  assert.equal(loads(), 1)
  site.add('served.py', `${noting}# edited\n`)
  for (let request = 0; request < 3; request++) assert.equal((await fetch(server.url)).status, 200)
  assert.equal(loads(), 2)
})

const answering = `
def app(environ, start_response):
    start_response('200 OK', [])
    return [b'x']
`
