// The node and fetch frontends inside somebody else's program: nothing that goes wrong here may end that program.

import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import { test } from 'node:test'
import { cgi, createGateway, folder } from '../../src/index.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { exchangeBytes } from '../support/wire.ts'

const typed = 'printf "Content-Type: text/plain\\n\\n"\n'
const site = temporarySite({
  'file.txt': 'file\n',
  'cgi-bin/ok': `#!/bin/sh\n${typed}echo ok\n`,
  'cgi-bin/echo': `#!/bin/sh\n${typed}exec cat\n`,
  'cgi-bin/count': `#!/bin/sh\nn=$(wc -c)\n${typed}echo "$n"\n`,
  'cgi-bin/endless': `#!/bin/sh\necho $$ > endless.pid\n${typed}exec yes\n`,
  'cgi-bin/nph-nul': "#!/bin/sh\nprintf 'HTTP/1.1 200 O\\000K\\r\\nContent-Type: a/b\\r\\n\\r\\nx'\n",
})
process.on('exit', () => site[Symbol.dispose]())

async function listening(handler: RequestListener): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`, server }
}

const last = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`

function failingObserver(): never {
  throw new Error('a bad observer')
}

test('an observer that throws costs its request, and not the process', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root) }], observe: failingObserver })
  const { url, server } = await listening(gateway.node())
  await exchangeBytes(url, last('/none'))
  await exchangeBytes(url, last('/file.txt'))
  assert.ok(await eventually(() => warnings.length > 0, 1000))
  process.off('warning', onWarning)
  server.close()
})

test('an answer that somebody else has given already is left alone', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root) }] })
  const node = gateway.node()
  const { url, server } = await listening((request, response) => {
    response.end('before')
    node(request, response)
  })
  for (const target of ['/file.txt', '/cgi-bin/ok', '/cgi-bin/endless', '/none', '/cgi-bin']) {
    assert.match(await exchangeBytes(url, last(target)), /\r\n\r\n(6\r\n)?before/, target)
  }
  server.close()
})

test('a body that somebody else has read already is an error of this request alone', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root) }] })
  const node = gateway.node()
  const { url, server } = await listening((request, response) => {
    request.resume().once('end', () => node(request, response))
  })
  const post = 'POST /cgi-bin/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc'
  assert.match(await exchangeBytes(url, post), /^HTTP\/1.1 500/)
  assert.match(await exchangeBytes(url, last('/cgi-bin/ok')), /ok\n/)
  server.close()
})

test('CVE-2023-38709: a status line with a NUL ends neither a node nor a fetch program', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root) }] })
  const { url, server } = await listening(gateway.node())
  assert.match(await exchangeBytes(url, last('/cgi-bin/nph-nul')), /^HTTP\/1.1 502/)
  assert.equal((await gateway.fetch(new Request('http://a/cgi-bin/nph-nul'))).status, 502)
  server.close()
})

test('fetch: a response whose body is cancelled, or whose request is aborted, ends its script', async () => {
  await using gateway = createGateway({ killGrace: '100ms', routes: [{ path: '/', to: folder(site.root) }] })
  const { existsSync, readFileSync } = await import('node:fs')
  const isGone = (): boolean => !existsSync(`/proc/${readFileSync(`${site.root}/cgi-bin/endless.pid`, 'utf8').trim()}`)
  const cancelled = await gateway.fetch(new Request('http://a/cgi-bin/endless'))
  await cancelled.body?.cancel()
  assert.ok(await eventually(isGone, 3000))
  const aborting = new AbortController()
  const aborted = await gateway.fetch(new Request('http://a/cgi-bin/endless', { signal: aborting.signal }))
  aborting.abort()
  await assert.rejects(aborted.text())
  assert.ok(await eventually(isGone, 3000))
})

test('fetch: a request body that fails in the middle never looks whole to a script', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: cgi(`${site.root}/cgi-bin`) }] })
  for (const headers of [[], [['Content-Length', '300000']]] satisfies [string, string][][]) {
    let parts = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (parts++ < 3) controller.enqueue(Buffer.alloc(50_000, 'x'))
        else controller.error(new Error('broken'))
      },
    })
    const request = new Request('http://a/count', {
      method: 'POST',
      body,
      duplex: 'half',
      headers: new Headers(headers),
    })
    const response = await gateway.fetch(request)
    assert.equal(response.status, 400)
  }
})

test('fetch: methods, targets and fields that no server would let through are refused, not passed on', async () => {
  await using gateway = createGateway({ routes: [{ path: '/', to: folder(site.root) }] })
  const statuses = await Promise.all(
    [
      'http://a/%00',
      'http://a/cgi-bin/ok/%0a',
      'http://a/..%2f..%2fetc/passwd',
      'http://a/%2e%2e/%2e%2e/etc/passwd',
      'http://user:password@a/file.txt',
      'ftp://a/file.txt',
    ].map(async (url) => {
      try {
        return (await gateway.fetch(new Request(url))).status
      } catch (error) {
        return error instanceof TypeError ? 'TypeError' : 'crash'
      }
    }),
  )
  assert.deepEqual(statuses.slice(0, 5), [400, 400, 404, 404, 'TypeError'])
  assert.notEqual(statuses[5], 'crash')
})
