// `postern bridge`, as its user has it: processes of its own, chained over every interface.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { byteStringOfText } from '../../src/bytes/byte-string.ts'
import { fastCgiApplication, plainHead } from '../support/fastcgi-application.ts'
import { findProgram, missing } from '../support/real-parts.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const command = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

function startedWith(args: readonly string[], env: NodeJS.ProcessEnv, input: string) {
  const child = spawn(process.execPath, [command, 'bridge', ...args], { env })
  child.stdin.on('error', () => {}).end(input)
  return child
}

/** A bridge that ends of itself. */
async function bridged(args: readonly string[], env: NodeJS.ProcessEnv = process.env, input = ''): Promise<Ended> {
  const child = startedWith(args, env, input)
  let [output, errors] = ['', '']
  child.stdout.setEncoding('latin1').on('data', (text: string) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const [code]: (number | null)[] = await once(child, 'close')
  return { code: code ?? null, output, errors }
}

interface Bridge extends AsyncDisposable {
  readonly url: string
  log(): string
}

/** A bridge that listens. */
async function bridge(...args: readonly string[]): Promise<Bridge> {
  const child = startedWith([...args, '--prod', '--access-log', 'off'], process.env, '')
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const address = await Promise.race([
    once(lines, 'line').then(([line]: unknown[]) => String(line)),
    exited.then(() => Promise.reject(new Error(`the bridge ended: ${errors}`))),
  ])
  return {
    url: address.replace('listening on ', ''),
    log: () => errors,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

const site = {
  'cgi-bin/say': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n$REQUEST_METHOD $PATH_INFO $QUERY_STRING "\ncat\n',
  'cgi-bin/fails': '#!/bin/sh\nexit 3\n',
  'page.html': '<p>page</p>',
}

const target = '/cgi-bin/say/a%20b?c=d'
const said = 'POST /a b c=d body'

function post(url: string): Promise<Response> {
  return fetch(new URL(target, url), { method: 'POST', body: 'body' })
}

test('bridge: http to process: a folder as `postern serve` serves it', async () => {
  using folder = temporarySite(site)
  await using http = await bridge('--from', 'http:127.0.0.1:0', '--to', 'process', '--root', folder.root)
  assert.equal(await (await post(http.url)).text(), said)
  assert.equal(await (await fetch(new URL('/page.html', http.url))).text(), '<p>page</p>')
})

for (const kind of ['fastcgi', 'scgi', 'uwsgi', 'http']) {
  test(`bridge: http to ${kind}, and ${kind} to process, is the same answer`, async () => {
    using folder = temporarySite(site)
    const socket = `${kind}:unix:${join(folder.root, 'socket')}`
    await using _behind = await bridge('--from', socket, '--to', 'process', '--root', folder.root)
    await using http = await bridge('--from', 'http:127.0.0.1:0', '--to', socket)
    for (let request = 0; request < 3; request++) assert.equal(await (await post(http.url)).text(), said)
    const large = 'x'.repeat(1_000_000)
    const echoed = await fetch(new URL('/cgi-bin/say', http.url), { method: 'PUT', body: large })
    assert.equal((await echoed.text()).length, 'PUT   '.length + large.length)
    assert.equal((await fetch(new URL('/cgi-bin/fails', http.url))).status, 502)
    assert.equal((await fetch(new URL('/nothing', http.url))).status, 404)
  })

  test(`bridge: cgi to ${kind}: the way out of a server that can only do CGI`, async () => {
    using folder = temporarySite(site)
    const socket = `${kind}:unix:${join(folder.root, 'socket')}`
    await using _behind = await bridge('--from', socket, '--to', 'process', '--root', folder.root)
    const env = {
      PATH: process.env['PATH'],
      GATEWAY_INTERFACE: 'CGI/1.1',
      REQUEST_METHOD: 'POST',
      REQUEST_URI: target,
      SCRIPT_NAME: '',
      PATH_INFO: '/cgi-bin/say/a b',
      QUERY_STRING: 'c=d',
      CONTENT_LENGTH: '4',
      SERVER_NAME: 'a.example',
      SERVER_PORT: '80',
      SERVER_PROTOCOL: 'HTTP/1.1',
      REMOTE_ADDR: '127.0.0.1',
      HTTP_HOST: 'a.example',
    }
    const { code, output, errors } = await bridged(['--from', 'cgi', '--to', socket], env, 'body')
    assert.match(output, /^Status: 200[^]*\r?\n\r?\nPOST \/a b c=d body$/, errors)
    assert.equal(code, 0)
  })
}

const asCgi = {
  PATH: process.env['PATH'],
  GATEWAY_INTERFACE: 'CGI/1.1',
  REQUEST_METHOD: 'GET',
  QUERY_STRING: '',
  SERVER_NAME: 'a.example',
  SERVER_PORT: '80',
  SERVER_PROTOCOL: 'HTTP/1.1',
  REMOTE_ADDR: '127.0.0.1',
  HTTP_HOST: 'a.example',
}

for (const [scriptName, pathInfo, uri] of [
  ['/cgi-bin/app.cgi', '/x y', '/cgi-bin/app.cgi/x%20y'],
  ['/cgi-bin/app.cgi', '', '/cgi-bin/app.cgi'],
  // Rewritten to it.
  ['/cgi-bin/app.cgi', '/page', '/page'],
  ['/~ada/caf\u00e9.cgi', '/x', '/~ada/caf%C3%A9.cgi/x'],
  ['', '/x', '/x'],
] as const) {
  test(`RFC 3875 4.1.13: bridge --from cgi: SCRIPT_NAME ${scriptName} and PATH_INFO ${pathInfo} stay what they were`, async () => {
    const heard: ReadonlyMap<string, string>[] = []
    await using application = await fastCgiApplication({
      onBody: (reply) => {
        heard.push(reply.request.variables)
        reply.stdout(`${plainHead}ok`)
        reply.end()
      },
    })
    const env = { ...asCgi, SCRIPT_NAME: scriptName, PATH_INFO: pathInfo, REQUEST_URI: uri }
    const { code, output, errors } = await bridged(['--from', 'cgi', '--to', `fastcgi:${application.text}`], env)
    assert.match(output, /ok$/, errors)
    assert.equal(code, 0)
    assert.equal(heard[0]?.get('SCRIPT_NAME'), byteStringOfText(scriptName))
    assert.equal(heard[0]?.get('PATH_INFO') ?? '', byteStringOfText(pathInfo))
    assert.equal(heard[0]?.get('REQUEST_URI'), uri)
  })
}

test('RFC 3875 4.1.13: bridge --from cgi --to process: a folder lies where the bridge does', async () => {
  using folder = temporarySite({
    'say.cgi': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n$SCRIPT_NAME $PATH_INFO"\n',
  })
  const env = { ...asCgi, SCRIPT_NAME: '/cgi-bin/app.cgi', PATH_INFO: '/say.cgi/x' }
  const { output, errors } = await bridged(['--from', 'cgi', '--to', 'process', '--root', folder.root], env)
  assert.match(output, /\/cgi-bin\/app\.cgi\/say\.cgi \/x$/, errors)
})

test('bridge: http to warm', { skip: missing('python3') }, async () => {
  const script = '#!/usr/bin/env python3\nprint("Content-Type: text/plain\\n\\nwarm")\n'
  using folder = temporarySite({ 'cgi-bin/hello.py': script })
  await using http = await bridge('--from', 'http:127.0.0.1:0', '--to', 'warm', '--root', folder.root)
  assert.equal(await (await fetch(new URL('/cgi-bin/hello.py', http.url))).text(), 'warm\n')
})

test(
  'bridge: http to fastcgi with --root: PHP files go to php-cgi, others are sent',
  { skip: missing('php-cgi') },
  async () => {
    using folder = temporarySite({ 'index.php': '<?php echo "php ", $_GET["n"];', 'page.html': '<p>page</p>' })
    const socket = join(folder.root, 'php.sock')
    const php = spawn(findProgram('php-cgi') ?? 'php-cgi', ['-b', socket], { stdio: 'ignore' })
    try {
      await using http = await bridge(
        '--from',
        'http:127.0.0.1:0',
        '--to',
        `fastcgi:unix:${socket}`,
        '--root',
        folder.root,
      )
      assert.ok(await eventually(() => existsSync(socket), 10_000))
      assert.equal(await (await fetch(new URL('/?n=1', http.url))).text(), 'php 1')
      assert.equal(await (await fetch(new URL('/page.html', http.url))).text(), '<p>page</p>')
    } finally {
      php.kill('SIGKILL')
      await once(php, 'exit')
    }
  },
)

test('bridge: of several upstreams one that is down costs no request, and the log says so', async () => {
  using folder = temporarySite(site)
  const [up, down] = ['up', 'down'].map((name) => `scgi:unix:${join(folder.root, name)}`)
  assert.ok(up !== undefined && down !== undefined)
  await using _behind = await bridge('--from', up, '--to', 'process', '--root', folder.root)
  await using http = await bridge('--from', 'http:127.0.0.1:0', '--to', down, '--to', up)
  for (let request = 0; request < 4; request++) assert.equal(await (await post(http.url)).text(), said)
  assert.match(http.log(), /down failed \(unreachable\) and rests; 1 of 2 are left/)
})

const mistakes: readonly [args: readonly string[], told: RegExp][] = [
  [[], /two sides: who asks is missing/],
  [['--from', 'cgi'], /two sides: who answers is missing/],
  [['--from', 'ajp:127.0.0.1:1', '--to', 'process'], /--from takes cgi, or KIND:ADDRESS.*not "ajp:127\.0\.0\.1:1"/],
  [['--from', 'http', '--to', 'process'], /--from takes cgi, or KIND:ADDRESS/],
  [['--from', 'cgi', '--from', 'http:127.0.0.1:0', '--to', 'process'], /stands alone/],
  [['--from', 'cgi', '--to', 'ajp:127.0.0.1:1'], /--to takes process, warm, or KIND:ADDRESS.*not "ajp/],
  [['--from', 'unix:/p', '--to', 'process'], /--from: the protocol is missing.*write fastcgi:unix:\/p/],
  [['--from', 'cgi', '--to', 'unix:/p'], /--to: the protocol is missing.*write fastcgi:unix:\/p/],
  [['--from', 'cgi', '--to', '127.0.0.1:80'], /--to: the protocol is missing.*write fastcgi:127\.0\.0\.1:80/],
  [['--from', 'cgi', '--to', 'http://127.0.0.1:80/x'], /--to: an address is no URL; write http:127\.0\.0\.1:80, not/],
  [['--from', 'cgi', '--to', 'https://a.example/'], /--to: .*plain HTTP/],
  [
    ['--from', 'cgi', '--to', 'fastcgi:unix:/a', '--extension', '.php'],
    /postern: --extension: has no effect without root/,
  ],
  [['--from', 'cgi', '--to', 'http:127.0.0.1:1', '--upstream-host', 'a b'], /postern: --upstream-host: is .*host name/],
  [['--from', 'cgi', '--to', 'scgi:nowhere'], /an upstream's address is .*not "nowhere"/],
  [['--from', 'cgi', '--to', 'process'], /--to process needs --root/],
  [['--from', 'cgi', '--to', 'warm', '--to', 'warm'], /stands alone/],
  [['--from', 'cgi', '--to', 'scgi:unix:/a', '--to', 'uwsgi:unix:/b'], /of one kind, and "uwsgi:unix:\/b" is not scgi/],
  [['--from', 'cgi', '--to', 'scgi:unix:/a', '--root', '/'], /--root has no effect with --to scgi/],
  [['--from', 'cgi', '--to', 'scgi:unix:/a', '--modifier1', '5'], /--modifier1 has no effect with --to scgi/],
  [['--from', 'cgi', '--to', 'uwsgi:unix:/a', '--modifier1', '256'], /number from 0 to 255/],
]

for (const [args, told] of mistakes) {
  test(`bridge ${args.join(' ')}: one line that says what is wrong, and exit code 2`, async () => {
    const { code, output, errors } = await bridged(args)
    assert.equal(output, '')
    assert.match(errors, told)
    assert.equal(errors.trim().split('\n').length, 1)
    assert.equal(code, 2)
  })
}
