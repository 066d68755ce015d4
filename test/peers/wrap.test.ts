// Scripts of `postern wrap` under web servers that run CGI programs: the application behind them is loaded once.

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { missing } from '../support/real-parts.ts'
import { eventually, startServer } from '../support/server-process.ts'
import { python, wrapped, type Wrapped } from '../support/wrapped.ts'
import { startApache } from './apache-server.ts'
import { startLighttpd } from './lighttpd-cgi.ts'
import { ask, type Asked } from './pairs/client.ts'

interface CgiServer extends AsyncDisposable {
  readonly url: string
}

interface Kind {
  readonly name: string
  readonly skip: string | false
  start(site: string): Promise<CgiServer>
}

const kinds: readonly Kind[] = [
  { name: 'Apache, mod_cgid', skip: missing('apache2', python), start: startApache },
  { name: 'lighttpd, mod_cgi', skip: missing('lighttpd', python), start: startLighttpd },
  { name: 'Postern', skip: missing(python), start: (site) => startServer([site, '--prod']) },
  { name: 'Postern, cold', skip: missing(python), start: (site) => startServer([site, '--prod', '--warm', 'off']) },
]

const flask = missing(python, '/usr/lib/python3/dist-packages/flask/__init__.py')

interface Told {
  readonly [name: string]: unknown
  readonly pid: number
  readonly body: readonly [length: number, hash: string]
  readonly environment: Readonly<Record<string, string>>
}

/** Each on a connection of its own: one that a client keeps may be closed by the server just when it is used again. */
async function tell(url: URL, asked?: Asked): Promise<Told> {
  const { status, body } = await ask(url.href, asked)
  assert.ok(status >= 200 && status < 300, `${status} ${body}`)
  const told: Told = JSON.parse(body)
  return told
}

function hashed(body: Buffer): readonly [number, string] {
  return [body.length, createHash('sha256').update(body).digest('hex')]
}

type Url = (path: string) => URL

/** One after another, on one web server. */
const cases: Readonly<Record<string, (stage: Wrapped, url: Url) => Promise<void>>> = {
  'two first requests at once start one server, and later ones find it': async (stage, url) => {
    const first = await Promise.all(Array.from({ length: 4 }, () => tell(url('/cgi-bin/app.cgi/'))))
    const second = await tell(url('/cgi-bin/app.cgi/'))
    assert.equal(new Set([...first, second].map(({ pid }) => pid)).size, 1)
    assert.equal(stage.servers().length, 1)
  },

  'what the web server says reaches the application (PEP 3333)': async (_, url) => {
    const told = await tell(url('/cgi-bin/app.cgi/a%20b/%C3%A9?x=%20y'), { fields: { 'X-Word': 'word' } })
    assert.equal(told['SCRIPT_NAME'], '/cgi-bin/app.cgi')
    assert.equal(told['PATH_INFO'], Buffer.from('/a b/é').toString('latin1'))
    assert.equal(told['QUERY_STRING'], 'x=%20y')
    assert.equal(told['HTTP_X_WORD'], 'word')
    assert.equal(told['HTTP_HOST'], url('/').host)
    assert.equal(told['REMOTE_ADDR'], '127.0.0.1')
    assert.equal(told['REQUEST_METHOD'], 'GET')
    assert.equal(told['SERVER_PORT'], url('/').port)
    assert.equal(told['wsgi.url_scheme'], 'http')
    assert.equal(told['wsgi.run_once'], false)
    assert.equal(told['wsgi.multithread'], true)
    assert.equal((await tell(url('/cgi-bin/app.cgi')))['PATH_INFO'], '')
    // Security: what is one request's is in no environment, where the next one would find it.
    const ofRequests = /^(?:HTTP|REMOTE|QUERY|SCRIPT|REQUEST)_/
    assert.deepEqual(
      Object.keys(told.environment).filter((name) => ofRequests.test(name)),
      [],
    )
  },

  'POST, uploads, HEAD, statuses and fields': async (_, url) => {
    const page = url('/cgi-bin/app.cgi/made')
    assert.deepEqual(
      (await tell(page, { method: 'POST', body: Buffer.from('word') })).body,
      hashed(Buffer.from('word')),
    )
    const large = randomBytes(3_000_000)
    assert.deepEqual((await tell(page, { method: 'PUT', body: large })).body, hashed(large))
    const head = await fetch(page, { method: 'HEAD' })
    assert.deepEqual([head.status, await head.text()], [201, ''])
    assert.match(head.headers.get('x-pid') ?? '', /^\d+$/)
    const big = Buffer.from(await (await fetch(url('/cgi-bin/app.cgi/big'))).arrayBuffer())
    assert.equal(big.length, 4096 * 128 * 8)
    assert.equal(big.subarray(-8).toString(), '0004095\n')
  },

  'an answer before the body has been read comes whole': async (_, url) => {
    const response = await fetch(url('/cgi-bin/app.cgi/early'), { method: 'POST', body: randomBytes(3_000_000) })
    assert.deepEqual([response.status, (await response.text()).length], [413, 500_000])
  },

  'an answer arrives as it comes': async (stage, url) => {
    const go = join(stage.root, 'go')
    const outgoing = request(url(`/cgi-bin/app.cgi/stream?${go}`)).end()
    const [response]: IncomingMessage[] = await once(outgoing, 'response')
    assert.ok(response)
    let text = ''
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    assert.ok(await eventually(() => text === 'one\n', 20_000), text)
    const ended = once(response, 'end')
    writeFileSync(go, '')
    await ended
    assert.equal(text, 'one\ntwo\n')
  },

  'an application that raises is 500, and stays': async (stage, url) => {
    const { pid } = await tell(url('/cgi-bin/app.cgi/'))
    assert.equal((await fetch(url('/cgi-bin/app.cgi/raise'))).status, 500)
    assert.equal((await tell(url('/cgi-bin/app.cgi/'))).pid, pid)
    assert.match(stage.log(), /ValueError: as it was asked/)
  },

  'a server that was killed is replaced by the next request': async (stage, url) => {
    const { pid } = await tell(url('/cgi-bin/app.cgi/'))
    await stage.kill()
    assert.notEqual((await tell(url('/cgi-bin/app.cgi/'), { method: 'POST', body: Buffer.from('word') })).pid, pid)
    assert.equal(stage.servers().length, 1)
  },

  'a script that has been touched has another server': async (stage, url) => {
    const { pid } = await tell(url('/cgi-bin/app.cgi/'))
    utimesSync(join(stage.root, 'cgi-bin/app.cgi'), 1_000_000_000, 1_000_000_000)
    assert.notEqual((await tell(url('/cgi-bin/app.cgi/'))).pid, pid)
  },

  'an idle server ends, with its workers': async (stage, url) => {
    stage.script('idle.cgi', 'plain', '--workers', '1', '--exit-when-idle', '1s')
    const before = stage.servers().length
    const { pid } = await tell(url('/cgi-bin/idle.cgi/'))
    assert.ok(await eventually(() => stage.servers().length === before, 30_000))
    assert.ok(await eventually(() => !existsSync(`/proc/${pid}`), 20_000))
    assert.notEqual((await tell(url('/cgi-bin/idle.cgi/'))).pid, pid)
  },
}

for (const kind of kinds) {
  test(`wrap: ${kind.name}`, { skip: kind.skip }, async (t) => {
    await using stage = wrapped()
    stage.script('app.cgi', 'plain', '--workers', '1', '--threads', '4')
    await using server = await kind.start(stage.root)
    for (const [title, run] of Object.entries(cases)) {
      await t.test(`wrap: ${kind.name}: ${title}`, () => run(stage, (path) => new URL(path, server.url)))
    }
  })

  test(`wrap: ${kind.name}: Flask`, { skip: kind.skip || flask }, async () => {
    await using stage = wrapped()
    stage.script('shop.cgi', 'shop:app', '--workers', '1')
    await using server = await kind.start(stage.root)
    const url = (path: string): URL => new URL(`/cgi-bin/shop.cgi${path}`, server.url)
    const hello = await (await fetch(url('/hello/me'))).text()
    assert.equal(hello, 'hello me, see /cgi-bin/shop.cgi/hello/you')
    const form = new FormData()
    form.set('word', 'some')
    form.set('file', new Blob([randomBytes(300_000)]), 'picture.png')
    const uploaded = await fetch(url('/upload'), { method: 'POST', body: form })
    assert.equal(await uploaded.text(), 'some picture.png 300000')
    assert.equal(await (await fetch(url('/away'))).text(), 'hello a b, see /cgi-bin/shop.cgi/hello/you')
    assert.equal((await fetch(url('/none'))).status, 404)
    assert.equal((await fetch(url('/raise'))).status, 500)
  })
}
