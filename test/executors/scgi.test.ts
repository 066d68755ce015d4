import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { ScgiExecutor } from '../../src/executors/scgi.ts'
import { ScgiHeadDecoder, type ScgiHead } from '../../src/protocol/scgi/request.ts'
import { loadNative } from '../../src/transport/native.ts'
import type { UpstreamAddress } from '../../src/transport/upstream-address.ts'
import { eventually } from '../support/server-process.ts'
import { fakeUpstream, outcomeOf, pieces, received, requestOf } from '../support/upstream-server.ts'

const never = new AbortController().signal
const noNative = 'reason' in loadNative() ? 'needs native calls' : false
const answer = 'Content-Type: text/plain\r\n\r\nhello'

function executor(address: UpstreamAddress): ScgiExecutor {
  return new ScgiExecutor({ address, connectTimeoutMs: 5000 })
}

function readHead(text: string): ScgiHead {
  const head = new ScgiHeadDecoder(65536).push(Buffer.from(text, 'latin1'))
  assert.ok(head !== undefined)
  return head
}

test('SCGI "Request Format": CONTENT_LENGTH first, SCGI=1, the variables, then the body', async () => {
  let head: ScgiHead | undefined
  await using upstream = await fakeUpstream(async (socket) => {
    const text = await received(socket, (all) => all.endsWith('a=1&b=2'))
    assert.match(text, /^\d+:CONTENT_LENGTH\x007\0SCGI\x001\0/)
    head = readHead(text)
    socket.end(answer)
  })
  await using scgi = executor(upstream.address)
  const outcome = await outcomeOf(scgi.run(requestOf({ HTTP_X: '\xe9' }, Buffer.from('a=1&b=2')), never))
  assert.equal(outcome.output, answer)
  assert.equal(outcome.failure, undefined)
  assert.deepEqual(outcome.ending, { exitCode: 0, signal: null, cpuMs: undefined, maxRssBytes: undefined })
  assert.equal(head?.contentLength, 7)
  assert.equal(head.variables.get('HTTP_X'), '\xe9')
  assert.equal(Buffer.from(head.rest).toString(), 'a=1&b=2')
})

test('SCGI: the connection is not closed for writing while the answer is due, for some servers take that for a client gone', async () => {
  let sawEnd = false
  await using upstream = await fakeUpstream(async (socket) => {
    socket.once('end', () => {
      sawEnd = true
    })
    await received(socket, (all) => all.endsWith('body'))
    // More turns than a FIN would need to arrive.
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    socket.end(sawEnd ? 'Status: 500\r\n\r\n' : answer)
  })
  await using scgi = executor(upstream.address)
  assert.equal((await outcomeOf(scgi.run(requestOf({}, Buffer.from('body')), never))).output, answer)
})

for (const kind of ['unix', 'tcp'] as const) {
  test(`SCGI over ${kind}: an answer before the body was read, and a close, is the answer, not a failure`, async () => {
    await using upstream = await fakeUpstream((socket) => {
      socket.pause()
      socket.write(answer, () => socket.destroy())
    }, kind)
    await using scgi = executor(upstream.address)
    for (let round = 0; round < 20; round++) {
      const outcome = await outcomeOf(scgi.run(requestOf({}, pieces(200, 65536), 200 * 65536), never))
      assert.equal(outcome.output, answer)
      assert.equal(outcome.failure, undefined)
    }
  })
}

test('SCGI: a large answer comes while a large body goes, each with the other side’s pace', async () => {
  await using upstream = await fakeUpstream((socket) => {
    let isHead = true
    let left = 100 * 65536
    socket.on('data', (chunk: Buffer) => {
      let body = chunk
      if (isHead) {
        body = Buffer.from(readHead(chunk.toString('latin1')).rest)
        socket.write('Content-Type: text/plain\n\n')
        isHead = false
      }
      left -= body.length
      if (!socket.write(body)) {
        socket.pause()
        socket.once('drain', () => socket.resume())
      }
      if (left === 0) socket.end()
    })
  })
  await using scgi = executor(upstream.address)
  const outcome = await outcomeOf(scgi.run(requestOf({}, pieces(100, 65536), 100 * 65536), never))
  assert.equal(outcome.failure, undefined)
  assert.equal(outcome.output.length, 'Content-Type: text/plain\n\n'.length + 100 * 65536)
})

test('SCGI: an answer that nobody takes is not read without a bound', async () => {
  let written = 0
  await using upstream = await fakeUpstream((socket) => {
    const fill = (): void => {
      while (socket.write(Buffer.alloc(65536))) written += 65536
      written += 65536
    }
    socket.on('drain', fill)
    fill()
  })
  await using scgi = executor(upstream.address)
  const started = await scgi.run(requestOf(), never)
  assert.ok(started.kind === 'running')
  let before = -1
  while (before !== written) {
    before = written
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  assert.ok(written < 8 * 1024 * 1024, `${written} bytes were taken`)
  started.running.end()
})

test('SCGI: a connection closed without a byte is upstream-closed', async () => {
  await using upstream = await fakeUpstream((socket) => socket.end())
  await using scgi = executor(upstream.address)
  const { failure, ending } = await outcomeOf(scgi.run(requestOf(), never))
  assert.equal(failure?.kind, 'upstream-closed')
  assert.equal(ending?.exitCode, null)
})

test('SCGI: a connection that is reset in the middle of an answer cuts it short', async () => {
  await using upstream = await fakeUpstream((socket) => {
    socket.write(answer)
    setTimeout(() => socket.resetAndDestroy(), 100)
  }, 'tcp')
  await using scgi = executor(upstream.address)
  const { failure, output } = await outcomeOf(scgi.run(requestOf(), never))
  assert.equal(output, answer)
  assert.equal(failure?.kind, 'body-cut-short')
})

test(
  'SCGI: a reset that comes together with the last bytes cuts the answer short, as any other',
  { skip: noNative },
  async () => {
    await using upstream = await fakeUpstream(async (socket) => {
      await received(socket, (all) => all.endsWith(','))
      socket.write(answer, () => socket.resetAndDestroy())
    }, 'tcp')
    await using scgi = executor(upstream.address)
    for (let time = 0; time < 20; time++) {
      const { failure, output } = await outcomeOf(scgi.run(requestOf(), never))
      assert.equal(output, answer)
      assert.equal(failure?.kind, 'body-cut-short')
    }
  },
)

test('SCGI: nobody there is unreachable, and nothing was sent', async () => {
  await using scgi = executor({ kind: 'unix', path: '/nonexistent/socket' })
  const { failure } = await outcomeOf(scgi.run(requestOf(), never))
  assert.deepEqual(failure, { kind: 'unreachable', address: 'unix:/nonexistent/socket', code: 'ENOENT' })
})

test('SCGI: a client that leaves, end() and disposal each close the connection', async () => {
  await using upstream = await fakeUpstream((socket) => socket.resume())
  const gone = new AbortController()
  await using scgi = executor(upstream.address)
  const first = await scgi.run(requestOf(), gone.signal)
  const second = await scgi.run(requestOf(), never)
  const third = await scgi.run(requestOf(), never)
  assert.ok(first.kind === 'running' && second.kind === 'running' && third.kind === 'running')
  assert.ok(await eventually(() => upstream.sockets.size === 3, 5000))
  const closed = [...upstream.sockets].map((socket) => once(socket, 'end'))
  gone.abort()
  second.running.end()
  await scgi[Symbol.asyncDispose]()
  await Promise.all(closed)
  await Promise.all([first.running.ending, second.running.ending, third.running.ending])
  const late = await scgi.run(requestOf(), never)
  assert.ok(late.kind === 'failed' && late.failure.kind === 'shutting-down')
})

test('SCGI: a body whose sender fails is not taken for a whole one: the connection closes before its length is reached', async () => {
  let bytes = 0
  await using upstream = await fakeUpstream((socket) => {
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
  })
  await using scgi = executor(upstream.address)
  const outcome = await outcomeOf(scgi.run(requestOf({}, broken(), 5000), never))
  assert.equal(outcome.output, '')
  assert.ok(bytes < 5000)
})

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(1000)
  throw new Error('the client broke off')
}
