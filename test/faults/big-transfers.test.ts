import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { eventually, startServer, type ServerProcess } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const gibibyte = 1024 ** 3
const most = 150 * 1024 ** 2

/** Node 22 and newer let more garbage lie before they collect it: there, as docs/performance.md says for small machines. */
const environment = Number(process.versions.node.split('.')[0]) >= 22 ? { NODE_OPTIONS: '--max-semi-space-size=4' } : {}

const scripts = {
  'cgi-bin/count': '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\n"\nwc -c | tr -d " "\n',
  'cgi-bin/give': `#!/bin/sh\nprintf "Content-Type: application/octet-stream\\n\\n"\nhead -c ${gibibyte} /dev/zero\n`,
  'cgi-bin/echo': '#!/bin/sh\nprintf "Content-Type: application/octet-stream\\n\\n"\nexec cat\n',
}

async function upload(server: ServerProcess, path: string, length: number, chunked: boolean): Promise<number | string> {
  const headers = chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': length }
  const post = request(new URL(path, server.url), { method: 'POST', headers })
  const answered = once(post, 'response')
  void (async () => {
    const part = Buffer.alloc(256 * 1024)
    for (let sent = 0; sent < length; sent += part.length) if (!post.write(part)) await once(post, 'drain')
    post.end()
  })()
  const [response]: (AsyncIterable<Buffer> & { statusCode: number })[] = await answered
  let bytes = 0
  let text = ''
  for await (const chunk of response ?? []) {
    bytes += chunk.length
    if (bytes < 100) text += chunk.toString()
  }
  return path.endsWith('count') ? text : bytes
}

test('faults: uploads of 1 GiB, of known length and chunked, and an answer of 1 GiB leave memory below 150 MiB', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root, '--prod', '--access-log', 'off'], environment)
  assert.equal(await upload(server, 'cgi-bin/count', gibibyte, false), `${gibibyte}\n`)
  assert.equal(await upload(server, 'cgi-bin/count', gibibyte, true), `${gibibyte}\n`)
  assert.equal(await upload(server, 'cgi-bin/give', 0, false), gibibyte)
  assert.ok(server.peakMemory() < most, `${Math.round(server.peakMemory() / 1024 ** 2)} MiB`)
})

test('RFC 3875 4.2: a script that answers while it reads gets and gives 256 MiB without a deadlock, in flat memory', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer([site.root, '--prod', '--access-log', 'off'], environment)
  const length = gibibyte / 4
  assert.equal(await upload(server, 'cgi-bin/echo', length, false), length)
  assert.equal(await upload(server, 'cgi-bin/echo', length, true), length)
  assert.ok(server.peakMemory() < most, `${Math.round(server.peakMemory() / 1024 ** 2)} MiB`)
})

test('backpressure: a client that reads nothing stops the script, and memory stays flat', async () => {
  using site = temporarySite(scripts)
  await using server = await startServer(
    [site.root, '--prod', '--access-log', 'off', '--send-timeout', '2s'],
    environment,
  )
  const { hostname, port } = new URL(server.url)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => {})
  socket.pause()
  socket.write('GET /cgi-bin/give HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.ok(await eventually(() => server.children().length > 0, 3000))
  assert.ok(await eventually(() => server.children().length === 0, 10_000), 'sendTimeout ends the script')
  assert.ok(server.peakMemory() < most, `${Math.round(server.peakMemory() / 1024 ** 2)} MiB`)
  socket.destroy()
})
