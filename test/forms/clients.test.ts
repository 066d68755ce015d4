// Real clients, over real sockets: curl, a browser, node:http, Express; large uploads and broken ones.

import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import { FormError, FormFile, formParts, readForm } from '../../src/forms.ts'
import { startBrowser } from '../support/browser.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { boundary, head, multipartType } from './bodies.ts'

interface Listening extends AsyncDisposable {
  readonly port: number
  readonly url: string
}

async function listening(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function described(request: IncomingMessage, folder: string): Promise<string> {
  await using form = await readForm(request, { folder, maxFileBytes: 1_000_000 })
  return JSON.stringify(
    [...form].map(([name, value]) =>
      value instanceof FormFile ? [name, value.filename, value.type, value.size] : [name, value],
    ),
  )
}

/** Answers with what it read, or with the error's own answer. */
function describing(folder: string): RequestListener {
  return (request, response) => {
    described(request, folder).then(
      (text) => response.setHeader('Content-Type', 'application/json').end(text),
      (error: unknown) => {
        response.statusCode = error instanceof FormError ? error.status : 500
        response.end(String(error))
      },
    )
  }
}

async function ran(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await once(child, 'close')
  return text
}

test('curl: fields, files and odd names, in multipart and urlencoded', { skip: missing('curl') }, async () => {
  using site = temporarySite({ 'up/a b.txt': 'hello', 'up/q"uote\\.bin': Buffer.alloc(100_000), 'forms/x': '' })
  const folder = join(site.root, 'forms')
  await using server = await listening(describing(folder))
  const curl = (...args: readonly string[]): Promise<string> => ran('curl', ['-s', '-m', '30', ...args, server.url])
  const { stdout } = spawnSync('curl', ['--version'], { encoding: 'utf8' })
  assert.deepEqual(
    JSON.parse(
      await curl(
        '-F',
        'x=ü&1',
        '-F',
        `f=@"${site.root}/up/a b.txt";type=text/x-y`,
        '-F',
        'g=@-;filename=é"\\.bin',
        '-F',
        'x=2',
      ),
    ),
    [
      ['x', 'ü&1'],
      ['f', 'a b.txt', 'text/x-y', 5],
      ['g', 'é"\\.bin', 'application/octet-stream', 0],
      ['x', '2'],
    ],
    stdout,
  )
  assert.deepEqual(
    JSON.parse(await curl('-F', 'big=<' + join(site.root, 'up/a b.txt'), '-H', 'Expect: 100-continue')),
    [['big', 'hello']],
  )
  assert.deepEqual(JSON.parse(await curl('--data-urlencode', 'x=ü&1 %', '-d', 'y')), [
    ['x', 'ü&1 %'],
    ['y', ''],
  ])
  assert.deepEqual(JSON.parse(await curl('-H', 'Transfer-Encoding: chunked', '-F', 'x=1')), [['x', '1']])
  assert.match(await curl('-d', '{}', '-H', 'Content-Type: application/json'), /FormError/)
  assert.deepEqual(readdirSync(folder), ['x'])
})

test(
  'node:http: an upload past a limit is answered with 413 on its connection',
  { skip: missing('curl') },
  async () => {
    using site = temporarySite({ big: Buffer.alloc(3_000_000), 'forms/x': '' })
    const folder = join(site.root, 'forms')
    await using server = await listening(describing(folder))
    const written = await ran('curl', [
      '-s',
      '-m',
      '30',
      '-w',
      '\n%{http_code}',
      '-F',
      `f=@${site.root}/big`,
      server.url,
    ])
    assert.match(written, /maxFileBytes[^]*\n413$/)
    assert.deepEqual(readdirSync(folder), ['x'])
  },
)

test('Express: a form is read before a body parser, and after one it is a TypeError that says so', async () => {
  using site = temporarySite({ 'forms/x': '' })
  const application = express()
  const folder = join(site.root, 'forms')
  application.post('/plain', describing(folder))
  application.post('/parsed', express.urlencoded(), (request, response) => {
    readForm(request).then(
      () => response.end('read'),
      (error: unknown) => response.end(String(error)),
    )
  })
  await using server = await listening(application)
  const post = (path: string): Promise<Response> =>
    fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams('a=1') })
  assert.deepEqual(await (await post('plain')).json(), [['a', '1']])
  assert.match(await (await post('parsed')).text(), /TypeError: the body has been read already/)
})

test(
  'Chromium: a form with a file, text with line ends, a checkbox and an input without a file',
  { skip: missing('chromium') },
  async () => {
    using site = temporarySite({ 'forms/x': '' })
    const page = `<!DOCTYPE html><meta charset="utf-8"><form method="post" enctype="multipart/form-data" action="/">
    <input name='na"me&#13;&#10;x' value="ü"><textarea name="t">one\ntwo</textarea><input type="checkbox" name="c" checked>
    <input type="file" name="none"><input type="file" name="f" id="f"></form>
    <script>const data = new DataTransfer()
    data.items.add(new File(['12345'], 'q"ü\\\\.txt', { type: 'text/plain' }))
    document.getElementById('f').files = data.files</script>`
    const describe = describing(join(site.root, 'forms'))
    await using server = await listening((request, response) => {
      if (request.method === 'POST') describe(request, response)
      else response.setHeader('Content-Type', 'text/html').end(page)
    })
    await using browser = await startBrowser()
    await browser.open(server.url)
    await browser.until('document.readyState === "complete" && document.getElementById("f")?.files.length === 1')
    await browser.run('void document.forms[0].submit()')
    await browser.until('document.body.innerText.startsWith("[[")')
    const shown = await browser.run('document.body.innerText')
    assert.deepEqual(JSON.parse(String(shown)), [
      ['na"me\r\nx', 'ü'],
      ['t', 'one\r\ntwo'],
      ['c', 'on'],
      ['f', 'q"ü\\.txt', 'text/plain', 5],
    ])
  },
)

test('node:http: a client that goes away in a file leaves nothing, and the reader is told', async () => {
  using site = temporarySite({ 'forms/x': '' })
  const folder = join(site.root, 'forms')
  const outcomes = new EventEmitter()
  const outcome = once(outcomes, 'outcome')
  const tell = (value: unknown): boolean => outcomes.emit('outcome', value)
  await using server = await listening((request) => {
    readForm(request, { folder }).then(tell, tell)
  })
  const socket = connect(server.port, '127.0.0.1')
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nContent-Type: ${multipartType}\r\n\r\n`)
  socket.write(`--${boundary}\r\n${head('name="a"; filename="f"')}${'x'.repeat(100_000)}`)
  for (let tries = 0; readdirSync(folder).length < 2 && tries < 500; tries++) await sleep(20)
  assert.equal(readdirSync(folder).length, 2)
  socket.destroy()
  const [error]: unknown[] = await outcome
  assert.ok(error instanceof FormError)
  assert.equal(error.kind, 'broken-off')
  assert.deepEqual(readdirSync(folder), ['x'])
})

test('node:http: 200 MiB go to the disk, and to a reader, with memory flat', async () => {
  using site = temporarySite({ 'forms/x': '' })
  const chunk = Buffer.alloc(256 * 1024, 'abcdefghijklm')
  const chunks = 800
  let most = 0
  const before = process.memoryUsage().rss
  await using server = await listening((request, response) => {
    void (async () => {
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss - before)
      }, 20)
      try {
        const hash = createHash('sha256')
        if (request.url === '/disk') {
          await using form = await readForm(request, {
            folder: join(site.root, 'forms'),
            maxBodyBytes: 1e9,
            maxFileBytes: 1e9,
          })
          response.end(String(form.file('f')?.size))
          return
        }
        for await (const part of formParts(request, { maxBodyBytes: 1e9, maxFileBytes: 1e9 })) {
          for await (const bytes of part.content) hash.update(bytes)
        }
        response.end(hash.digest('hex'))
      } finally {
        clearInterval(watch)
      }
    })()
  })
  const upload = async (path: string): Promise<string> => {
    const outgoing = httpRequest(`${server.url}${path}`, { method: 'POST', headers: { 'Content-Type': multipartType } })
    const answered = once(outgoing, 'response')
    outgoing.write(`--${boundary}\r\n${head('name="f"; filename="f"')}`)
    for (let sent = 0; sent < chunks; sent++) if (!outgoing.write(chunk)) await once(outgoing, 'drain')
    outgoing.end(`\r\n--${boundary}--\r\n`)
    const [answer]: unknown[] = await answered
    let text = ''
    assert.ok(isMessage(answer))
    for await (const piece of answer.setEncoding('utf8')) text += String(piece)
    return text
  }
  assert.equal(await upload('disk'), String(chunk.length * chunks))
  const expected = createHash('sha256')
  for (let index = 0; index < chunks; index++) expected.update(chunk)
  assert.equal(await upload('stream'), expected.digest('hex'))
  assert.ok(most < 120 * 1024 * 1024, `${Math.round(most / 1024 / 1024)} MiB more than before`)
  assert.deepEqual(readdirSync(join(site.root, 'forms')), ['x'])
})

function isMessage(value: unknown): value is IncomingMessage {
  return typeof value === 'object' && value !== null && 'statusCode' in value
}
