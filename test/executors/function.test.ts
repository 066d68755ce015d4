// The function executor over requests and handlers that the test makes.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { byteStringOf, bytesOf, type ByteString, type Bytes } from '../../src/bytes/byte-string.ts'
import { FailureError } from '../../src/events/failures.ts'
import { DeadlineExecutor } from '../../src/executors/deadlines.ts'
import type { GatewayRequest, Running } from '../../src/executors/executor.ts'
import { FunctionExecutor, type FunctionHandler } from '../../src/executors/function.ts'

const never = new AbortController().signal

const usual = {
  REQUEST_METHOD: 'GET',
  REQUEST_SCHEME: 'http',
  HTTP_HOST: 'a.example:8080',
  REQUEST_URI: '/app/x?y=1',
  SCRIPT_NAME: '/app',
  PATH_INFO: '/x',
  QUERY_STRING: 'y=1',
  SERVER_NAME: 'a.example',
  SERVER_PORT: '8080',
}

function asked(variables: Readonly<Record<string, ByteString>> = {}, body?: ByteString | Bytes): GatewayRequest {
  const whole = typeof body === 'string' ? bytesOf(body) : (body ?? new Uint8Array(0))
  const length = typeof body === 'string' ? body.length : body === undefined ? 0 : 1000
  return {
    variables: new Map(Object.entries({ ...usual, ...variables })),
    body: whole,
    bodyLength: length,
    program: undefined,
  }
}

async function start(handler: FunctionHandler, request: GatewayRequest = asked(), signal = never): Promise<Running> {
  const started = await new FunctionExecutor(handler).run(request, signal)
  assert.ok(started.kind === 'running')
  return started.running
}

async function textOf(bytes: Bytes): Promise<ByteString> {
  let text = ''
  for await (const chunk of bytes) text += byteStringOf(chunk)
  return text
}

/** A promise that the test keeps. */
function promised<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  const resolvers: ((value: T) => void)[] = []
  const promise = new Promise<T>((resolve) => void resolvers.push(resolve))
  return { promise, resolve: (value) => resolvers[0]?.(value) }
}

/** What the handler saw of its request. */
async function seenOf(request: GatewayRequest): Promise<Request> {
  let seen: Request | undefined
  const running = await start((its) => {
    seen = its
    return new Response(null)
  }, request)
  const output = await textOf(running.output)
  assert.ok(seen !== undefined, output)
  return seen
}

async function urlOf(variables: Readonly<Record<string, ByteString>>): Promise<string> {
  return (await seenOf(asked(variables))).url
}

test('Postern: the Request of a function has the URL that the client asked for', async () => {
  assert.equal(await urlOf({}), 'http://a.example:8080/app/x?y=1')
  assert.equal(await urlOf({ REQUEST_SCHEME: 'https', HTTP_HOST: 'b.example' }), 'https://b.example/app/x?y=1')
  assert.equal(await urlOf({ HTTP_HOST: '', SERVER_PORT: '81' }), 'http://a.example:81/app/x?y=1')
  assert.equal(await urlOf({ REQUEST_URI: '//evil.example/x' }), 'http://a.example:8080//evil.example/x')
})

test('RFC 3875 6.2.2: after a local redirect the Request of a function has the URL where that led', async () => {
  const url = await urlOf({ REDIRECT_URL: '/first', PATH_INFO: '/a b%?c', QUERY_STRING: 'new' })
  assert.equal(url, 'http://a.example:8080/app/a%20b%25%3Fc?new')
})

test('Postern: bytes that a URL would drop, or read as something else, are escaped in the URL of a Request', async () => {
  assert.equal(await urlOf({ REQUEST_URI: '/a\\..\\b\tc\xe9#d' }), 'http://a.example:8080/a%5C..%5Cb%09c%E9%23d')
})

test('RFC 3875 4.1.18: HTTP_*, CONTENT_TYPE and CONTENT_LENGTH are fields of the Request, and nothing else is', async () => {
  const { headers, method } = await seenOf(
    asked(
      { REQUEST_METHOD: 'PROPFIND', HTTP_X_SOME_THING: 'Ren\xe9e', CONTENT_TYPE: 'a/b', CONTENT_LENGTH: '2' },
      'ab',
    ),
  )
  assert.equal(method, 'PROPFIND')
  assert.deepEqual(
    [...headers],
    [
      ['content-length', '2'],
      ['content-type', 'a/b'],
      ['host', 'a.example:8080'],
      ['x-some-thing', 'Ren\xe9e'],
    ],
  )
})

const called = (): Response => assert.fail('it was called')

test('RFC 9110 15.6.2: a method that no Request can have is 501, a field that cannot stand in one is 400', async () => {
  const track = await start(called, asked({ REQUEST_METHOD: 'TRACK' }))
  assert.match(await textOf(track.output), /^Status: 501\n/)
  const split = await start(called, asked({ HTTP_X_A: 'a\nb' }))
  assert.match(await textOf(split.output), /^Status: 400\n/)
})

const echo: FunctionHandler = async (request) => new Response(await request.text())

async function* parts(): AsyncGenerator<Uint8Array> {
  yield bytesOf('one ')
  await turn()
  yield bytesOf('two')
}

test('Postern: a function gives back a body that is whole, and one that comes as a stream', async () => {
  const post = { REQUEST_METHOD: 'POST' }
  assert.match(await textOf((await start(echo, asked(post, 'whole'))).output), /\n\nwhole$/)
  assert.match(await textOf((await start(echo, asked(post, parts()))).output), /\n\none two$/)
})

test('Postern: the request’s body is not read before the function reads it, nor after its end', async () => {
  let wasRead = 0
  let wasLeft = false
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        wasRead++
        yield bytesOf('x')
      }
    } finally {
      wasLeft = true
    }
  }
  let later: Promise<unknown> | undefined
  const running = await start(
    async (request) => {
      await turn()
      assert.equal(wasRead, 0)
      const reader = request.body?.getReader()
      await reader?.read()
      later = reader?.closed
      later?.catch(() => {})
      return new Response(null)
    },
    asked({ REQUEST_METHOD: 'POST' }, endless()),
  )
  await textOf(running.output)
  assert.ok(later !== undefined)
  await assert.rejects(later, /the request is over/)
  assert.deepEqual([wasRead, wasLeft], [1, true])
})

test('RFC 3875 6.3: the Response becomes a head of CGI, with each Set-Cookie, without fields of the connection', async () => {
  const running = await start(() => {
    const headers = new Headers({ 'Content-Type': 'text/html', 'X-A': '\xe9', Connection: 'close', Status: '200' })
    headers.append('Set-Cookie', 'a=1')
    headers.append('Set-Cookie', 'b=2')
    return new Response('gone', { status: 410, statusText: 'Away', headers })
  })
  assert.equal(
    await textOf(running.output),
    'Status: 410 Away\ncontent-type: text/html\nset-cookie: a=1\nset-cookie: b=2\nx-a: \xe9\n\ngone',
  )
  assert.deepEqual(await running.ending, { exitCode: 0, signal: null, cpuMs: undefined, maxRssBytes: undefined })
})

test('Postern: a function that throws has said nothing but its stack on diagnostics, and ended with 1', async () => {
  for (const handler of [
    () => {
      throw new Error('no such thing')
    },
    () => Promise.reject(new Error('no such thing')),
  ]) {
    const running = await start(handler)
    assert.equal(await textOf(running.output), '')
    assert.match(await textOf(running.diagnostics), /^Error: no such thing\n +at /)
    assert.equal((await running.ending).exitCode, 1)
  }
})

test('Postern: a function that answers with no Response, or with one that was read, is one that throws', async () => {
  const wrong: unknown = JSON.parse('{}')
  const read = new Response('x')
  await read.text()
  for (const [answer, said] of [
    [wrong, /no Response/],
    [read, /locked|disturbed/],
  ] as const) {
    const running = await start(Reflect.apply.bind(undefined, () => answer, undefined, []))
    assert.equal(await textOf(running.output), '')
    assert.match(await textOf(running.diagnostics), said)
  }
})

test('Postern: lines of diagnostics come as they are written', async () => {
  const go = promised<void>()
  const running = await start(async (_, { diagnostics }) => {
    diagnostics('one')
    await go.promise
    diagnostics('zw\u00f6lf\n')
    return new Response(null)
  })
  const lines = running.diagnostics[Symbol.asyncIterator]()
  const next = async (): Promise<ByteString> => byteStringOf((await lines.next()).value ?? new Uint8Array(0))
  assert.equal(await next(), 'one\n')
  const second = next()
  go.resolve()
  assert.equal(await second, 'zw\xc3\xb6lf\n')
  await textOf(running.output)
  assert.equal((await lines.next()).done, true)
})

function ticking(onCancel: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (its) => its.enqueue(bytesOf('tick')), cancel: onCancel }, { highWaterMark: 0 })
}

test('Postern: a body is asked for as fast as it is read, and cancelled where its reader leaves', async () => {
  let pulled = 0
  let isCancelled = false
  let signal: AbortSignal | undefined
  const running = await start((_, context) => {
    signal = context.signal
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: (its) => {
          pulled++
          its.enqueue(bytesOf('tick'))
        },
        cancel: () => {
          isCancelled = true
        },
      },
      { highWaterMark: 0 },
    )
    return new Response(stream)
  })
  const output = running.output[Symbol.asyncIterator]()
  await output.next()
  await turn()
  assert.equal(pulled, 0)
  await output.next()
  await output.next()
  await turn()
  assert.equal(pulled, 2)
  await output.return?.()
  assert.deepEqual([isCancelled, signal?.aborted], [true, true])
  assert.equal((await running.ending).signal, 'SIGTERM')
})

function halfABody(): ReadableStream<Uint8Array> {
  let pulls = 0
  return new ReadableStream<Uint8Array>(
    { pull: (its) => (pulls++ === 0 ? its.enqueue(bytesOf('half')) : its.error(new Error('the other half'))) },
    { highWaterMark: 0 },
  )
}

test('Postern: a body that fails in the middle is cut short, with the reason on diagnostics', async () => {
  const running = await start(() => new Response(halfABody()))
  await assert.rejects(textOf(running.output), (error) => {
    assert.ok(error instanceof FailureError)
    assert.deepEqual(error.failure, { kind: 'body-cut-short', sent: 4, announced: undefined, signal: null })
    return true
  })
  assert.match(await textOf(running.diagnostics), /the other half/)
  assert.equal((await running.ending).exitCode, 1)
})

test('Postern: an abort tells the function by both of its signals, cancels its body and ends its output', async () => {
  const gone = new AbortController()
  let isCancelled = false
  const signals: AbortSignal[] = []
  const running = await start(
    (request, { signal }) => {
      signals.push(request.signal, signal)
      return new Response(ticking(() => (isCancelled = true)))
    },
    asked(),
    gone.signal,
  )
  const output = running.output[Symbol.asyncIterator]()
  await output.next()
  gone.abort()
  assert.equal((await output.next()).done, true)
  assert.deepEqual(
    [isCancelled, ...signals.map(({ aborted }) => aborted), (await running.ending).signal],
    [true, true, true, 'SIGTERM'],
  )
})

test('Postern: a function that never answers ends with its limit of time, and its late answer is cancelled', async () => {
  const answer = promised<Response>()
  const limits = { firstByteMs: 20, idleMs: 0, totalMs: 0 }
  const started = await new DeadlineExecutor(new FunctionExecutor(() => answer.promise), limits).run(asked(), never)
  assert.ok(started.kind === 'running')
  await assert.rejects(textOf(started.running.output), /timed-out/)
  assert.equal((await started.running.ending).signal, 'SIGTERM')
  const cancelled = promised<boolean>()
  answer.resolve(new Response(ticking(() => cancelled.resolve(true))))
  assert.equal(await cancelled.promise, true)
})

test('Postern: disposing of the executor ends what runs', async () => {
  const executor = new FunctionExecutor(() => new Promise(() => {}))
  const started = await executor.run(asked(), never)
  assert.ok(started.kind === 'running')
  await executor[Symbol.asyncDispose]()
  assert.equal(await textOf(started.running.output), '')
  assert.equal((await started.running.ending).signal, 'SIGTERM')
})

test('Postern: a disposed executor calls no function any more', async () => {
  let calls = 0
  const executor = new FunctionExecutor(() => {
    calls++
    return new Response(null)
  })
  await executor[Symbol.asyncDispose]()
  assert.deepEqual(await executor.run(asked(), never), { kind: 'failed', failure: { kind: 'shutting-down' } })
  assert.equal(calls, 0)
})

test('Postern: output that is left before any of it was asked for ends the function', async () => {
  const running = await start(() => new Promise(() => {}))
  await running.output[Symbol.asyncIterator]().return?.()
  assert.equal((await running.ending).signal, 'SIGTERM')
})
