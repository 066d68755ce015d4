// The fastcgi frontend, asked by a client that was written from the specification.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { cgi, createGateway, folder, type GatewayEvent, type ListenOptions } from '../../src/index.ts'
import {
  begin,
  endOf,
  FastCgiClient,
  fastCgiBody,
  fastCgiHead,
  fastCgiRequest,
  nameValues,
  readCgiAnswer,
  record,
  streamOf,
  types,
  variablesOf,
  type CgiAnswer,
  type FastCgiRecord,
} from '../support/gateway-clients.ts'
import { eventually } from '../support/server-process.ts'
import { temporarySite } from '../support/temporary-site.ts'

const typed = 'printf "Content-Type: text/plain\\n\\n"\n'
const site = temporarySite({
  'file.txt': 'a file\n',
  'cgi-bin/env': `#!/bin/sh\n${typed}env\n`,
  'cgi-bin/count': `#!/bin/sh\n${typed}wc -c\n`,
  'cgi-bin/echo': `#!/bin/sh\n${typed}exec cat\n`,
  'cgi-bin/complain': `#!/bin/sh\necho first >&2\n${typed}echo body\necho last >&2\n`,
  // Shorter than it says: nobody need know how the program ended.
  'cgi-bin/short':
    '#!/bin/sh\nprintf "Content-Type: text/plain\\nContent-Length: 300000\\n\\n"\nhead -c 200000 /dev/zero\n',
  'cgi-bin/deaf': `#!/bin/sh\n${typed}echo heard nothing\n`,
  'cgi-bin/big': `#!/bin/sh\n${typed}head -c 20000000 /dev/zero\n`,
  'cgi-bin/sleep': '#!/bin/sh\necho $$ > "$0.pid"\nexec sleep 60\n',
  'cgi-bin/wait': `#!/bin/sh\n${typed}echo begun\nwhile [ ! -e "$0.go" ]; do sleep 0.1; done\necho over\n`,
})
const sockets = mkdtempSync(join(tmpdir(), 'postern-'))
process.on('exit', () => {
  site[Symbol.dispose]()
  rmSync(sockets, { recursive: true, force: true })
})

let made = 0

interface Stage extends AsyncDisposable {
  readonly address: string
  readonly events: readonly GatewayEvent[]
  client(): FastCgiClient
}

async function stage(options: ListenOptions & { readonly maxBody?: string } = {}): Promise<Stage> {
  const { maxBody = '1GiB', ...listenOptions } = options
  const events: GatewayEvent[] = []
  const gateway = createGateway({
    routes: [
      { path: '/', to: folder(site.root, { warm: 'off' }) },
      { path: '/one/', to: cgi({ script: join(site.root, 'cgi-bin/env') }, { warm: 'off' }) },
    ],
    maxBody,
    observe: (event) => events.push(event),
  })
  const address = `fastcgi:unix:${join(sockets, `${made++}`)}`
  await gateway.listen(address, listenOptions)
  return {
    address,
    events,
    client: () => new FastCgiClient(address),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  }
}

function answerOf(records: readonly FastCgiRecord[], id: number): CgiAnswer {
  return readCgiAnswer(streamOf(records, id, types.stdout))
}

test('FastCGI 6.2: a responder answers as a CGI program does, ends its stream and its request', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(
    fastCgiRequest(
      1,
      variablesOf('/cgi-bin/env', { PATH_INFO: '/x y', REQUEST_URI: '/cgi-bin/env/x%20y?q', QUERY_STRING: 'q' }),
    ),
  )
  const records = await client.ended(1)
  const { status, fields, body } = answerOf(records, 1)
  assert.equal(status, '200 OK')
  assert.equal(fields.get('content-type'), 'text/plain')
  for (const line of [
    'SCRIPT_NAME=/cgi-bin/env',
    'PATH_INFO=/x y',
    'QUERY_STRING=q',
    'REMOTE_ADDR=192.0.2.1',
    'HTTP_HOST=a.example',
  ])
    assert.ok(body.split('\n').includes(line), `${line} in ${body}`)
  assert.deepEqual(endOf(records, 1), [0, 0])
  const stdout = records.filter(({ type }) => type === types.stdout)
  assert.equal(stdout.at(-1)?.content.length, 0)
})

test('FastCGI 5.1: without FCGI_KEEP_CONN the connection is closed after the answer, with it kept for the next request', async () => {
  await using server = await stage()
  using once = server.client()
  once.send(fastCgiRequest(1, variablesOf('/file.txt')))
  await once.closed()
  assert.equal(answerOf(once.records, 1).body, 'a file\n')
  using kept = server.client()
  for (let round = 0; round < 3; round++) {
    const before = kept.records.length
    kept.send(fastCgiRequest(7, variablesOf('/file.txt'), '', true))
    const records = await kept.until((all) => endOf(all.slice(before), 7) !== undefined)
    assert.equal(answerOf(records.slice(before), 7).body, 'a file\n')
  }
})

test('FastCGI 3.3: a request cut at any byte is the same request', async () => {
  await using server = await stage()
  const bytes = fastCgiRequest(
    1,
    variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '5' }),
    '12345',
  )
  using client = server.client()
  for (const byte of bytes) {
    client.send(Buffer.of(byte))
    if (byte === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  assert.match(answerOf(await client.ended(1), 1).body, /^5\n/)
})

test('FastCGI 3.3: requests on one connection are answered as they are ready, whatever the others do', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/wait'), '', true))
  await client.until((records) => streamOf(records, 1, types.stdout).includes('begun'))
  client.send(
    fastCgiHead(2, variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '300000' }), { keep: true }),
  )
  client.send(fastCgiRequest(3, variablesOf('/file.txt'), '', true))
  const records = await client.ended(3)
  assert.equal(answerOf(records, 3).body, 'a file\n')
  assert.equal(endOf(records, 1), undefined)
  client.send(fastCgiBody(2, Buffer.alloc(300_000)))
  assert.match(answerOf(await client.ended(2), 2).body, /^300000\n/)
  site.add('cgi-bin/wait.go', '')
  assert.match(answerOf(await client.ended(1), 1).body, /over/)
})

test('FastCGI 3.3: a large body that its script does not read holds up no other request of the connection', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(
    fastCgiHead(1, variablesOf('/cgi-bin/sleep', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '8000000' }), {
      keep: true,
    }),
    fastCgiBody(1, Buffer.alloc(8_000_000)),
    fastCgiRequest(2, variablesOf('/file.txt'), '', true),
  )
  assert.equal(answerOf(await client.ended(2), 2).body, 'a file\n')
})

test('FastCGI 5.2, 5.3: bodies of every size arrive whole and come back whole', async () => {
  await using server = await stage()
  for (const size of [0, 1, 65_535, 65_536, 262_144, 5_000_000]) {
    using client = server.client()
    const body = Buffer.alloc(size, 'abcdefg')
    client.send(
      fastCgiRequest(1, variablesOf('/cgi-bin/echo', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: String(size) }), body),
    )
    assert.equal(answerOf(await client.ended(1), 1).body.length, size)
  }
})

test('Postern: a body without CONTENT_LENGTH is spooled; none at all is no body', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(
    fastCgiRequest(1, variablesOf('/cgi-bin/env', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '' }), '12345', true),
  )
  client.send(fastCgiRequest(2, variablesOf('/cgi-bin/env', { CONTENT_LENGTH: '' }), '', true))
  assert.match(answerOf(await client.ended(1), 1).body, /^CONTENT_LENGTH=5$/m)
  assert.doesNotMatch(answerOf(await client.ended(2), 2).body, /CONTENT_LENGTH/)
})

test('FastCGI 6.2: a body shorter than CONTENT_LENGTH is a refusal, what is more than it is let pass', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(
    fastCgiRequest(1, variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '9' }), '12345', true),
  )
  client.send(
    fastCgiRequest(2, variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '3' }), '12345', true),
  )
  assert.match(answerOf(await client.ended(1), 1).status, /^400/)
  assert.match(answerOf(await client.ended(2), 2).body, /^3\n/)
})

test('Postern: an answer that does not wait for its body arrives, and the connection stays good', async () => {
  await using server = await stage({ maxBody: '10MB' })
  using client = server.client()
  const variables = variablesOf('/cgi-bin/deaf', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '12000000' })
  client.send(fastCgiHead(1, variables, { keep: true }))
  assert.match(answerOf(await client.ended(1), 1).status, /^413/)
  client.send(fastCgiBody(1, Buffer.alloc(12_000_000)), fastCgiRequest(2, variablesOf('/file.txt'), '', true))
  assert.equal(answerOf(await client.ended(2), 2).body, 'a file\n')
})

test('Postern: an answer in parts begins when the body has come, because nginx then stops sending it', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(fastCgiHead(1, variablesOf('/cgi-bin/count', { REQUEST_METHOD: 'POST', CONTENT_LENGTH: '1000000' })))
  client.send(record(types.stdin, 1, Buffer.alloc(30_000)))
  await new Promise((resolve) => setTimeout(resolve, 500))
  assert.deepEqual(client.records, [])
  client.send(fastCgiBody(1, Buffer.alloc(970_000)))
  assert.match(answerOf(await client.ended(1), 1).body, /^1000000\n/)
})

test('FastCGI 5.3: standard error goes to the web server as FCGI_STDERR, line by line, and to the log', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/complain')))
  const records = await client.ended(1)
  assert.match(streamOf(records, 1, types.stderr).toString(), /^first\n/)
  assert.equal(records.findLast(({ type }) => type === types.stderr)?.content.length, 0)
  assert.ok(server.events.some((event) => event.type === 'diagnostic-line' && event.line === 'first'))
})

test('FastCGI 5.4: FCGI_ABORT_REQUEST ends the script and gets its FCGI_END_REQUEST; others go on', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/sleep'), '', true))
  assert.ok(await eventually(() => server.events.some(({ type }) => type === 'program-started'), 10_000))
  client.send(record(types.abort, 1))
  assert.notEqual(endOf(await client.ended(1), 1), undefined)
  assert.ok(await eventually(() => server.events.some(({ type }) => type === 'program-ended'), 10_000))
  client.send(fastCgiRequest(1, variablesOf('/file.txt'), '', true))
  const records = await client.until((all) => streamOf(all, 1, types.stdout).includes('a file'))
  assert.ok(records.length > 0)
})

test('Postern: a connection that is closed ends the scripts of its requests', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(
    fastCgiRequest(1, variablesOf('/cgi-bin/sleep'), '', true),
    fastCgiRequest(2, variablesOf('/cgi-bin/sleep'), '', true),
  )
  const count = (type: string): number => server.events.filter((event) => event.type === type).length
  assert.ok(await eventually(() => count('program-started') === 2, 10_000))
  client.socket.destroy()
  assert.ok(await eventually(() => count('program-ended') === 2 && count('request-ended') === 2, 10_000))
})

test('Postern: an answer that breaks off ends without FCGI_END_REQUEST, by a record that no server takes for an end', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/short'), '', true))
  await client.closed()
  assert.equal(endOf(client.records, 1), undefined)
  assert.deepEqual(client.left, Buffer.alloc(8))
  assert.ok(streamOf(client.records, 1, types.stdout).length > 100_000)
})

test('FastCGI 5.5: an answer that breaks off while others are under way is FCGI_OVERLOADED', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(
    fastCgiRequest(1, variablesOf('/cgi-bin/sleep'), '', true),
    fastCgiRequest(2, variablesOf('/cgi-bin/short'), '', true),
  )
  assert.deepEqual(endOf(await client.ended(2), 2), [1, 2])
})

test('FastCGI 4.1: FCGI_GET_VALUES is answered from the limits', async () => {
  await using server = await stage({ maxConnections: 77 })
  using client = server.client()
  client.send(record(types.getValues, 0, nameValues({ FCGI_MAX_CONNS: '', FCGI_MPXS_CONNS: '', FCGI_NEW: '' })))
  const records = await client.until((all) => all.length > 0)
  assert.equal(records[0]?.type, types.getValuesResult)
  const text = records[0]?.content.toString('latin1') ?? ''
  assert.match(text, /FCGI_MAX_CONNS77/)
  assert.match(text, /FCGI_MPXS_CONNS1/)
  assert.doesNotMatch(text, /FCGI_NEW/)
})

test('FastCGI 5.5: an authorizer or filter is told FCGI_UNKNOWN_ROLE', async () => {
  await using server = await stage()
  for (const role of [2, 3, 9]) {
    using client = server.client()
    client.send(begin(1, { role }))
    assert.deepEqual(endOf(await client.until((all) => endOf(all, 1) !== undefined), 1), [0, 3])
  }
})

test('Postern: more than 64 requests at once on a connection are told FCGI_OVERLOADED', async () => {
  await using server = await stage()
  using client = server.client()
  for (let id = 1; id <= 65; id++) client.send(begin(id, { keep: true }))
  assert.deepEqual(endOf(await client.ended(65), 65), [0, 2])
})

test('CVE-2020-11984: what names a program in the variables is never run, and PHP_VALUE is never passed', async () => {
  await using server = await stage({ passVariables: ['GIT_PROJECT_ROOT'] })
  using client = server.client()
  const evil = {
    SCRIPT_FILENAME: '/bin/echo',
    PATH_TRANSLATED: '/bin/echo',
    DOCUMENT_ROOT: '/',
    UWSGI_FILE: '/bin/echo',
    UWSGI_SCRIPT: 'x',
    PHP_VALUE: 'auto_prepend_file=/etc/passwd',
    LD_PRELOAD: '/x.so',
    GIT_PROJECT_ROOT: '/git',
    HTTP_PROXY: 'http://evil',
  }
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/env', evil)))
  const { body } = answerOf(await client.ended(1), 1)
  assert.match(body, /^GIT_PROJECT_ROOT=\/git$/m)
  assert.match(body, new RegExp(`^SCRIPT_FILENAME=${site.root}/cgi-bin/env$`, 'm'))
  assert.doesNotMatch(body, /UWSGI|PHP_VALUE|LD_PRELOAD|HTTP_PROXY|bin\/echo/)
})

test('Postern: a NUL or line end in a variable is 400', async () => {
  await using server = await stage()
  using client = server.client()
  client.send(fastCgiRequest(1, variablesOf('/file.txt', { HTTP_X: 'a\r\nb' })))
  assert.match(answerOf(await client.ended(1), 1).status, /^400/)
})

test('Postern: garbage, too many variables and a head that never ends close the connection, and are told once', async () => {
  await using server = await stage({ headerTimeout: '300ms' })
  using garbage = server.client()
  garbage.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
  await garbage.closed()
  using large = server.client()
  large.send(begin(1))
  for (let at = 0; at < 10; at++) large.send(record(types.params, 1, nameValues({ [`A${at}`]: 'x'.repeat(30_000) })))
  await large.closed()
  using slow = server.client()
  slow.send(begin(1), record(types.params, 1, Buffer.of(1)))
  await slow.closed()
  using silent = server.client()
  await silent.closed()
  const notices = server.events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))
  assert.equal(notices.filter((text) => text.includes('headerTimeout')).length, 1)
  assert.equal(notices.filter((text) => text.includes('version')).length, 1)
})

test('Postern: a web server that takes nothing holds a script back, and is cut off after sendTimeout', async () => {
  const events: GatewayEvent[] = []
  await using gateway = createGateway({
    routes: [{ path: '/', to: folder(site.root, { warm: 'off' }) }],
    sendTimeout: '500ms',
    observe: (event) => events.push(event),
  })
  const address = `fastcgi:unix:${join(sockets, 'slow')}`
  await gateway.listen(address)
  using client = new FastCgiClient(address)
  client.socket.pause()
  client.send(fastCgiRequest(1, variablesOf('/cgi-bin/big')))
  assert.ok(await eventually(() => events.some(({ type }) => type === 'request-ended'), 15_000))
  const ended = events.find((event) => event.type === 'request-ended')
  assert.ok(ended?.type === 'request-ended' && ended.clientGone && ended.bodyBytes < 5_000_000)
})

test('Postern: close() lets a request under way finish, and takes no further one of its connection', async () => {
  const gateway = createGateway({ routes: [{ path: '/', to: folder(site.root, { warm: 'off' }) }] })
  const script = site.add(
    'cgi-bin/late',
    `#!/bin/sh\n${typed}echo begun\nwhile [ ! -e "$0.go" ]; do sleep 0.1; done\necho over\n`,
  )
  const listener = await gateway.listen(`fastcgi:unix:${join(sockets, 'close')}`)
  try {
    using idle = new FastCgiClient(listener.addresses[0] ?? '')
    using busy = new FastCgiClient(listener.addresses[0] ?? '')
    busy.send(fastCgiRequest(1, variablesOf('/cgi-bin/late'), '', true))
    await busy.until((records) => streamOf(records, 1, types.stdout).includes('begun'))
    const closed = listener.close()
    await idle.closed()
    site.add(`cgi-bin/${script.split('/').at(-1) ?? ''}.go`, '')
    await busy.ended(1)
    await busy.closed()
    await closed
  } finally {
    await gateway[Symbol.asyncDispose]()
  }
})

test('FastCGI 5.5: close() under load: what is under way is answered, what comes meanwhile is told FCGI_OVERLOADED, and it ends', async () => {
  const gateway = createGateway({ routes: [{ path: '/', to: folder(site.root, { warm: 'off' }) }] })
  const script = site.add(
    'cgi-bin/loaded',
    `#!/bin/sh\n${typed}echo begun\nwhile [ ! -e "$0.go" ]; do sleep 0.1; done\necho over\n`,
  )
  const listener = await gateway.listen(`fastcgi:unix:${join(sockets, 'load')}`)
  const over = new AbortController()
  try {
    using client = new FastCgiClient(listener.addresses[0] ?? '')
    const begun = [1, 2, 3]
    for (const id of begun) client.send(fastCgiRequest(id, variablesOf('/cgi-bin/loaded'), '', true))
    await client.until((all) => begun.every((id) => streamOf(all, id, types.stdout).includes('begun')))
    const closed = listener.close()
    // A web server that does not stop asking, with never a moment in which nothing is under way.
    let id = 3
    const load = (async () => {
      while (!over.signal.aborted && !client.isClosed) {
        client.send(fastCgiRequest(++id, variablesOf('/file.txt'), '', true))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    assert.deepEqual(endOf(await client.ended(4), 4), [0, 2])
    site.add(`cgi-bin/${script.split('/').at(-1) ?? ''}.go`, '')
    await closed
    over.abort()
    await load
    for (const each of begun) {
      assert.match(answerOf(client.records, each).body, /begun\nover\n/)
      assert.deepEqual(endOf(client.records, each), [0, 0])
    }
    for (let each = 4; each <= id; each++) assert.equal(streamOf(client.records, each, types.stdout).length, 0)
  } finally {
    over.abort()
    await gateway[Symbol.asyncDispose]()
  }
})

test('Security: a peer that asks for values and never reads them is cut off', async () => {
  await using server = await stage({ headerTimeout: 0 })
  using client = server.client()
  client.socket.pause()
  const questions = Buffer.concat(
    Array.from({ length: 1000 }, () => record(types.getValues, 0, nameValues({ FCGI_MAX_CONNS: '' }))),
  )
  let sent = 0
  // Far more than any buffer between the two holds.
  while (!client.socket.destroyed && sent < 64 * 1024 * 1024) {
    sent += questions.length
    if (!client.socket.write(questions)) {
      await new Promise<void>((resolve) => void client.socket.once('drain', resolve).once('close', resolve))
    }
  }
  assert.ok(await eventually(() => client.socket.destroyed, 5000), `${sent} bytes of questions were taken`)
})
