// Upstreams that break every rule, and what the client gets of it. After each misdeed the same gateway answers the next
// request by a good upstream as it should.

import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { FastCgiExecutor } from '../../src/executors/fastcgi.ts'
import { createGateway, fastcgi, proxy, scgi, uwsgi, type DestinationMaker } from '../../src/index.ts'
import { encodeEndRequest } from '../../src/protocol/fastcgi/messages.ts'
import { encodeRecord, encodeStream, recordTypes } from '../../src/protocol/fastcgi/record.ts'
import { FastCgiPool } from '../../src/transport/fastcgi/pool.ts'
import { fakeUpstream, outcomeOf, requestOf } from '../support/upstream-server.ts'

type Kind = 'fastcgi' | 'scgi' | 'uwsgi' | 'http'
const kinds: readonly Kind[] = ['fastcgi', 'scgi', 'uwsgi', 'http']

const makers: Readonly<Record<Kind, (address: string, options: object) => DestinationMaker>> = {
  fastcgi,
  scgi,
  uwsgi,
  http: proxy,
}

const limits = { firstByteTimeout: '3s', idleTimeout: '3s' }

function stdout(text: string, requestId = 1): Buffer {
  return Buffer.concat(encodeStream(recordTypes.stdout, requestId, Buffer.from(text, 'latin1')))
}

function record(type: number, requestId: number, text: string): Buffer {
  return encodeRecord({ type, requestId, content: Buffer.from(text, 'latin1') })
}

const end = encodeEndRequest(1, { appStatus: 0, protocolStatus: 0 })
const head = 'Content-Type: text/plain\r\n\r\n'

/** The bytes of an answer in the protocol. `isWhole`: with what ends it. */
function encoded(kind: Kind, fields: string, body: string, isWhole = true): Buffer {
  if (kind === 'fastcgi') return Buffer.concat([stdout(`${fields}\r\n${body}`), ...(isWhole ? [end] : [])])
  return Buffer.from(kind === 'http' ? `HTTP/1.1 200 OK\r\n${fields}\r\n${body}` : `${fields}\r\n${body}`, 'latin1')
}

/** Once a request has come; FCGI_GET_VALUES is let pass, and has no answer. */
function onRequest(kind: Kind, act: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    let isAnswered = false
    socket.on('end', () => socket.end())
    socket.on('data', (chunk: Buffer) => {
      if (isAnswered || (kind === 'fastcgi' && chunk[1] === recordTypes.getValues)) return
      isAnswered = true
      act(socket)
    })
  }
}

function good(kind: Kind): ReturnType<typeof fakeUpstream> {
  const answer = encoded(kind, 'Content-Type: text/plain\r\nContent-Length: 4\r\n', 'good')
  return fakeUpstream(onRequest(kind, (socket) => void socket.end(answer)))
}

type Seen = { readonly status: number; readonly body: string } | { readonly broken: number }

interface Misdeed {
  readonly what: string
  readonly kinds: readonly Kind[]
  readonly act: (socket: Socket, kind: Kind) => void
  /** A status, a broken body, or a whole body. */
  readonly seen: (seen: Seen, kind: Kind) => void
}

function status(expected: number): Misdeed['seen'] {
  return (seen) => assert.equal('status' in seen ? seen.status : seen.broken, expected)
}

function broken(seen: Seen): void {
  assert.ok('broken' in seen || seen.status === 502, `a whole answer: ${JSON.stringify(seen)}`)
}

function whole(body: string): Misdeed['seen'] {
  return (seen) => assert.deepEqual(seen, { status: 200, body })
}

const streams: readonly Kind[] = ['scgi', 'uwsgi']
const typed = 'Content-Type: text/plain\r\n'

/** FastCGI pads its records, so that the end of their bytes is not that of the head. */
function halfHead(kind: Kind): Uint8Array {
  return kind === 'fastcgi' ? Buffer.from(stdout('Content-Ty')) : encoded(kind, 'Content-Ty', '', false).subarray(0, -2)
}

const misdeeds: readonly Misdeed[] = [
  { what: 'closes without a word', kinds, act: (socket) => socket.end(), seen: status(502) },
  { what: 'resets at once', kinds, act: (socket) => socket.resetAndDestroy(), seen: status(502) },
  { what: 'says nothing', kinds, act: () => {}, seen: status(504) },
  {
    what: 'says half a head and nothing more',
    kinds,
    act: (socket, kind) => socket.write(halfHead(kind)),
    seen: status(504),
  },
  {
    what: 'closes in the middle of the head',
    kinds,
    act: (socket, kind) => socket.end(halfHead(kind)),
    seen: status(502),
  },
  {
    what: 'never ends its head',
    kinds,
    act: (socket, kind) => {
      const line = `X: ${'x'.repeat(1000)}\r\n`
      socket.write(kind === 'http' ? 'HTTP/1.1 200 OK\r\n' : '')
      const more = (): void => {
        while (!socket.destroyed && socket.write(kind === 'fastcgi' ? stdout(line) : line));
      }
      socket.on('drain', more)
      more()
    },
    seen: status(502),
  },
  {
    what: 'sends garbage',
    kinds,
    act: (socket) => socket.end(Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256))),
    seen: status(502),
  },
  {
    what: 'sends less than its Content-Length',
    kinds,
    act: (socket, kind) => socket.end(encoded(kind, `${typed}Content-Length: 100\r\n`, 'half')),
    seen: broken,
  },
  {
    what: 'resets in the middle of its body',
    kinds,
    act: (socket, kind) => {
      socket.write(encoded(kind, `${typed}Content-Length: 100000\r\n`, 'x'.repeat(50_000), false))
      setTimeout(() => socket.resetAndDestroy(), 50)
    },
    seen: broken,
  },
  {
    what: 'goes silent in the middle of its body',
    kinds,
    act: (socket, kind) => socket.write(encoded(kind, `${typed}Content-Length: 100000\r\n`, 'x'.repeat(50_000), false)),
    seen: broken,
  },
  {
    what: 'sends more than its Content-Length',
    kinds: [...streams, 'fastcgi'],
    act: (socket, kind) => socket.end(encoded(kind, `${typed}Content-Length: 4\r\n`, 'whole answer')),
    seen: whole('whol'),
  },
  {
    what: 'sends another answer behind the first',
    kinds: ['http'],
    act: (socket) =>
      socket.end(
        encoded('http', `${typed}Content-Length: 4\r\n`, 'wholHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'),
      ),
    seen: whole('whol'),
  },
  {
    what: 'sends one byte at a time',
    kinds,
    act: (socket, kind) => {
      const bytes = encoded(kind, `${typed}Content-Length: 5\r\n`, 'whole')
      let at = 0
      const next = (): void => {
        if (at === bytes.length) return void socket.end()
        socket.write(bytes.subarray(at, ++at), () => setImmediate(next))
      }
      next()
    },
    seen: whole('whole'),
  },
  {
    what: 'answers without reading, and closes',
    kinds,
    act: (socket, kind) => {
      socket.pause()
      socket.write(encoded(kind, `${typed}Content-Length: 5\r\n`, 'early'), () => socket.destroy())
    },
    seen: whole('early'),
  },
  {
    what: 'frames by chunks that are none',
    kinds: [...streams, 'http'],
    act: (socket) => socket.end(`HTTP/1.1 200 OK\r\n${typed}Transfer-Encoding: chunked\r\n\r\nzz\r\n`),
    seen: broken,
  },
  {
    what: 'sets Transfer-Encoding and Content-Length',
    kinds: ['http'],
    act: (socket) =>
      socket.end(`HTTP/1.1 200 OK\r\n${typed}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    seen: status(502),
  },
  {
    what: 'puts a NUL into a field',
    kinds,
    act: (socket, kind) => socket.end(encoded(kind, `${typed}X: a\0b\r\n`, 'body')),
    seen: status(502),
  },
  {
    what: 'answers for another request',
    kinds: ['fastcgi'],
    act: (socket) => socket.write(stdout(`${head}evil`, 2)),
    seen: status(502),
  },
  {
    what: 'answers with id 0',
    kinds: ['fastcgi'],
    act: (socket) => socket.write(record(recordTypes.stdout, 0, head)),
    seen: status(502),
  },
  {
    what: 'ends with a record of the wrong length',
    kinds: ['fastcgi'],
    act: (socket) => socket.write(record(recordTypes.endRequest, 1, 'xyz')),
    seen: status(502),
  },
  {
    what: 'speaks another version',
    kinds: ['fastcgi'],
    act: (socket) => socket.write(Buffer.from([2, 6, 0, 1, 0, 0, 0, 0])),
    seen: status(502),
  },
  {
    what: 'sends a record of a web server',
    kinds: ['fastcgi'],
    act: (socket) => socket.write(record(recordTypes.params, 1, 'x')),
    seen: status(502),
  },
  {
    what: 'announces a record and closes within it',
    kinds: ['fastcgi'],
    act: (socket) => socket.end(Buffer.from([1, 6, 0, 1, 255, 255, 0, 0, 65])),
    seen: status(502),
  },
  {
    what: 'goes on after its end',
    kinds: ['fastcgi'],
    act: (socket) => socket.write(Buffer.concat([stdout(`${head}whole`), end, stdout('evil'), end])),
    // The answer had ended, or came in one piece with what shows that nothing can be believed.
    seen: (seen) => assert.ok('status' in seen && (seen.status === 502 || seen.body === 'whole'), JSON.stringify(seen)),
  },
  {
    what: 'floods standard error',
    kinds: ['fastcgi'],
    act: (socket) => {
      const line = record(recordTypes.stderr, 1, `${'e'.repeat(99)}\n`.repeat(600))
      let left = 500
      const more = (): void => {
        while (left-- > 0) if (!socket.write(line)) return void socket.once('drain', more)
        socket.write(Buffer.concat([stdout(`${head}whole`), end]))
      }
      more()
    },
    seen: whole('whole'),
  },
]

for (const { what, kinds: ofKinds, act, seen } of misdeeds) {
  for (const kind of ofKinds) {
    test(`a hostile ${kind} upstream that ${what}`, async () => {
      await using evil = await fakeUpstream(
        onRequest(kind, (socket) => act(socket, kind)),
        'tcp',
      )
      await using well = await good(kind)
      await using gateway = createGateway({
        maxResponseHead: '16KiB',
        routes: [
          { path: '/evil', to: makers[kind](evil.text, limits) },
          { path: '/good', to: makers[kind](well.text, limits) },
        ],
      })
      const fetched = async (path: string): Promise<Seen> => {
        const body = path === '/evil' ? { method: 'POST', body: 'x'.repeat(100_000) } : {}
        const response = await gateway.fetch(new Request(`http://localhost${path}`, body))
        const text = await response.text().catch(() => undefined)
        return text === undefined ? { broken: response.status } : { status: response.status, body: text }
      }
      seen(await fetched('/evil'), kind)
      assert.deepEqual(await fetched('/good'), { status: 200, body: 'good' })
    })
  }
}

const arbitraryRecord = fc.record({
  type: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(3, 6, 7) }, fc.integer({ min: 0, max: 255 })),
  requestId: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(1, 2) }, fc.integer({ min: 0, max: 65_535 })),
  content: fc.oneof(fc.uint8Array({ maxLength: 64 }), fc.constant(new Uint8Array(8))),
})

/** Never a crash, never a hang: each exchange ends, and has what was said for its own id and nothing else. */
test(
  'FastCGI 3.3: arbitrary records never crash the executor, and never mix two exchanges',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRecord, { maxLength: 30 }), async (records) => {
        let begun = 0
        await using upstream = await fakeUpstream((socket) => {
          socket.on('end', () => socket.end())
          socket.on('data', (chunk: Buffer) => {
            if (chunk[1] === recordTypes.getValues) {
              const values = Buffer.from('\x0f\x01FCGI_MPXS_CONNS1', 'latin1')
              socket.end(encodeRecord({ type: recordTypes.getValuesResult, requestId: 0, content: values }))
              return
            }
            begun += chunk.toString('latin1').split('SENTINEL').length - 1
            if (begun < 2) return
            begun = Number.NEGATIVE_INFINITY
            socket.write(stdout('first-', 1))
            socket.write(stdout('second-', 2))
            for (const each of records) socket.write(encodeRecord(each))
            socket.end()
          })
        })
        const source = new FastCgiPool({
          address: upstream.address,
          connectTimeoutMs: 5000,
          maxIdle: 8,
          idleTimeoutMs: 30_000,
          maxShared: 2,
          queueTimeoutMs: 5000,
        })
        await using executor = new FastCgiExecutor({ source, role: 'responder', keepsConnections: true })
        const request = requestOf({ X: 'SENTINEL', REQUEST_METHOD: 'POST' })
        const first = await executor.run(request, new AbortController().signal)
        const second = await executor.run(request, new AbortController().signal)
        const outcomes = await Promise.all([outcomeOf(first), outcomeOf(second)])
        for (const [at, name] of ['first-', 'second-'].entries()) {
          const own = records.filter(({ type, requestId }) => type === recordTypes.stdout && requestId === at + 1)
          const all = name + own.map(({ content }) => Buffer.from(content).toString('latin1')).join('')
          assert.ok(all.startsWith(outcomes[at]?.output ?? ''), 'bytes of another exchange')
        }
      }),
      { numRuns: 100 },
    )
  },
)
