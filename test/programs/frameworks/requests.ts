// The table of requests that every framework's application answers alike, however the server is reached.

import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ask as askByHand } from '../../peers/client.ts'
import { eventually } from '../../support/server-process.ts'
import { sha256, type Application, type Data } from './applications.ts'
import { visitor, type Visitor } from './visitor.ts'

/** One way in which an application can be reached. */
export interface Way {
  /** With the mount, without a slash at its end. */
  readonly base: string
  /** Apache gives programs no length of a chunked body, and since CVE-2024-24795 takes theirs out of answers. */
  readonly isApacheCgi: boolean
  /** The path of the application's static files. */
  readonly staticPath: string
  readonly application: Application
  readonly data: Data
  /** What the servers have written to their logs so far. */
  readonly log: () => string
}

type Case = (way: Way, visit: Visitor) => Promise<void>

const longestMs = 30_000

export const requests: Readonly<Record<string, Case>> = {
  async 'a page: its links lead where the application is mounted'({ staticPath }, { ask, follow, mount }) {
    const page = await ask('/')
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
    const text = await page.text()
    const [, form = '', sheet = ''] = /href="([^"]+)".*href="([^"]+)"/.exec(text) ?? []
    assert.equal(form, `${mount}/form`)
    assert.ok(sheet.startsWith(staticPath), sheet)
    assert.match(await (await follow(form)).text(), new RegExp(`action="${mount}/form"`))
    const style = await follow(sheet)
    assert.equal(style.status, 200)
    assert.match(style.headers.get('content-type') ?? '', /^text\/css/)
    assert.match(await style.text(), /body/)
  },

  async 'PEP 3333 environ: SCRIPT_NAME, PATH_INFO, the query, and the URL that they make'(_, { json, mount, base }) {
    const said = await json('/where?a=1&b=%20%C3%A9')
    const { multithread, multiprocess, ...rest } = said
    assert.deepEqual(rest, {
      script_name: mount,
      path_info: '/where',
      query: 'a=1&b=%20%C3%A9',
      scheme: 'http',
      address: '127.0.0.1',
      host: new URL(base).host,
      url: rest['url'],
      run_once: false,
    })
    assert.match(String(rest['url']), new RegExp(`^${base}/where(?:\\?|$)`))
    assert.deepEqual([multithread, multiprocess], [true, true])
  },

  async 'PEP 3333 Unicode: other letters than ASCII in the path and the query'(_, { json }) {
    const said = await json(`/words/${encodeURIComponent('žlutý kůň')}?q=${encodeURIComponent('€ & ü')}`)
    assert.deepEqual(said, { word: 'žlutý kůň', query: '€ & ü' })
  },

  async 'a form: what is posted, a redirect, a cookie that comes back'(_, { ask, follow, mount, base }) {
    assert.equal((await ask('/greeting')).status, 403)
    const posted = await ask('/form', { method: 'POST', body: new URLSearchParams({ name: 'Žofie & Söhne' }) })
    assert.equal(posted.status, 302, await posted.text())
    const location = posted.headers.get('location') ?? ''
    assert.ok([`${mount}/greeting`, `${base}/greeting`].includes(location), location)
    const greeting = await follow(location)
    assert.equal(greeting.status, 200)
    assert.equal(await greeting.text(), 'Hello, Žofie & Söhne!\n')
  },

  async 'an upload: a file of three megabytes, and a field beside it'(_, { json }) {
    const content = randomBytes(3_000_000)
    const form = new FormData()
    form.set('note', 'größer')
    form.set('file', new Blob([new Uint8Array(content)]), 'Übung 1.bin')
    const { name, ...said } = await json('/upload', { method: 'POST', body: form })
    assert.deepEqual(said, { note: 'größer', size: content.length, sha256: sha256(content) })
    assert.equal(name, 'Übung 1.bin')
  },

  async 'a body of bytes: five megabytes, none at all, and an empty one'(_, { json }) {
    const content = new Uint8Array(randomBytes(5_000_000))
    const headers = { 'Content-Type': 'application/octet-stream' }
    const empty = { size: 0, sha256: sha256(new Uint8Array(0)) }
    const sent = await json('/bytes', { method: 'POST', headers, body: content })
    assert.deepEqual(sent, { size: content.length, sha256: sha256(content) })
    assert.deepEqual(await json('/bytes', { method: 'POST' }), empty)
    assert.deepEqual(await json('/bytes', { method: 'POST', headers, body: new Uint8Array(0) }), empty)
  },

  async 'RFC 9112 7.1: a body in chunks, whose length nobody has said'(way, { json, mount }) {
    const parts = [randomBytes(10), randomBytes(100_000), randomBytes(1)]
    const headers = { 'Content-Type': 'application/octet-stream' }
    const body = ReadableStream.from(parts.map((part) => new Uint8Array(part)))
    const whole = Buffer.concat(parts)
    if (way.isApacheCgi) {
      // By hand: fetch may fail to send a body that is refused before its end.
      const fields = ['Content-Type: application/octet-stream', 'Transfer-Encoding: chunked']
      const target = `${mount}/bytes`
      const refused = await askByHand(way.base, { method: 'POST', target, fields, body: '3\r\nabc\r\n0\r\n\r\n' })
      assert.equal(refused.status, 411)
      return
    }
    assert.deepEqual(await json('/bytes', { method: 'POST', headers, body, duplex: 'half' }), {
      size: whole.length,
      sha256: sha256(whole),
    })
  },

  async 'a resource: GET, HEAD, PUT, DELETE, and a method that it has not'(_, { ask, json }) {
    const shown = await ask('/things/7')
    const length = Buffer.from(await shown.clone().arrayBuffer()).length
    assert.deepEqual(await shown.json(), { id: 7, title: 'a thing' })
    const head = await ask('/things/7', { method: 'HEAD' })
    assert.deepEqual([head.status, await head.text()], [200, ''])
    // RFC 9110 8.6: the length of what GET would have got, or none at all.
    assert.ok([null, String(length)].includes(head.headers.get('content-length')))
    const headers = { 'Content-Type': 'application/json' }
    const put = await json('/things/8', { method: 'PUT', headers, body: JSON.stringify({ title: 'naïve' }) })
    assert.deepEqual(put, { id: 8, title: 'naïve' })
    const gone = await ask('/things/9', { method: 'DELETE' })
    assert.deepEqual([gone.status, await gone.text()], [204, ''])
    const refused = await ask('/things/9', { method: 'PATCH' })
    assert.equal(refused.status, 405)
    assert.match(refused.headers.get('allow') ?? '', /GET/)
  },

  async 'PEP 3333 Buffering and Streaming: a part is sent before the next one is made'(way, { ask }) {
    const token = randomUUID()
    const answer = await ask(`/stream?token=${token}`)
    assert.equal(answer.status, 200)
    let text = ''
    const decoder = new TextDecoder()
    for await (const part of answer.body ?? []) {
      text += decoder.decode(part, { stream: true })
      if (text === 'first\n') writeFileSync(join(way.data.folder, token), '')
      else assert.ok(text.startsWith('first\n') || 'first\n'.startsWith(text), text)
    }
    assert.equal(text, 'first\nsecond\n')
    // Had the second part not waited, there would be no such file.
    assert.ok(existsSync(join(way.data.folder, token)))
  },

  async 'PEP 3333 close(): a client that leaves ends the iteration'(way, { ask }) {
    const token = randomUUID()
    const leave = new AbortController()
    const answer = await ask(`/endless?token=${token}`, { signal: leave.signal })
    for await (const part of answer.body ?? []) {
      assert.ok(part.length > 0)
      break
    }
    leave.abort()
    const path = join(way.data.folder, token)
    const isClosed = (): boolean => existsSync(path) && readFileSync(path, 'utf8') === 'closed'
    assert.ok(await eventually(isClosed, longestMs))
  },

  async 'PEP 3333 file_wrapper: a file, whole; a part of it, and 304, where the framework has them'(way, { ask }) {
    const { data, application } = way
    const whole = await ask('/file')
    assert.equal(whole.status, 200)
    assert.ok(Buffer.from(await whole.arrayBuffer()).equals(data.file))
    const length = way.isApacheCgi ? null : String(data.file.length)
    assert.equal(whole.headers.get('content-length'), length)
    const head = await ask('/file', { method: 'HEAD' })
    assert.deepEqual([head.status, await head.text()], [200, ''])
    if (!application.isFileConditional) return
    const part = await ask('/file', { headers: { Range: 'bytes=1000-200999' } })
    assert.equal(part.status, 206)
    assert.equal(part.headers.get('content-range'), `bytes 1000-200999/${data.file.length}`)
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(data.file.subarray(1000, 201_000)))
    const since = whole.headers.get('last-modified') ?? ''
    const same = await ask('/file', { headers: { 'If-Modified-Since': since } })
    assert.deepEqual([same.status, await same.text()], [304, ''])
  },

  async 'PEP 3333 Error Handling: an exception is 500, and its traceback is in the log'(way, { ask }) {
    const count = (): number => [...way.log().matchAll(/Traceback[^]*?a deliberate error/g)].length
    const before = count()
    const answer = await ask('/error')
    assert.equal(answer.status, 500)
    assert.doesNotMatch(await answer.text(), /Traceback|deliberate/)
    assert.ok(await eventually(() => count() > before, longestMs), way.log().slice(-10_000))
    assert.equal((await ask('/things/1')).status, 200)
  },

  async 'a path that the application does not know is 404'(_, { ask }) {
    assert.equal((await ask('/nothing/here')).status, 404)
  },

  async 'twenty requests at once get each its own answer'(_, { json }) {
    const numbers = [...Array(20).keys()]
    const said = await Promise.all(numbers.map((number) => json(`/words/w${number}?q=${number}`)))
    const wanted = numbers.map((number) => ({ word: `w${number}`, query: String(number) }))
    assert.deepEqual(said, wanted)
  },
}

export async function playRequest(run: Case, way: Way): Promise<void> {
  await run(way, visitor(way.base))
}
