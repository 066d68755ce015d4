// The fastcgi frontend before a function that plays FastCGI's three parts, asked by a client that was written from the
// specification.

import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { app, createGateway, files, type AppOptions, type GatewayEvent, type RouteOptions } from '../../src/index.ts'
import {
  begin,
  endOf,
  FastCgiClient,
  fastCgiBody,
  fastCgiHead,
  fastCgiRequest,
  readCgiAnswer,
  record,
  streamOf,
  types,
  variablesOf,
  type CgiAnswer,
  type FastCgiRecord,
  type Variables,
} from '../support/gateway-clients.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const authorizer = 2
const filter = 3
const sockets = mkdtempSync(join(tmpdir(), 'postern-'))
process.on('exit', () => rmSync(sockets, { recursive: true, force: true }))
let made = 0

interface Stage extends AsyncDisposable {
  readonly events: readonly GatewayEvent[]
  client(): FastCgiClient
}

async function stage(parts: AppOptions, more: readonly RouteOptions[] = []): Promise<Stage> {
  const events: GatewayEvent[] = []
  const to = app((_, { role }) => new Response(`answered as ${role}`), parts)
  const observe = (event: GatewayEvent): void => void events.push(event)
  const gateway = createGateway({ routes: [{ path: '/', to }, ...more], observe })
  const address = `fastcgi:unix:${join(sockets, `${made++}`)}`
  await gateway.listen(address)
  return {
    events,
    client: () => new FastCgiClient(address),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  }
}

/** FastCGI 6.3: without CONTENT_LENGTH, PATH_INFO, PATH_TRANSLATED and SCRIPT_NAME. */
function toAuthorize(path: string, more: Variables = {}): Variables {
  const { SCRIPT_NAME: _, ...variables } = variablesOf(path)
  return { ...variables, ...more }
}

function toFilter(length: number | string, more: Variables = {}): Variables {
  return variablesOf('/page.txt', { FCGI_DATA_LENGTH: String(length), FCGI_DATA_LAST_MOD: '830822400', ...more })
}

function filterRequest(id: number, variables: Variables, file: string | Uint8Array, stdin = '', keep = false): Buffer {
  const head = fastCgiHead(id, variables, { role: filter, keep })
  return Buffer.concat([head, fastCgiBody(id, stdin), fastCgiBody(id, file, types.data)])
}

function headOf(records: readonly FastCgiRecord[], id: number): string {
  return streamOf(records, id, types.stdout).toString('latin1')
}

function answerOf(records: readonly FastCgiRecord[], id: number): CgiAnswer {
  return readCgiAnswer(streamOf(records, id, types.stdout))
}

const typed = { headers: { 'Content-Type': 'text/plain' } }
const deny: AppOptions = { authorize: () => new Response('no\n', { status: 403 }) }
const shout: AppOptions = {
  filter: async (_, { data }) => new Response((await new Response(data.body).text()).toUpperCase()),
}

test('FastCGI 6.3: the example of the specification: 200 with the variable AUTH_METHOD, by records written by hand', async () => {
  await using server = await stage({
    authorize: (_, context) => {
      context.pass('AUTH_METHOD', 'database lookup')
      return new Response('nobody’s', { headers: { 'X-Ignored': 'yes' } })
    },
  })
  using client = server.client()
  const params = Buffer.from('\x0e\x03REQUEST_METHODGET\x0b\x07REQUEST_URI/secret\x09\x01HTTP_HOSTa', 'latin1')
  client.send(
    // {FCGI_BEGIN_REQUEST, 1, {FCGI_AUTHORIZER, 0}}, {FCGI_PARAMS, 1, "…"}, {FCGI_PARAMS, 1, ""}
    Buffer.from('01010001000800000002000000000000', 'hex'),
    Buffer.concat([Buffer.from([1, 4, 0, 1, 0, params.length, 0, 0]), params]),
    Buffer.from('0104000100000000', 'hex'),
  )
  await client.closed()
  assert.equal(
    headOf(client.records, 1).replace(/Content-Length: 0\r\n/, ''),
    'Status: 200 OK\r\nVariable-AUTH_METHOD: database lookup\r\n\r\n',
  )
  assert.deepEqual(endOf(client.records, 1), [0, 0])
})

test('FastCGI 6.3: an authorizer has no body, nor the variables of one, and its path has one spelling', async () => {
  const seen: Record<string, string | undefined>[] = []
  await using server = await stage({
    authorize: async (request, { variables, role }) => {
      seen.push({ ...Object.fromEntries(variables), role, url: request.url, body: await request.text() })
      return new Response()
    },
  })
  using client = server.client()
  const odd = { SCRIPT_NAME: '/s', PATH_INFO: '/i', PATH_TRANSLATED: '/t', CONTENT_LENGTH: '5', REQUEST_METHOD: 'POST' }
  const path = '/a/../%70rivate//x%2e?q'
  client.send(fastCgiHead(1, toAuthorize(path, { ...odd, QUERY_STRING: 'q' }), { role: authorizer, keep: true }))
  assert.equal(answerOf(await client.ended(1), 1).status, '200 OK')
  // Standard input is ended by some servers, and not by others.
  client.send(fastCgiHead(2, toAuthorize('/p', { REQUEST_METHOD: 'POST' }), { role: authorizer, keep: true }))
  client.send(fastCgiBody(2, 'hello'))
  await client.ended(2)
  const [first, second] = seen
  for (const name of ['CONTENT_LENGTH', 'PATH_INFO', 'PATH_TRANSLATED', 'SCRIPT_NAME'])
    assert.equal(first?.[name], undefined, name)
  assert.equal(first?.['DOCUMENT_URI'], '/private/x.')
  assert.equal(first['REQUEST_URI'], path)
  assert.equal(first['role'], 'authorizer')
  assert.equal(first['body'], '')
  assert.equal(new URL(first['url'] ?? '').pathname, '/private/x.')
  assert.equal(second?.['body'], '')
})

test('FastCGI 6.3: with 200 only variables are said; with another status all but them, because that is the client’s', async () => {
  await using server = await stage({
    authorize: (request, { pass }) => {
      pass('REMOTE_USER', 'ädä')
      const headers = { 'Variable-Groups': 'staff', 'Variable-REMOTE_USER': 'x', 'WWW-Authenticate': 'Basic' }
      const status = Number(new URL(request.url).pathname.slice(1))
      return new Response(status === 204 ? null : 'words\n', { status, headers })
    },
  })
  const ask = async (path: string): Promise<string> => {
    using client = server.client()
    client.send(fastCgiHead(1, toAuthorize(path), { role: authorizer }))
    return headOf(await client.ended(1), 1)
  }
  const granted = await ask('/200')
  assert.match(granted, /^Status: 200 OK\r\n/)
  assert.match(granted, /^Variable-REMOTE_USER: \xc3\xa4d\xc3\xa4\r$/m)
  assert.match(granted, /^Variable-GROUPS: staff\r$/m)
  assert.doesNotMatch(granted, /words|WWW-Authenticate|Variable-REMOTE_USER: x/i)
  const refused = await ask('/401')
  assert.match(refused, /^Status: 401 Unauthorized\r\n/)
  assert.match(refused, /^www-authenticate: Basic\r$/im)
  assert.match(refused, /words\n$/)
  assert.doesNotMatch(refused, /variable-/i)
  assert.match(await ask('/204'), /^Status: 204 /)
})

test('FastCGI 6.3: an authorizer that throws, or gives no Response, lets nobody pass', async () => {
  const broken: AppOptions = {
    authorize: (request) => {
      if (request.url.endsWith('/throws')) throw new Error('the users are lost')
      const nothing: unknown = undefined
      return nothing as Response
    },
  }
  await using server = await stage(broken)
  for (const path of ['/throws', '/nothing']) {
    using client = server.client()
    client.send(fastCgiHead(1, toAuthorize(path), { role: authorizer }))
    assert.match(answerOf(await client.ended(1), 1).status, /^50[02]/)
  }
})

test('FastCGI 6.3: names and values that cannot be said are TypeErrors of pass()', async () => {
  const wrong: string[] = []
  await using server = await stage({
    authorize: (_, { pass }) => {
      for (const [name, value] of [
        ['A-B', 'x'],
        ['', 'x'],
        ['A', 'x\r\nStatus: 200'],
        ['A', ' x'],
        ['A', 'x\0'],
      ] as const) {
        try {
          pass(name, value)
        } catch (error) {
          if (error instanceof TypeError) wrong.push(error.message)
        }
      }
      return new Response()
    },
  })
  using client = server.client()
  client.send(fastCgiHead(1, toAuthorize('/'), { role: authorizer }))
  assert.doesNotMatch(headOf(await client.ended(1), 1), /Variable/)
  assert.equal(wrong.length, 5)
})

test('FastCGI 6.3: what is no function’s, such as a file, lets nobody pass', async () => {
  using site = temporarySite({ 'file.txt': 'a file\n' })
  await using server = await stage({ authorize: () => new Response() }, [{ path: '/files/', to: files(site.root) }])
  for (const [path, status] of [
    ['/files/file.txt', /^403/],
    ['/files/', /^403/],
    ['/files/none', /^403/],
    ['/other', /^200/],
    ['/%zz', /^400/],
    ['*', /^(?:400|204)/],
  ] as const) {
    using client = server.client()
    const method = path === '*' ? 'OPTIONS' : 'GET'
    client.send(fastCgiHead(1, toAuthorize(path, { REQUEST_METHOD: method }), { role: authorizer }))
    assert.match(answerOf(await client.ended(1), 1).status, status, path)
  }
})

test('FastCGI 5.5: only the parts that there are functions for are played, others are told FCGI_UNKNOWN_ROLE', async () => {
  for (const [parts, known] of [
    [deny, authorizer],
    [shout, filter],
    [{}, 0],
  ] as const) {
    await using server = await stage(parts)
    for (const role of [authorizer, filter]) {
      if (role === known) continue
      using client = server.client()
      client.send(begin(1, { role }))
      assert.deepEqual(endOf(await client.ended(1), 1), [0, 3])
    }
    using client = server.client()
    client.send(fastCgiRequest(1, variablesOf('/')))
    assert.equal(answerOf(await client.ended(1), 1).body, 'answered as responder')
  }
})

test('FastCGI 6.4: a filter gets standard input, and the file with its length and time, cut at any byte', async () => {
  await using server = await stage({
    filter: async (request, { data, role }) => {
      const file = await new Response(data.body).text()
      const { length, lastModified } = data
      return Response.json({ role, stdin: await request.text(), length, lastModified, file })
    },
  })
  const variables = toFilter(8, { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '4' })
  const bytes = filterRequest(1, variables, 'the file', 'form')
  const expected = {
    role: 'filter',
    stdin: 'form',
    length: 8,
    lastModified: '1996-04-30T00:00:00.000Z',
    file: 'the file',
  }
  const begins = bytes.length - 120
  for (let at = begins; at < bytes.length; at++) {
    using client = server.client()
    client.send(bytes.subarray(0, at))
    await new Promise((resolve) => setImmediate(resolve))
    client.send(bytes.subarray(at))
    assert.deepEqual(JSON.parse(answerOf(await client.ended(1), 1).body), expected)
  }
})

test('FastCGI 6.4: a filter begins its answer before the file is whole, but not before standard input is', async () => {
  await using server = await stage({ filter: (_, { data }) => new Response(data.body, typed) })
  using client = server.client()
  client.send(fastCgiHead(1, toFilter(6, { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '4' }), { role: filter }))
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.deepEqual(client.records, [])
  client.send(fastCgiBody(1, 'form'), record(types.data, 1, 'abc'))
  await client.until((records) => headOf(records, 1).endsWith('abc'))
  assert.equal(endOf(client.records, 1), undefined)
  client.send(record(types.data, 1, 'def'), record(types.data, 1))
  assert.equal(answerOf(await client.ended(1), 1).body, 'abcdef')
})

test('FastCGI 6.4: a filter may answer by the time alone, and leave the file; the connection stays good', async () => {
  await using server = await stage({
    filter: (_, { data }) => new Response(`as of ${data.lastModified.getTime()}`),
  })
  using client = server.client()
  client.send(filterRequest(1, toFilter(1_000_000), Buffer.alloc(1_000_000), '', true))
  assert.equal(answerOf(await client.ended(1), 1).body, 'as of 830822400000')
  client.send(filterRequest(2, toFilter(0), '', '', true))
  assert.equal(answerOf(await client.ended(2), 2).body, 'as of 830822400000')
})

test('FastCGI 6.4: files of every size pass a filter whole, whatever the others of the connection do', async () => {
  await using server = await stage({ filter: (_, { data }) => new Response(data.body, typed) })
  using client = server.client()
  // Never read to its end.
  client.send(fastCgiHead(99, toFilter(5), { role: filter, keep: true }), fastCgiBody(99))
  for (const [at, size] of [0, 1, 65_535, 65_536, 262_144, 4_000_000].entries()) {
    client.send(filterRequest(at + 1, toFilter(size), Buffer.alloc(size, 'abcdefg'), '', true))
    assert.equal(answerOf(await client.ended(at + 1), at + 1).body.length, size)
  }
})

test('FastCGI 6.4: a file that is shorter than FCGI_DATA_LENGTH is never answered as if it were whole', async () => {
  const cautious: AppOptions = {
    filter: async (_, { data }) => {
      let text = ''
      try {
        for await (const chunk of data.body) text += Buffer.from(chunk).toString('latin1')
      } catch {
        text += ' and all is well'
      }
      return new Response(text)
    },
  }
  for (const parts of [
    shout,
    cautious,
    { filter: (_, { data }) => new Response(data.body, typed) } satisfies AppOptions,
  ]) {
    await using server = await stage(parts)
    using client = server.client()
    client.send(filterRequest(1, toFilter(20), 'the file', '', true))
    await client.closed()
    assert.equal(endOf(client.records, 1), undefined)
    assert.deepEqual(client.left, Buffer.alloc(8))
    // With others on the connection the end says so.
    using shared = server.client()
    shared.send(fastCgiHead(2, toFilter(9), { role: filter, keep: true }))
    shared.send(filterRequest(1, toFilter(20), 'the file', '', true))
    assert.deepEqual(endOf(await shared.ended(1), 1), [1, 2])
  }
})

test('FastCGI 6.4: of a file that has grown, as many bytes are read as FCGI_DATA_LENGTH says', async () => {
  await using server = await stage(shout)
  using client = server.client()
  client.send(filterRequest(1, toFilter(3), 'abcdef', '', true))
  assert.equal(answerOf(await client.ended(1), 1).body, 'ABC')
})

test('FastCGI 6.4: without FCGI_DATA_LENGTH and FCGI_DATA_LAST_MOD that are numbers a request to a filter is 400', async () => {
  await using server = await stage(shout)
  const { FCGI_DATA_LENGTH: _, ...none } = toFilter(3)
  for (const variables of [
    none,
    toFilter(''),
    toFilter('-1'),
    toFilter('3x'),
    toFilter('9'.repeat(16)),
    toFilter(3, { FCGI_DATA_LAST_MOD: 'now' }),
  ]) {
    using client = server.client()
    client.send(filterRequest(1, variables, 'abc'))
    assert.match(answerOf(await client.ended(1), 1).status, /^400/)
  }
})

test('FastCGI 6.1, 6.4: FCGI_DATA before the end of standard input, or for another part, costs the connection', async () => {
  await using server = await stage({ ...shout, ...deny, authorize: () => new Promise(() => {}) })
  for (const [role, stdin] of [
    [filter, ''],
    [1, record(types.stdin, 1)],
    [authorizer, record(types.stdin, 1)],
  ] as const) {
    using client = server.client()
    client.send(fastCgiHead(1, toFilter(3, { CONTENT_LENGTH: '3', REQUEST_METHOD: 'POST' }), { role, keep: true }))
    client.send(Buffer.from(stdin), record(types.data, 1, 'abc'))
    await client.closed()
    assert.doesNotMatch(headOf(client.records, 1), /ABC/)
  }
  assert.ok(server.events.some((event) => event.type === 'notice' && /data before the end of stdin/.test(event.text)))
})

test('FastCGI 5.4: FCGI_ABORT_REQUEST in the midst of a file reaches the filter, and gets its FCGI_END_REQUEST', async () => {
  const ends: string[] = []
  await using server = await stage({
    filter: async (_, { data, signal }) => {
      signal.addEventListener('abort', () => ends.push('aborted'))
      try {
        for await (const chunk of data.body) ends.push(Buffer.from(chunk).toString())
        ends.push('whole')
      } catch {
        ends.push('broken')
      }
      return new Response()
    },
  })
  using client = server.client()
  client.send(fastCgiHead(1, toFilter(9), { role: filter, keep: true }), fastCgiBody(1), record(types.data, 1, 'abc'))
  assert.ok(await eventually(() => ends.length === 1, 10_000))
  client.send(record(types.abort, 1))
  assert.deepEqual(endOf(await client.ended(1), 1), [1, 0])
  assert.ok(await eventually(() => ends.length === 3, 10_000))
  assert.deepEqual(ends.toSorted(), ['abc', 'aborted', 'broken'])
  client.send(filterRequest(2, toFilter(2), 'de', '', true))
  await client.ended(2)
  assert.equal(ends.at(-1), 'whole')
})

test('FastCGI 6.4: of a file that its filter does not read, no more is taken from the connection than a bound', async () => {
  const gate = new EventEmitter()
  let isAsked = false
  await using server = await stage({
    filter: async (_, { data }) => {
      isAsked = true
      await once(gate, 'open')
      let bytes = 0
      for await (const chunk of data.body) bytes += chunk.length
      return new Response(String(bytes))
    },
  })
  using client = server.client()
  const size = 48 * 1024 * 1024
  client.send(filterRequest(1, toFilter(size), Buffer.alloc(size, 'x')))
  assert.ok(await eventually(() => isAsked, 10_000))
  // It goes on until nothing more is taken.
  let before = -1
  for (let left = client.socket.writableLength; left !== before; left = client.socket.writableLength) {
    before = left
    await new Promise((resolve) => setTimeout(resolve, 1500))
  }
  assert.ok(client.socket.writableLength > 0)
  gate.emit('open')
  assert.equal(answerOf(await client.ended(1), 1).body, String(size))
})
