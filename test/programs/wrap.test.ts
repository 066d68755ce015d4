// A script of `postern wrap` by itself: what its web server, its folder, its visitors and its server may do to it.

import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { missing } from '../support/real-parts.ts'
import { eventually } from '../support/server-process.ts'
import { python, wrapped } from '../support/wrapped.ts'

const skip = missing(python)
const request = {
  PATH: process.env['PATH'] ?? '',
  GATEWAY_INTERFACE: 'CGI/1.1',
  SERVER_PROTOCOL: 'HTTP/1.1',
  SERVER_NAME: 'localhost',
  SERVER_PORT: '80',
  REMOTE_ADDR: '192.0.2.1',
  REQUEST_METHOD: 'GET',
  SCRIPT_NAME: '/cgi-bin/app.cgi',
  PATH_INFO: '/',
  QUERY_STRING: '',
}

interface Answer {
  readonly status: string
  readonly body: string
  readonly errors: string
}

function begin(script: string, variables: Readonly<Record<string, string>>): ChildProcess {
  return spawn(script, { env: { ...request, ...variables } })
}

async function ask(script: string, variables: Readonly<Record<string, string>> = {}, body = ''): Promise<Answer> {
  const child = begin(script, variables)
  let [output, errors] = ['', '']
  child.stdout?.setEncoding('latin1').on('data', (text: string) => (output += text))
  child.stderr?.setEncoding('latin1').on('data', (text: string) => (errors += text))
  child.stdin?.on('error', () => {}).end(body)
  await once(child, 'close')
  const [head = '', ...rest] = output.split('\r\n\r\n')
  return { status: /^Status: (\d+)/.exec(head)?.[1] ?? '', body: rest.join('\r\n\r\n'), errors }
}

interface Told {
  readonly [name: string]: unknown
  readonly pid: number
  readonly environment: Readonly<Record<string, string>>
}

async function tell(script: string, variables: Readonly<Record<string, string>> = {}): Promise<Told> {
  const { status, body, errors } = await ask(script, variables)
  assert.equal(status, '200', body + errors)
  const told: Told = JSON.parse(body)
  return told
}

test('wrap: folder and files are for their owner alone', { skip }, async () => {
  await using stage = wrapped()
  await tell(stage.script('app.cgi', 'plain'))
  assert.equal(lstatSync(stage.state).mode & 0o777, 0o700)
  const names = readdirSync(stage.state)
  assert.equal(names.filter((name) => /^plain-[0-9a-f]{10}-[0-9a-f]+\.sock$/.test(name)).length, 1)
  for (const name of names) assert.equal(lstatSync(join(stage.state, name)).mode & 0o777, 0o600, name)
})

test(
  'Security: wrap: a folder that is a link, lets others in, is a file or is somebody else’s is not used',
  { skip },
  async () => {
    const spoilers: readonly ((folder: string) => void)[] = [
      (folder) => {
        mkdirSync(`${folder}-real`, { mode: 0o700 })
        symlinkSync(`${folder}-real`, folder)
      },
      (folder) => {
        mkdirSync(folder)
        chmodSync(folder, 0o750)
      },
      (folder) => writeFileSync(folder, '', { mode: 0o600 }),
      ...(process.getuid?.() === 0
        ? [
            (folder: string): void => {
              mkdirSync(folder, { mode: 0o700 })
              chownSync(folder, 65_534, 65_534)
            },
          ]
        : []),
    ]
    for (const spoil of spoilers) {
      await using stage = wrapped()
      spoil(stage.state)
      const { status, body, errors } = await ask(stage.script('app.cgi', 'plain'))
      assert.equal(status, '503')
      assert.match(errors, /own is not a folder that belongs to user \d+ and lets nobody else in/)
      // Visitors need not know where things lie.
      assert.doesNotMatch(body, /own/)
      assert.deepEqual(stage.servers(), [])
    }
  },
)

test(
  'Security: wrap: the environment of a request does not become the server’s, but for what is named',
  { skip },
  async () => {
    await using stage = wrapped()
    const flags = ['--env', "WORD=it's é", '--pass-env', 'SETTING', '--pass-variable', 'EACH']
    const script = stage.script('app.cgi', 'plain', ...flags)
    const sent = {
      HTTP_COOKIE: 'secret',
      REMOTE_USER: 'me',
      AUTH_TYPE: 'Basic',
      PASSWORD: 'secret',
      SETTING: 's',
      EACH: '1',
    }
    const { environment, ...told } = await tell(script, sent)
    assert.deepEqual([environment['WORD'], environment['SETTING']], ["it's é", 's'])
    for (const name of ['HTTP_COOKIE', 'REMOTE_USER', 'PASSWORD', 'EACH', 'QUERY_STRING']) {
      assert.equal(environment[name], undefined, name)
    }
    assert.deepEqual(
      [told['EACH'], told['REMOTE_USER'], told['PASSWORD'], told['SETTING']],
      ['1', 'me', undefined, undefined],
    )
    // On a command line others could read it.
    for (const pid of stage.servers()) assert.doesNotMatch(readFileSync(`/proc/${pid}/cmdline`, 'latin1'), /WORD/)
    assert.equal((await tell(script, { EACH: '2' }))['EACH'], '2')
  },
)

test('wrap: --mount says where the application begins', { skip }, async () => {
  await using stage = wrapped()
  const root = stage.script('root.cgi', 'plain', '--mount', '/')
  const shop = stage.script('shop.cgi', 'plain', '--mount', '/shop/')
  const uri = { REQUEST_URI: '/cgi-bin/app.cgi' }
  for (const [script, pathInfo, expected] of [
    [root, '', ['', '/']],
    [root, '/a b', ['', '/a b']],
    [shop, '', ['/shop', '']],
    [shop, '/a', ['/shop', '/a']],
  ] as const) {
    const told = await tell(script, { ...uri, PATH_INFO: pathInfo })
    assert.deepEqual([told['SCRIPT_NAME'], told['PATH_INFO']], expected)
  }
})

test(
  'RFC 3875 4.2: wrap: a body that nobody says the length of is 411; what is no length is 400',
  { skip },
  async () => {
    await using stage = wrapped()
    const script = stage.script('app.cgi', 'plain')
    assert.equal(
      (await ask(script, { REQUEST_METHOD: 'POST', HTTP_TRANSFER_ENCODING: 'chunked' }, 'body')).status,
      '411',
    )
    assert.equal((await ask(script, { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '-1' }, 'body')).status, '400')
    // No more than CONTENT_LENGTH is read, and HTTP_CONTENT_LENGTH says nothing.
    const told: unknown = JSON.parse(
      (await ask(script, { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '4', HTTP_CONTENT_LENGTH: '99' }, 'body and more'))
        .body,
    )
    assert.ok(typeof told === 'object' && told !== null && 'body' in told && Array.isArray(told.body))
    assert.equal(told.body[0], 4)
  },
)

test('wrap: a visitor who leaves, and a web server that ends the script, end the iteration', { skip }, async () => {
  await using stage = wrapped()
  const script = stage.script('app.cgi', 'plain')
  const leavers: readonly ((child: ChildProcess) => unknown)[] = [
    (child) => child.stdout?.destroy(),
    (child) => child.kill('SIGTERM'),
  ]
  for (const [at, leave] of leavers.entries()) {
    const file = join(stage.root, `closed-${at}`)
    const child = begin(script, { PATH_INFO: '/ticks', QUERY_STRING: file })
    const ended = once(child, 'exit')
    assert.ok(child.stdout)
    await once(child.stdout, 'data')
    leave(child)
    await ended
    assert.ok(await eventually(() => existsSync(file), 20_000))
  }
})

test('wrap: a body that breaks off is no request', { skip }, async () => {
  await using stage = wrapped()
  const script = stage.script('app.cgi', 'plain')
  assert.equal((await ask(script, { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '1000' }, 'short')).status, '')
})

/** As Apache's mod_cgid: one socket for both ways, and all of the body before the answer is read. */
const asCgid = `
import socket, subprocess, sys
ours, its = socket.socketpair()
child = subprocess.Popen([sys.argv[1]], stdin=its, stdout=its, stderr=subprocess.DEVNULL)
its.close()
try:
    ours.sendall(b'x' * int(sys.argv[2]))
    ours.shutdown(socket.SHUT_WR)
    child.wait()
    answer = b''
    while True:
        part = ours.recv(65536)
        if not part:
            break
        answer += part
    print(answer.split(b'\\r\\n')[0].decode())
except OSError as error:
    print(error)
`

for (const bytes of [3, 3_000_000]) {
  test(
    `wrap: a refused body of ${bytes} bytes does not take the refusal with it (Apache’s one socket)`,
    { skip },
    async () => {
      await using stage = wrapped()
      const script = stage.script('app.cgi', 'plain')
      const env = { ...request, REQUEST_METHOD: 'POST', HTTP_TRANSFER_ENCODING: 'chunked' }
      const { stdout, stderr } = spawnSync(python, ['-c', asCgid, script, String(bytes)], { env, encoding: 'utf8' })
      assert.equal(stdout.trim(), 'Status: 411 Length Required', stderr)
    },
  )
}

test('wrap: a web server is not kept waiting by the server that its program has started', { skip }, async () => {
  await using stage = wrapped()
  // `close` comes when nobody holds the outputs any more.
  await tell(stage.script('app.cgi', 'plain'))
  const [pid] = stage.servers()
  // A session of its own: a terminal, or a web server that ends its group, does not reach it.
  const [, session] = /^\d+ \(.*\) \S \d+ \d+ (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? []
  const [, ours] = /^\d+ \(.*\) \S \d+ \d+ (\d+)/s.exec(readFileSync('/proc/self/stat', 'latin1')) ?? []
  assert.notEqual(session, ours)
})

test('wrap: a server that cannot start is 503, and the log says why', { skip }, async () => {
  await using stage = wrapped()
  const script = stage.script('app.cgi', 'plain')
  const text = readFileSync(script, 'utf8')
  writeFileSync(script, text.replace(/COMMAND = \[b'[^']*'/, "COMMAND = [b'/nowhere/node'"))
  const { status, body, errors } = await ask(script)
  assert.equal(status, '503')
  assert.match(errors, /the server has ended; its log is .*\/plain-[0-9a-f]{10}\.log/)
  assert.doesNotMatch(body, /plain-/)
  assert.match(stage.log(), /cannot be started.*\/nowhere\/node|No such file/)
  writeFileSync(script, text)
  await tell(script)
})

test('wrap: --dev tells the visitor too', { skip }, async () => {
  await using stage = wrapped()
  writeFileSync(stage.state, '')
  const { body } = await ask(stage.script('app.cgi', 'plain', '--dev'))
  assert.match(body, /is not a folder that belongs to user/)
})

test('wrap: an application that cannot be loaded is a failure of the server, not of the script', { skip }, async () => {
  await using stage = wrapped()
  const { status } = await ask(stage.script('app.cgi', 'nothing:app'))
  assert.match(status, /^5/)
  assert.match(stage.log(), /nothing/)
})

test('wrap: the log is cut when it has grown, and its end is kept', { skip }, async () => {
  await using stage = wrapped()
  const script = stage.script('app.cgi', 'plain')
  await tell(script)
  const name = readdirSync(stage.state).find((one) => one.endsWith('.log')) ?? ''
  truncateSync(join(stage.state, name), 6_000_000)
  await ask(script, { PATH_INFO: '/raise' })
  assert.equal(lstatSync(join(stage.state, `${name}.1`)).size, 1 << 20)
  assert.ok(lstatSync(join(stage.state, name)).size < 100_000)
  assert.match(stage.log(), /ValueError/)
})

/** A server in the place of Postern's, on the socket of a script that has one. */
async function impostor(state: string, onConnection: (socket: Socket, count: number) => void) {
  const name = readdirSync(state).find((one) => one.endsWith('.sock')) ?? ''
  renameSync(join(state, name), join(state, 'was'))
  let count = 0
  const server = createServer((socket) =>
    onConnection(
      socket.on('error', () => {}),
      ++count,
    ),
  )
  server.listen(join(state, name))
  await once(server, 'listening')
  return { count: () => count, close: () => server.close() }
}

test('wrap: a request that no server has seen is sent again where that is safe', { skip }, async () => {
  await using stage = wrapped()
  const script = stage.script('app.cgi', 'plain')
  await tell(script)
  const server = await impostor(stage.state, (socket, count) => {
    if (count === 1 || count > 2) socket.once('data', () => socket.destroy())
    else socket.once('data', () => socket.end('Status: 200 OK\r\n\r\nsecond'))
  })
  try {
    assert.equal((await ask(script)).body, 'second')
    assert.equal((await ask(script, { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '1' }, 'x')).status, '503')
    assert.equal(server.count(), 3)
  } finally {
    server.close()
  }
})

test('wrap: a server that ends answers what it was asked, and the next request has another one', { skip }, async () => {
  await using stage = wrapped()
  const script = stage.script('app.cgi', 'plain', '--workers', '1')
  const { pid } = await tell(script)
  const [server] = stage.servers()
  assert.ok(server !== undefined)
  const running = begin(script, { PATH_INFO: '/stream', QUERY_STRING: join(stage.root, 'go') })
  let output = ''
  running.stdout?.setEncoding('latin1').on('data', (text: string) => (output += text))
  assert.ok(await eventually(() => output.endsWith('one\n'), 20_000))
  const sockets = (): number => readdirSync(stage.state).filter((name) => name.endsWith('.sock')).length
  assert.equal(sockets(), 1)
  process.kill(server, 'SIGTERM')
  assert.ok(await eventually(() => sockets() === 0, 20_000))
  const next = await tell(script)
  assert.notEqual(next.pid, pid)
  const ended = once(running, 'close')
  writeFileSync(join(stage.root, 'go'), '')
  await ended
  assert.ok(output.endsWith('one\ntwo\n'))
  assert.ok(await eventually(() => !stage.servers().includes(server), 20_000))
  // The old one has not taken the new one’s socket along.
  assert.equal((await tell(script)).pid, next.pid)
})

test('wrap: flags that would fail at the first request fail at once', { skip }, () => {
  const stage = wrapped()
  try {
    for (const flags of [
      ['--mount', 'shop'],
      ['--pass-env', 'HTTP_COOKIE'],
      ['--pass-variable', 'LD_PRELOAD'],
      ['--env', 'word'],
      ['--state-dir', `/tmp/${'long'.repeat(20)}`],
      ['--chdir', '/nowhere'],
    ]) {
      assert.throws(() => stage.script('app.cgi', 'plain', ...flags), /Command failed/, flags.join(' '))
    }
  } finally {
    void stage[Symbol.asyncDispose]()
  }
})
