// An upstream of the test's own, on a Unix socket or a port: each connection does what the test says.

import { runningOf } from '../../src/executors/answered.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ByteString } from '../../src/bytes/byte-string.ts'
import { FailureError, type GatewayFailure } from '../../src/events/failures.ts'
import type { Ending } from '../../src/events/events.ts'
import type { GatewayRequest, Started } from '../../src/executors/executor.ts'
import type { UpstreamAddress } from '../../src/transport/upstream-address.ts'

export interface FakeUpstream extends AsyncDisposable {
  readonly address: UpstreamAddress
  /** As `fastcgi()` and its siblings take it. */
  readonly text: string
  /** How many connections there have been. */
  readonly connections: number
  /** Open ones. */
  readonly sockets: ReadonlySet<Socket>
}

export async function fakeUpstream(
  onConnection: (socket: Socket, number: number) => void,
  kind: 'unix' | 'tcp' = 'unix',
): Promise<FakeUpstream> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-upstream-'))
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    onConnection(socket, connections)
  })
  const path = join(folder, 'socket')
  server.listen(kind === 'unix' ? { path } : { host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const bound = server.address()
  const address: UpstreamAddress =
    bound === null || typeof bound === 'string'
      ? { kind: 'unix', path }
      : { kind: 'tcp', host: '127.0.0.1', port: bound.port }
  return {
    address,
    text: address.kind === 'unix' ? `unix:${path}` : `127.0.0.1:${address.port}`,
    get connections() {
      return connections
    },
    sockets,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A request with the variables that every request has. */
export function requestOf(
  variables: Readonly<Record<string, ByteString>> = {},
  body: GatewayRequest['body'] = new Uint8Array(0),
  bodyLength = body instanceof Uint8Array ? body.length : 0,
): GatewayRequest {
  const usual = {
    ...(bodyLength > 0 ? { CONTENT_LENGTH: String(bodyLength) } : {}),
    PATH_INFO: '/',
    QUERY_STRING: '',
    REMOTE_ADDR: '192.0.2.7',
    REQUEST_METHOD: bodyLength > 0 ? 'POST' : 'GET',
    REQUEST_SCHEME: 'http',
    REQUEST_URI: '/',
    SCRIPT_NAME: '',
    SERVER_PROTOCOL: 'HTTP/1.1',
  }
  return { variables: new Map(Object.entries({ ...usual, ...variables })), body, bodyLength, program: undefined }
}

export interface Outcome {
  /** Latin-1. */
  readonly output: ByteString
  readonly diagnostics: ByteString
  readonly failure: GatewayFailure | undefined
  /** Undefined where it did not start. */
  readonly ending: Ending | undefined
}

/** All that came of a run. */
export async function outcomeOf(started: Started | Promise<Started>): Promise<Outcome> {
  const result = await started
  if (result.kind === 'failed') return { output: '', diagnostics: '', failure: result.failure, ending: undefined }
  const running = result.kind === 'answered' ? runningOf(result.answered) : result.running
  const diagnostics = textOf(running.diagnostics)
  const output = await textOf(running.output)
  return { ...output, diagnostics: (await diagnostics).output, ending: await running.ending }
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<Pick<Outcome, 'output' | 'failure'>> {
  let output = ''
  try {
    for await (const chunk of bytes) output += Buffer.from(chunk).toString('latin1')
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    return { output, failure: error.failure }
  }
  return { output, failure: undefined }
}

/** `bytes` in pieces, each in its own turn of the event loop. */
export async function* pieces(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < count; at++) {
    await new Promise((resolve) => setImmediate(resolve))
    yield Buffer.alloc(size, 97 + (at % 26))
  }
}

/** Resolves with all that has come when it fulfils the condition. */
export function received(socket: Socket, isEnough: (text: ByteString) => boolean): Promise<ByteString> {
  return new Promise((resolve) => {
    let text = ''
    const onData = (chunk: Uint8Array): void => {
      text += Buffer.from(chunk).toString('latin1')
      if (!isEnough(text)) return
      socket.off('data', onData)
      resolve(text)
    }
    socket.on('data', onData)
  })
}
