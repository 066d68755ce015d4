// The library as its users mount it: each example of README.md and docs/guides/library.md, run for real.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { cgi, createGateway, files, folder, serve, type GatewayEvent } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'

const show = `#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
printf '%s|%s|%s|%s|%s|' "$REQUEST_METHOD" "$SCRIPT_NAME" "$PATH_INFO" "$QUERY_STRING" "$REMOTE_USER"
cat
`

async function listening(listener: RequestListener): Promise<{ url: string; server: Server } & Disposable> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  return {
    server,
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.dispose]: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

test('library: serve() serves a folder until it is closed', async () => {
  using site = temporarySite({ 'index.html': '<p>hello', 'cgi-bin/show': show })
  const server = await serve(site.root, { port: 0 })
  assert.equal(await (await fetch(server.url)).text(), '<p>hello')
  assert.equal(await (await fetch(`${server.url}cgi-bin/show/a?b`)).text(), 'GET|/cgi-bin/show|/a|b||')
  await server.close()
  await assert.rejects(fetch(server.url))
})

test('library: createGateway() in plain node:http, with routes, the longest prefix first', async () => {
  using site = temporarySite({ 'pages/a.txt': 'a', 'scripts/show': show, 'site/cgi-bin/show': show })
  await using gateway = createGateway({
    routes: [
      { path: '/', to: files(`${site.root}/pages`) },
      { path: '/old/', to: cgi(`${site.root}/scripts`) },
      { path: '/old/site', to: folder(`${site.root}/site`) },
      { path: '/one', to: cgi({ script: `${site.root}/scripts/show` }) },
    ],
  })
  using server = await listening(gateway.node())
  const text = async (path: string): Promise<string> => (await fetch(server.url + path)).text()
  assert.equal(await text('/a.txt'), 'a')
  assert.equal(await text('/old/show/x'), 'GET|/old/show|/x|||')
  assert.equal(await text('/old/site/cgi-bin/show/x'), 'GET|/old/site/cgi-bin/show|/x|||')
  assert.equal(await text('/one/x/y'), 'GET|/one|/x/y|||')
  assert.equal(await text('/one'), 'GET|/one||||')
  assert.equal(await text('/one/'), 'GET|/one|/|||')
})

const maps = '/proc/self/maps'

test('library: files() alone has nothing to start programs with', { skip: !existsSync(maps) && 'needs /proc' }, () => {
  using site = temporarySite({ 'a.txt': 'a' })
  const library = fileURLToPath(new URL('../../../dist/index.js', import.meta.url))
  const program = `
    import { readFileSync } from 'node:fs'
    import { cgi, createGateway, files } from ${JSON.stringify(library)}
    const isLoaded = () => /koffi/.test(readFileSync('${maps}', 'utf8'))
    const to = ${JSON.stringify(site.root)}
    const gateway = createGateway({ routes: [{ path: '/', to: files(to) }] })
    const answer = await gateway.fetch(new Request('http://localhost/a.txt'))
    console.log(await answer.text(), isLoaded())
    createGateway({ routes: [{ path: '/', to: cgi(to) }] })
    console.log(isLoaded())
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  })
  assert.equal(stdout, 'a false\ntrue\n', stderr)
})

test('library: Express: under a mount, beside other routes, with its user', async () => {
  using site = temporarySite({ 'show.cgi': show, 'cgi-bin/show': show })
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root) }] })
  const app = express()
  app.get('/new', (_, response) => void response.send('express'))
  app.use('/legacy', gateway.node({ user: () => ({ name: 'ada', authType: 'Basic' }) }))
  using server = await listening((request, response) => void app(request, response))
  assert.equal(await (await fetch(`${server.url}/new`)).text(), 'express')
  const answer = await fetch(`${server.url}/legacy/cgi-bin/show/p?q`, { method: 'POST', body: 'body' })
  assert.equal(await answer.text(), 'POST|/legacy/cgi-bin/show|/p|q|ada|body')
})

test('library: Express: a body parser in front is a clear 500 in the log, not an empty body', async () => {
  using site = temporarySite({ 'cgi-bin/show': show })
  const events: GatewayEvent[] = []
  await using gateway = createGateway({
    routes: [{ path: '/', to: folder(site.root) }],
    observe: (event) => void events.push(event),
  })
  const app = express()
  app.use(express.text())
  app.use(gateway.node())
  using server = await listening((request, response) => void app(request, response))
  const answer = await fetch(`${server.url}/cgi-bin/show`, { method: 'POST', body: 'body' })
  assert.equal(answer.status, 500)
  assert.match(JSON.stringify(events), /mount postern before anything that parses bodies/)
})

test('library: Fastify: the reply is hijacked, bodies stay unread', async () => {
  using site = temporarySite({ 'cgi-bin/show': show })
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root) }] })
  const handle = gateway.node()
  const app = fastify()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  app.all('/cgi-bin/*', (request, reply) => {
    reply.hijack()
    handle(request.raw, reply.raw)
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const answer = await fetch(`${url}/cgi-bin/show/p`, { method: 'POST', body: 'body' })
  assert.equal(await answer.text(), 'POST|/cgi-bin/show|/p|||body')
  await app.close()
})

test('library: Hono: a Request in, a Response out', async () => {
  using site = temporarySite({ 'cgi-bin/show': show })
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root) }] })
  const app = new Hono()
  app.get('/new', (context) => context.text('hono'))
  app.all('/legacy/*', (context) => gateway.fetch(context.req.raw, { mount: '/legacy' }))
  assert.equal(await (await app.request('/new')).text(), 'hono')
  const answer = await app.request('/legacy/cgi-bin/show/p?q', { method: 'POST', body: 'body' })
  assert.equal(await answer.text(), 'POST|/legacy/cgi-bin/show|/p|q||body')
})

test('library: the fetch frontend streams, and cancelling the body ends the script', async () => {
  const events: GatewayEvent[] = []
  using site = temporarySite({
    'cgi-bin/endless': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"\nwhile :; do echo tick; sleep 0.05; done\n',
  })
  await using gateway = createGateway({
    routes: [{ path: '/', to: folder(site.root) }],
    observe: (event) => void events.push(event),
  })
  const answer = await gateway.fetch(new Request('http://localhost/cgi-bin/endless'))
  const reader = answer.body?.getReader()
  assert.match(Buffer.from((await reader?.read())?.value ?? []).toString(), /tick/)
  await reader?.cancel()
  for (let wait = 0; wait < 100 && !events.some(({ type }) => type === 'program-ended'); wait++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.ok(events.some((event) => event.type === 'program-ended' && event.ending.signal === 'SIGTERM'))
})

test('library: options that cannot be are named in a TypeError', async () => {
  using site = temporarySite({})
  const reject = async (options: object, pattern: RegExp): Promise<void> => {
    await assert.rejects(
      serve(site.root, { port: 0, ...options }),
      (error) => error instanceof TypeError && pattern.test(error.message),
    )
  }
  await reject({ firstByteTimout: '3s' }, /firstByteTimout/)
  await reject({ firstByteTimeout: '3 parsecs' }, /firstByteTimeout.*30s/)
  await reject({ maxBody: -1 }, /maxBody/)
  await reject({ env: { CONTENT_LENGTH: '5' } }, /CONTENT_LENGTH|gateway itself/)
  await reject({ trustedProxies: ['everybody'] }, /everybody/)
  await assert.rejects(serve(`${site.root}/nowhere`, { port: 0 }), /nowhere/)
})
