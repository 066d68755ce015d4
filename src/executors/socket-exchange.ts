// One request over a connection of its own, for protocols whose head says all: the head goes out, then the body while the
// answer comes in, and the answer lasts until the other side closes (SCGI, uwsgi). Our side is never closed for writing
// alone: some servers take that for a client that is gone.

import type { Bytes } from '../bytes/byte-string.ts'
import type { Ending } from '../events/events.ts'
import { FailureError, failureOf, type GatewayFailure } from '../events/failures.ts'
import { ByteQueue } from '../transport/byte-queue.ts'
import { connect } from '../transport/connect.ts'
import type { PatientSocket } from '../transport/patient-socket.ts'
import { showUpstreamAddress, type UpstreamAddress } from '../transport/upstream-address.ts'
import type { Cancellation, Executor, GatewayRequest, Started } from './executor.ts'

export interface SocketExecutorOptions {
  readonly address: UpstreamAddress
  readonly connectTimeoutMs: number
}

/** The bytes before the body, or why there are none. */
export type EncodedHead = { readonly bytes: Uint8Array } | { readonly failure: GatewayFailure }

/** Output that nobody has taken; past it the connection is paused. */
const heldBytes = 256 * 1024

export class SocketExecutor implements Executor {
  readonly #options: SocketExecutorOptions
  readonly #encode: (request: GatewayRequest) => EncodedHead
  readonly #running = new Set<SocketExchange>()
  #isDisposed = false

  constructor(options: SocketExecutorOptions, encode: (request: GatewayRequest) => EncodedHead) {
    this.#options = options
    this.#encode = encode
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    if (this.#isDisposed) return { kind: 'failed', failure: { kind: 'shutting-down' } }
    const head = this.#encode(request)
    if ('failure' in head) return { kind: 'failed', failure: head.failure }
    const { address, connectTimeoutMs } = this.#options
    let socket: PatientSocket
    try {
      socket = await connect(address, connectTimeoutMs, signal)
    } catch (error) {
      return { kind: 'failed', failure: failureOf(error) }
    }
    const exchange = new SocketExchange(socket, address, request, head.bytes)
    this.#watch(exchange, signal)
    const { output, diagnostics, ending } = exchange
    const end = (): void => exchange.abort()
    return {
      kind: 'running',
      running: { pid: undefined, isWarm: false, output, diagnostics, leaving: ending, ending, end },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    for (const exchange of this.#running) exchange.abort()
  }

  #watch(exchange: SocketExchange, signal: Cancellation): void {
    this.#running.add(exchange)
    const onAbort = (): void => exchange.abort()
    signal.addEventListener('abort', onAbort, { once: true })
    // It may have been left, or all may have been ended, while it was being connected.
    if (signal.aborted || this.#isDisposed) onAbort()
    void exchange.ending.then(() => {
      this.#running.delete(exchange)
      signal.removeEventListener('abort', onAbort)
    })
  }
}

class SocketExchange {
  readonly output = new ByteQueue()
  /** These protocols have no standard error. */
  readonly diagnostics = new ByteQueue()
  readonly ending: Promise<Ending>
  readonly #socket: PatientSocket
  readonly #address: string
  readonly #request: GatewayRequest
  #resolveEnding: (ending: Ending) => void = () => {}
  #error: Error | undefined
  #isOver = false
  #bytes = 0

  constructor(socket: PatientSocket, address: UpstreamAddress, request: GatewayRequest, head: Uint8Array) {
    this.#socket = socket
    this.#address = showUpstreamAddress(address)
    this.#request = request
    this.ending = new Promise((resolve) => {
      this.#resolveEnding = resolve
    })
    this.diagnostics.end()
    this.output.onTaken = () => {
      if (this.output.bytes <= heldBytes) socket.resume()
    }
    this.output.onLeft = () => this.abort()
    socket.on('data', (chunk) => this.#take(chunk))
    socket.on('error', (error) => {
      this.#error = error
    })
    // Over a Unix socket a reset says that something of ours lay unread, and nothing of the answer.
    socket.once('end', () => this.#close(address.kind === 'tcp' && socket.wasReset ? 'ECONNRESET' : undefined))
    socket.once('close', () => this.#close())
    this.#send(head)
  }

  /** Nobody wants the answer any more, or it may not go on. */
  abort(): void {
    this.#finish(this.#cutShort(), null)
  }

  #take(chunk: Uint8Array): void {
    this.#bytes += chunk.length
    this.output.push(chunk)
    if (this.output.bytes > heldBytes) this.#socket.pause()
  }

  #close(resetCode?: string): void {
    // What came before an error, and waited because of the pause.
    for (let rest: unknown = this.#socket.read(); rest instanceof Uint8Array; rest = this.#socket.read())
      this.#take(rest)
    const code = this.#error !== undefined && 'code' in this.#error ? String(this.#error.code) : resetCode
    if (this.#bytes === 0) {
      const failure = {
        kind: 'upstream-closed',
        address: this.#address,
        code: code ?? this.#socket.writeFault,
      } as const
      return this.#finish(failure, null)
    }
    // Who answers without having read the whole body, and closes, resets the connection: his answer is whole all the same.
    // One that is not is found out by its length.
    const isCut = code !== undefined && !(code === 'ECONNRESET' && this.#request.bodyLength > 0)
    if (!isCut) return this.#finish(undefined, 0)
    this.#finish(this.#cutShort(), null)
  }

  #cutShort(): GatewayFailure {
    return { kind: 'body-cut-short', sent: this.#bytes, announced: undefined, signal: null }
  }

  #finish(failure: GatewayFailure | undefined, exitCode: 0 | null): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#socket.destroy()
    this.output.end(failure === undefined ? undefined : new FailureError(failure))
    const signal = exitCode === null ? 'unknown' : null
    this.#resolveEnding({ exitCode, signal, cpuMs: undefined, maxRssBytes: undefined })
  }

  #send(head: Uint8Array): void {
    const socket = this.#socket
    const { body } = this.#request
    socket.cork()
    socket.write(head)
    if (body instanceof Uint8Array && body.length > 0) socket.write(body)
    socket.uncork()
    // Its sender failed, and whoever owns it has been told: the upstream must not take the beginning for the whole.
    if (!(body instanceof Uint8Array)) this.#sendBody(body).catch(() => this.abort())
  }

  async #sendBody(body: Bytes): Promise<void> {
    const socket = this.#socket
    const isWanted = (): boolean => !this.#isOver && socket.writeFault === undefined
    for await (const chunk of body) {
      if (!isWanted()) return
      if (socket.write(chunk)) continue
      await socket.drained()
      if (!isWanted()) return
    }
  }
}
