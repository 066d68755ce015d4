// Where the frontends listen: files with a mode and an owner, ports with a list of peers, descriptors that were given.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer, Server } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startListening } from '../../src/frontends/listening.ts'
import { createGateway, files, ListenError, serve, type GatewayEvent, type PosternGateway } from '../../src/index.ts'
import {
  FastCgiClient,
  fastCgiRequest,
  open,
  readAll,
  scgiRequest,
  streamOf,
  types,
  variablesOf,
} from '../support/gateway-clients.ts'
import { temporarySite } from '../support/temporary-site.ts'

const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
const site = temporarySite({ 'file.txt': 'a file\n' })
process.on('exit', () => site[Symbol.dispose]())
let made = 0
const place = (): string => join(site.root, `${made++}.sock`)

function gatewayOf(events: GatewayEvent[] = []): PosternGateway {
  return createGateway({ routes: [{ path: '/', to: files(site.root) }], observe: (event) => events.push(event) })
}

async function bodyFrom(address: string): Promise<string> {
  using client = new FastCgiClient(address)
  client.send(fastCgiRequest(1, variablesOf('/file.txt')))
  return streamOf(await client.ended(1), 1, types.stdout).toString('latin1')
}

const isRefused = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof ListenError && error.code === code && message.test(error.message)

test('Postern: a Unix socket has its mode from the start, and its file is gone at the end', async () => {
  await using gateway = gatewayOf()
  for (const [mode, expected] of [
    [undefined, 0o660],
    ['0600', 0o600],
    [0o666, 0o666],
  ] as const) {
    const path = place()
    const listener = await gateway.listen(`fastcgi:unix:${path}`, mode === undefined ? {} : { socketMode: mode })
    assert.equal(statSync(path).mode & 0o777, expected)
    assert.match(await bodyFrom(`unix:${path}`), /a file/)
    await listener.close()
    assert.ok(!existsSync(path))
  }
})

test('Postern: a socket that a dead server left is replaced; a live one, or another file, is an error', async () => {
  await using gateway = gatewayOf()
  const path = place()
  const leaver = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', leaver], { timeout: 20_000 })
  assert.ok(statSync(path).isSocket())
  await gateway.listen(`fastcgi:unix:${path}`)
  assert.match(await bodyFrom(`unix:${path}`), /a file/)
  await assert.rejects(gateway.listen(`scgi:unix:${path}`), isRefused('EADDRINUSE', /another program listens/))
  assert.match(await bodyFrom(`unix:${path}`), /a file/)
  const file = place()
  writeFileSync(file, 'precious')
  await assert.rejects(gateway.listen(`scgi:unix:${file}`), isRefused('EEXIST', /no socket/))
  assert.ok(existsSync(file))
})

test('Postern: a socket’s group can be changed without its user', async () => {
  await using gateway = gatewayOf()
  const path = place()
  const [user, group] = [process.getuid?.() ?? 0, process.getuid?.() === 0 ? 1 : (process.getgid?.() ?? 0)]
  await gateway.listen(`fastcgi:unix:${path}`, { socketOwner: `:${group}` })
  assert.deepEqual([statSync(path).uid, statSync(path).gid], [user, group])
})

test('Postern: what cannot be listened on is explained', async () => {
  await using gateway = gatewayOf()
  await assert.rejects(gateway.listen('scgi:unix:/nowhere/at/all.sock'), isRefused('ENOENT', /does not exist/))
  await using other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  await assert.rejects(gateway.listen(`uwsgi:127.0.0.1:${port}`), isRefused('EADDRINUSE', new RegExp(`port ${port}`)))
  await assert.rejects(
    gateway.listen('uwsgi:192.0.2.1:9000'),
    isRefused('EADDRNOTAVAIL', /not an address of this machine/),
  )
  await assert.rejects(gateway.listen('fastcgi:fd:99'), /descriptor 99 is no socket that listens/)
  await assert.rejects(gateway.listen('fastcgi:unix:/tmp/x', { socketOwner: 'nobody-of-this-name' }), /no user/)
  await assert.rejects(gateway.listen('fastcgi:unix:/tmp/x', { socketMode: '0999' }), /socketMode.*octal/)
  await assert.rejects(gateway.listen('fastcgi:127.0.0.1:0', { allowPeers: ['me'] }), /an allowed peer.*"me"/)
})

test('Security: only allowed peers may connect over TCP; this machine by default', async () => {
  const events: GatewayEvent[] = []
  await using gateway = gatewayOf(events)
  for (const [allowPeers, isAllowed] of [
    [undefined, true],
    [['192.0.2.0/24'], false],
    [['192.0.2.1', '127.0.0.0/8'], true],
    [[], false],
  ] as const) {
    const { addresses } = await gateway.listen('scgi:127.0.0.1:0', allowPeers === undefined ? {} : { allowPeers })
    const socket = open(addresses[0] ?? '')
    socket.write(scgiRequest(variablesOf('/file.txt')))
    assert.equal((await readAll(socket)).bytes.includes('a file'), isAllowed)
  }
  assert.ok(events.some((event) => event.type === 'notice' && event.text.includes('not an allowed peer')))
})

test('FastCGI 3.2: FCGI_WEB_SERVER_ADDRS says which web servers may connect', async () => {
  await using gateway = gatewayOf()
  try {
    process.env['FCGI_WEB_SERVER_ADDRS'] = '192.0.2.1,192.0.2.2'
    const { addresses } = await gateway.listen('fastcgi:127.0.0.1:0')
    const socket = open(addresses[0] ?? '')
    socket.write(fastCgiRequest(1, variablesOf('/file.txt')))
    assert.equal((await readAll(socket)).bytes.length, 0)
    process.env['FCGI_WEB_SERVER_ADDRS'] = '192.0.2.1,127.0.0.1'
    assert.match(await bodyFrom((await gateway.listen('fastcgi:127.0.0.1:0')).addresses[0] ?? ''), /a file/)
    process.env['FCGI_WEB_SERVER_ADDRS'] = 'me'
    await assert.rejects(gateway.listen('fastcgi:127.0.0.1:0'), /FCGI_WEB_SERVER_ADDRS/)
  } finally {
    delete process.env['FCGI_WEB_SERVER_ADDRS']
  }
})

test('Postern: variables that steer interpreters, or are the gateway’s own, cannot be passed on', async () => {
  await using gateway = gatewayOf()
  for (const name of [
    'LD_PRELOAD',
    'PHP_VALUE',
    'UWSGI_FILE',
    'HTTP_X',
    'REMOTE_USER',
    'PERL5OPT',
    'REDIRECT_X',
    'A-B',
  ])
    await assert.rejects(gateway.listen('fastcgi:127.0.0.1:0', { passVariables: [name] }), /passVariables/)
})

test('Postern: serve() listens at several places, and its url is that of HTTP', async () => {
  const path = place()
  await using server = await serve(site.root, { listen: ['http:127.0.0.1:0', `fastcgi:unix:${path}`] })
  assert.deepEqual(server.addresses, [server.url, `fastcgi:unix:${path}`])
  assert.equal(await (await fetch(`${server.url}file.txt`)).text(), 'a file\n')
  assert.match(await bodyFrom(`unix:${path}`), /a file/)
})

test('Postern: where one of several places cannot be had, none is kept', async () => {
  const path = place()
  await assert.rejects(serve(site.root, { listen: [`fastcgi:unix:${path}`, 'scgi:unix:/nowhere/x.sock'] }), ListenError)
  assert.ok(!existsSync(path))
})

test('FastCGI 2.2: the listening socket may be descriptor 0; systemd hands over 3 and more', async () => {
  for (const [listen, fd] of [
    ['fastcgi:fd:0', 0],
    ['fastcgi:systemd', 3],
  ] as const) {
    const socket = createServer().listen(0, '127.0.0.1')
    await once(socket, 'listening')
    const at = socket.address()
    const port = at === null || typeof at === 'string' ? 0 : at.port
    const given = descriptorOf(socket)
    const args = ['serve', site.root, '--prod', '--access-log', 'off', '--listen', listen]
    // As systemd does: LISTEN_PID is known only in the process that becomes the server.
    const words = ['-c', 'LISTEN_PID=$$ exec "$0" "$@"', process.execPath, command, ...args]
    const child = spawn('sh', words, {
      env: { ...process.env, LISTEN_FDS: '1' },
      stdio: [fd === 0 ? given : 'ignore', 'pipe', 'ignore', fd === 3 ? given : 'ignore'],
    })
    // Ours would take connections too.
    socket.close()
    try {
      assert.ok(child.stdout !== null)
      for await (const line of createInterface({ input: child.stdout })) {
        assert.match(line, /^listening on fastcgi:/)
        break
      }
      assert.match(await bodyFrom(`127.0.0.1:${port}`), /a file/)
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      assert.deepEqual(await exited, [0, null], 'an orderly end')
    } finally {
      child.kill('SIGKILL')
    }
  }
})

function descriptorOf(server: Server): number {
  const handle: unknown = '_handle' in server ? server._handle : undefined
  const fd: unknown = typeof handle === 'object' && handle !== null && 'fd' in handle ? handle.fd : undefined
  assert.ok(typeof fd === 'number')
  return fd
}

test('Security: whatever lies at a socket’s path once it has been made, only the path itself gets the owner', async () => {
  const [path, victim] = [place(), place()]
  writeFileSync(victim, 'precious', { mode: 0o600 })
  /** Somebody who may write in the folder is as quick as can be. */
  class Swapped extends Server {
    override listen(...words: unknown[]): this {
      Reflect.apply(super.listen.bind(this), undefined, words)
      unlinkSync(path)
      symlinkSync(victim, path)
      return this
    }
  }
  const server = new Swapped()
  try {
    const before = statSync(victim)
    const [user, group] = process.getuid?.() === 0 ? [1, 1] : [before.uid, before.gid]
    await startListening(server, { kind: 'unix', path, mode: 0o666, owner: { user, group } })
    const after = statSync(victim)
    assert.deepEqual([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid])
    assert.deepEqual([lstatSync(path).uid, lstatSync(path).gid], [user, group])
  } finally {
    server.close()
  }
})
