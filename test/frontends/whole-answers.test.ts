// RFC 9112 6.3, for every protocol: an answer ends with its announced length, whatever its script still does.

import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  createGateway,
  folder,
  type FolderOptions,
  type GatewayEvent,
  type ListenOptions,
  type PosternGateway,
  type PosternListener,
} from '../../src/index.ts'
import {
  endOf,
  FastCgiClient,
  fastCgiHead,
  fastCgiBody,
  fastCgiRequest,
  open,
  readAll,
  readCgiAnswer,
  record,
  scgiRequest,
  streamOf,
  types,
  uwsgiRequest,
  variablesOf,
  type CgiAnswer,
} from '../support/gateway-clients.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const hello = "printf 'Content-Type: a/b\\nContent-Length: 5\\n\\nhello'"
/** Until its request's query is a file's name with `.go`; then that name is a file. */
const worksOn = 'while [ ! -e "$QUERY_STRING.go" ]; do sleep 0.05; done\ntouch "$QUERY_STRING"'
const site = temporarySite({
  'file.txt': 'a file\n',
  'cgi-bin/works': `#!/bin/sh\n${hello}\n${worksOn}\n`,
  'cgi-bin/empty': `#!/bin/sh\nprintf 'Content-Type: a/b\\nContent-Length: 0\\n\\n'\n${worksOn}\n`,
  'cgi-bin/reads': `#!/bin/sh\n${hello}\n${worksOn}\nwc -c > "$QUERY_STRING.bytes"\n`,
  'cgi-bin/complains': `#!/bin/sh\n${hello}\n${worksOn}\necho late >&2\ntouch "$QUERY_STRING.said"\n`,
  'cgi-bin/excess': `#!/bin/sh\n${hello}\n${worksOn}\necho more\n`,
  'cgi-bin/stubborn': `#!/bin/sh\ntrap '' TERM\n${hello}\n${worksOn}\n`,
})
const sockets = mkdtempSync(join(tmpdir(), 'postern-'))
process.on('exit', () => {
  site[Symbol.dispose]()
  rmSync(sockets, { recursive: true, force: true })
})

type Protocol = 'fastcgi' | 'scgi' | 'uwsgi'
const protocols: readonly Protocol[] = ['fastcgi', 'scgi', 'uwsgi']

interface Stage extends AsyncDisposable {
  readonly gateway: PosternGateway
  readonly listener: PosternListener
  readonly address: string
  readonly events: readonly GatewayEvent[]
  /** A request's query, and the name of the file that its script makes in the end. */
  readonly mark: string
  count(type: GatewayEvent['type']): number
}

let made = 0

async function stage(protocol: Protocol, options: ListenOptions & FolderOptions = {}): Promise<Stage> {
  const { maxRunning, maxQueue, killGrace, ...listenOptions } = options
  const limits = Object.fromEntries(
    Object.entries({ maxRunning, maxQueue, killGrace }).filter(([, value]) => value !== undefined),
  )
  const events: GatewayEvent[] = []
  const gateway = createGateway({
    routes: [{ path: '/', to: folder(site.root, { warm: 'off', ...limits }) }],
    observe: (event) => events.push(event),
  })
  const place = protocol === 'uwsgi' ? '127.0.0.1:0' : `unix:${join(sockets, `${made++}`)}`
  const listener = await gateway.listen(`${protocol}:${place}`, listenOptions)
  return {
    gateway,
    listener,
    address: listener.addresses[0] ?? '',
    events,
    mark: `mark-${made++}`,
    count: (type) => events.filter((event) => event.type === type).length,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  }
}

const fileOf = (mark: string): string => join(site.root, 'cgi-bin', mark)
const letGo = (mark: string): string => site.add(`cgi-bin/${mark}.go`, '')
const hasWorked = (mark: string): boolean => existsSync(fileOf(mark))

/** Resolves when the web server has been told that the answer is over. */
async function answered(
  protocol: Protocol,
  at: Stage,
  name: string,
  then: (socket: Socket) => void,
): Promise<CgiAnswer> {
  const variables = variablesOf(`/cgi-bin/${name}`, { QUERY_STRING: at.mark })
  if (protocol === 'fastcgi') {
    const client = new FastCgiClient(at.address)
    client.send(fastCgiRequest(1, variables, '', true))
    const records = await client.ended(1)
    assert.deepEqual(endOf(records, 1), [0, 0])
    assert.equal(records.findLast(({ type }) => type === types.stdout)?.content.length, 0)
    then(client.socket)
    return readCgiAnswer(streamOf(records, 1, types.stdout))
  }
  const socket = open(at.address)
  socket.write(protocol === 'scgi' ? scgiRequest(variables) : uwsgiRequest(variables))
  const { bytes, code } = await readAll(socket)
  assert.equal(code, undefined)
  return readCgiAnswer(bytes)
}

for (const protocol of protocols) {
  for (const [name, body] of [
    ['works', 'hello'],
    ['empty', ''],
  ] as const) {
    test(`RFC 9112 6.3: an answer of its announced length is over, its client may go, and its script works on (${protocol}, ${name})`, async () => {
      await using at = await stage(protocol)
      const answer = await answered(protocol, at, name, (socket) => socket.destroy())
      assert.equal(answer.body, body)
      assert.equal(answer.status, '200 OK')
      assert.equal(at.count('program-ended'), 0)
      assert.equal(at.count('request-ended'), 0)
      letGo(at.mark)
      assert.ok(await eventually(() => at.count('request-ended') === 1, 10_000))
      assert.ok(hasWorked(at.mark))
      const ended = at.events.find((event) => event.type === 'request-ended')
      assert.deepEqual([ended?.bodyBytes, ended?.clientGone], [body.length, false])
      assert.equal(at.count('script-failed'), 0)
    })
  }

  test(`Postern: what a script does wrong after its whole answer is told of all the same (${protocol})`, async () => {
    await using at = await stage(protocol)
    const answer = await answered(protocol, at, 'excess', (socket) => socket.destroy())
    assert.equal(answer.body, 'hello')
    letGo(at.mark)
    assert.ok(await eventually(() => at.count('request-ended') === 1, 10_000))
    const failed = at.events.find((event) => event.type === 'script-failed')
    assert.deepEqual(failed?.failure, { kind: 'body-too-long', announced: 5 })
  })

  test(`Postern: a script that works on after its answer has its place among those that run (${protocol})`, async () => {
    await using at = await stage(protocol, { maxRunning: 1, maxQueue: 0 })
    await answered(protocol, at, 'works', () => {})
    const refused = await answered(protocol, at, 'works', () => {})
    assert.match(refused.status, /^503/)
    letGo(at.mark)
    assert.ok(await eventually(() => at.count('program-ended') === 1, 10_000))
    assert.equal((await answered(protocol, at, 'works', () => {})).body, 'hello')
  })

  test(`shutdownTimeout: a script that works on after its answer is waited for (${protocol})`, async () => {
    await using at = await stage(protocol)
    await answered(protocol, at, 'works', () => {})
    const closed = at.listener.close()
    // Nobody connects any more, and no connection is left.
    await readAll(open(at.address))
    letGo(at.mark)
    await closed
    assert.ok(hasWorked(at.mark), 'it was not waited for')
    assert.equal(at.count('request-ended'), 1)
  })

  test(`shutdownTimeout: a script that works on after its answer is not waited for longer (${protocol})`, async () => {
    await using at = await stage(protocol, { shutdownTimeout: '200ms', killGrace: '200ms' })
    await answered(protocol, at, 'stubborn', () => {})
    await at.listener.close()
    await at.gateway[Symbol.asyncDispose]()
    assert.ok(!hasWorked(at.mark))
    assert.ok(await eventually(() => at.count('request-ended') === 1, 10_000))
    assert.equal(at.count('script-failed'), 0, JSON.stringify(at.events))
  })
}

test('FastCGI 3.3: the id of an answer that is over may be taken again while its script works on, and neither touches the other', async () => {
  await using at = await stage('fastcgi')
  const [first, second] = ['again-1', 'again-2']
  using client = new FastCgiClient(at.address)
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/complains', { QUERY_STRING: first }), '', true))
  await client.ended(1)
  const before = client.records.length
  // Late: its request is over, and the next one has not begun.
  client.send(
    record(types.abort, 1),
    fastCgiRequest(1, variablesOf('/cgi-bin/complains', { QUERY_STRING: second }), '', true),
  )
  const ofSecond = await client.until((records) => endOf(records.slice(before), 1) !== undefined)
  assert.deepEqual(endOf(ofSecond.slice(before), 1), [0, 0])
  assert.equal(readCgiAnswer(streamOf(ofSecond.slice(before), 1, types.stdout)).body, 'hello')
  const mark = client.records.length
  letGo(first)
  assert.ok(await eventually(() => hasWorked(`${first}.said`), 10_000))
  letGo(second)
  assert.ok(await eventually(() => hasWorked(`${second}.said`), 10_000))
  // What they say of themselves now is for the log alone: the id is another's.
  client.send(fastCgiRequest(2, variablesOf('/file.txt'), '', true))
  const records = await client.ended(2)
  assert.deepEqual(
    records.slice(mark).filter(({ type }) => type === types.stderr),
    [],
  )
  const lines = at.events.flatMap((event) => (event.type === 'diagnostic-line' ? [event.line] : []))
  assert.deepEqual(lines, ['late', 'late'])
})

test('FastCGI 5.4: an abort of the request that has taken the id ends its script alone', async () => {
  await using at = await stage('fastcgi', { killGrace: '200ms' })
  using client = new FastCgiClient(at.address)
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/works', { QUERY_STRING: 'alone-1' }), '', true))
  await client.ended(1)
  const before = client.records.length
  site.add('cgi-bin/sleeps', '#!/bin/sh\nexec sleep 60\n')
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/sleeps'), '', true))
  assert.ok(await eventually(() => at.count('program-started') === 2, 10_000))
  client.send(record(types.abort, 1))
  await client.until((records) => endOf(records.slice(before), 1) !== undefined)
  assert.ok(await eventually(() => at.count('program-ended') === 1, 10_000))
  client.socket.destroy()
  letGo('alone-1')
  assert.ok(await eventually(() => hasWorked('alone-1'), 10_000))
})

test('FastCGI 5.1: without FCGI_KEEP_CONN the connection is closed with the announced length', async () => {
  await using at = await stage('fastcgi')
  using client = new FastCgiClient(at.address)
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/works', { QUERY_STRING: at.mark })))
  await client.closed()
  assert.deepEqual(endOf(client.records, 1), [0, 0])
  assert.equal(at.count('program-ended'), 0)
  letGo(at.mark)
  assert.ok(await eventually(() => hasWorked(at.mark), 10_000))
})

for (const protocol of protocols) {
  test(`RFC 3875 4.2: a script may read its body after its whole answer (${protocol})`, async () => {
    await using at = await stage(protocol)
    const body = Buffer.alloc(3_000_000)
    const variables = variablesOf('/cgi-bin/reads', {
      REQUEST_METHOD: 'POST',
      QUERY_STRING: at.mark,
      CONTENT_LENGTH: String(body.length),
    })
    if (protocol === 'fastcgi') {
      using client = new FastCgiClient(at.address)
      client.send(fastCgiHead(1, variables, { keep: true }), fastCgiBody(1, body))
      await client.ended(1)
      // The connection takes the next one while the body of this lies unread.
      client.send(fastCgiRequest(1, variablesOf('/file.txt'), '', true))
      await client.until((all) => streamOf(all, 1, types.stdout).includes('a file'))
    } else {
      const socket = open(at.address)
      socket.write(protocol === 'scgi' ? scgiRequest(variables, body) : uwsgiRequest(variables, body))
      assert.equal(readCgiAnswer((await readAll(socket)).bytes).body, 'hello')
    }
    letGo(at.mark)
    assert.ok(await eventually(() => at.count('program-ended') === 1, 10_000))
    assert.equal(readFileSync(`${fileOf(at.mark)}.bytes`, 'utf8').trim(), '3000000')
  })
}
