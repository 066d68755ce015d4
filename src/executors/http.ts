// The http executor: a request to an HTTP upstream (RFC 9110 7.6), over kept connections. Its answer is told as a CGI
// program would tell it, so that all of the gateway's rules hold for it too. Security: the parser is node:http's strict
// one, for two readers of one answer must not differ about its end.

import { request as startRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { bytesOf, type ByteString, type Bytes } from '../bytes/byte-string.ts'
import type { Ending } from '../events/events.ts'
import { FailureError, type GatewayFailure } from '../events/failures.ts'
import { hopByHopFields } from '../protocol/http/fields.ts'
import { upstreamFields, upstreamTarget } from '../protocol/http/upstream-request.ts'
import { UpstreamAgent, type UpstreamAgentOptions } from '../transport/upstream-agent.ts'
import { showUpstreamAddress } from '../transport/upstream-address.ts'
import type { Cancellation, Executor, GatewayRequest, Started } from './executor.ts'
import { hearingLeave } from './left-early.ts'
import { hasBodyAgain, isSafe } from './repeat.ts'

export interface HttpExecutorOptions extends UpstreamAgentOptions {
  /** Host: the client's, the upstream's address, or another. */
  readonly host: 'client' | 'upstream' | { readonly name: string }
  /** The upstream is asked for PATH_INFO alone. */
  readonly stripPrefix: boolean
  readonly forwardedFor: 'replace' | 'append'
  readonly maxHeadBytes: number
}

export class HttpExecutor implements Executor {
  readonly #options: HttpExecutorOptions
  readonly #kept: UpstreamAgent
  /** For a request whose kept connection proved to be closed. */
  readonly #fresh: UpstreamAgent
  readonly #running = new Set<HttpExchange>()
  #isDisposed = false

  constructor(options: HttpExecutorOptions) {
    this.#options = options
    this.#kept = new UpstreamAgent(options)
    this.#fresh = new UpstreamAgent({ ...options, maxIdle: 0 })
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    if (this.#isDisposed) return { kind: 'failed', failure: { kind: 'shutting-down' } }
    if (signal.aborted) return { kind: 'failed', failure: { kind: 'client-gone' } }
    const exchange = new HttpExchange(request, this.#options, this.#fresh)
    const onAbort = (): void => exchange.abort()
    signal.addEventListener('abort', onAbort, { once: true })
    this.#running.add(exchange)
    void exchange.ending.then(() => {
      this.#running.delete(exchange)
      signal.removeEventListener('abort', onAbort)
    })
    const failure = await exchange.start(this.#kept)
    if (failure !== undefined)
      return { kind: 'failed', failure: this.#isDisposed ? { kind: 'shutting-down' } : failure }
    const { output, ending } = exchange
    return {
      kind: 'running',
      running: { pid: undefined, isWarm: false, output, diagnostics: nothing(), leaving: ending, ending, end: onAbort },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    for (const exchange of this.#running) exchange.abort()
    await this.#kept[Symbol.asyncDispose]()
    await this.#fresh[Symbol.asyncDispose]()
  }
}

/** One request, on one connection, or where a kept one proved stale, on a second. */
class HttpExchange {
  readonly output: Bytes
  readonly ending: Promise<Ending>
  readonly #request: GatewayRequest
  readonly #options: HttpExecutorOptions
  readonly #fresh: UpstreamAgent
  readonly #response: Promise<IncomingMessage | undefined>
  #answered: (response: IncomingMessage | undefined) => void = () => {}
  #failed: (error: FailureError) => void = () => {}
  #resolveEnding: (ending: Ending) => void = () => {}
  #sent: ClientRequest | undefined
  #giveUpConnecting: () => void = () => {}
  #isOver = false

  constructor(request: GatewayRequest, options: HttpExecutorOptions, fresh: UpstreamAgent) {
    this.#request = request
    this.#options = options
    this.#fresh = fresh
    this.ending = new Promise((resolve) => {
      this.#resolveEnding = resolve
    })
    this.#response = new Promise((resolve, reject) => {
      this.#answered = resolve
      this.#failed = reject
    })
    this.#response.catch(() => {}) // It is heard by whoever reads the output.
    this.output = hearingLeave(this.#read(), () => this.abort())
  }

  /** Resolves when there is a connection, or cannot be one. */
  async start(agent: UpstreamAgent): Promise<GatewayFailure | undefined> {
    const failure = await this.#send(agent)
    if (failure !== undefined) this.#finish(null)
    return failure
  }

  abort(): void {
    if (this.#isOver) return
    this.#finish(null)
    this.#answered(undefined)
    this.#giveUpConnecting()
    this.#sent?.destroy()
  }

  #send(agent: UpstreamAgent): Promise<GatewayFailure | undefined> {
    const { variables, body } = this.#request
    const request = startRequest({
      agent,
      host: 'localhost',
      method: variables.get('REQUEST_METHOD') ?? 'GET',
      path: upstreamTarget(variables, this.#options.stripPrefix),
      headers: Object.fromEntries(this.#fields()),
      setHost: false,
      maxHeaderSize: this.#options.maxHeadBytes,
      insecureHTTPParser: false,
    })
    request.maxHeadersCount = 0 // Node would cut them off in silence.
    this.#sent = request
    const connected = new Promise<GatewayFailure | undefined>((resolve) => {
      let readBefore = 0
      // A request that is destroyed before it has a socket says nothing until it has one.
      this.#giveUpConnecting = () => resolve({ kind: 'client-gone' })
      request.once('socket', (socket) => {
        readBefore = socket.bytesRead
        resolve(undefined)
      })
      request.once('response', (response) => this.#answered(response))
      request.once('upgrade', (_, socket) => {
        socket.destroy()
        this.#fail(faultOf(this.#options, 'it switches to another protocol unasked'))
      })
      request.on('error', (error) => {
        const hasAnswered = (request.socket?.bytesRead ?? 0) > readBefore
        resolve(this.#failureOf(error, hasAnswered))
        if (!hasAnswered && request.reusedSocket && this.#canRepeat() && !isParseError(error)) this.#repeat()
        else this.#fail(this.#failureOf(error, hasAnswered))
      })
    })
    if (body instanceof Uint8Array) request.end(body)
    else pipeline(this.#watched(body), request).catch(() => {}) // Told by the request's own error, or by `#watched`.
    return connected
  }

  /** Its sender failed, and whoever owns it has been told: the upstream must not take the beginning for the whole. */
  async *#watched(body: Bytes): AsyncGenerator<Uint8Array> {
    try {
      yield* body
    } catch (error) {
      this.abort()
      throw error
    }
  }

  #fields(): readonly (readonly [string, string])[] {
    const { host, address, forwardedFor, stripPrefix } = this.#options
    const authority = address.kind === 'unix' ? 'localhost' : showUpstreamAddress(address)
    const named = typeof host === 'string' ? undefined : host.name
    return upstreamFields(this.#request.variables, {
      host: host === 'upstream' ? authority : named,
      authority,
      forwardedFor,
      stripPrefix,
    })
  }

  #canRepeat(): boolean {
    return !this.#isOver && isSafe(this.#request) && hasBodyAgain(this.#request)
  }

  #repeat(): void {
    void this.#send(this.#fresh).then((failure) => (failure === undefined ? undefined : this.#fail(failure)))
  }

  #failureOf(error: Error, hasAnswered: boolean): GatewayFailure {
    if (error instanceof FailureError) return error.failure
    if (isParseError(error)) return faultOf(this.#options, error.message)
    if (hasAnswered) return faultOf(this.#options, 'it closed the connection in the middle of the head of its answer')
    const code = 'code' in error ? String(error.code) : undefined
    return { kind: 'upstream-closed', address: showUpstreamAddress(this.#options.address), code }
  }

  /** Before the answer's head; after it nobody hears of it here. */
  #fail(failure: GatewayFailure): void {
    this.#failed(new FailureError(failure))
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    let sent = 0
    let isWhole = false
    try {
      const response = await this.#response
      if (response === undefined) return
      yield headBytes(response)
      for await (const chunk of response) {
        sent += Buffer.byteLength(chunk)
        yield chunk
      }
      isWhole = response.complete
      if (!isWhole) throw new Error('the answer is not complete')
    } catch (error) {
      if (this.#isOver) return
      throw error instanceof FailureError ? error : cutShort(sent)
    } finally {
      // What is left of a body that nobody read would be the next request's.
      if (!isWhole || this.#sent?.writableFinished !== true) this.#sent?.destroy()
      this.#finish(isWhole ? 0 : null)
    }
  }

  #finish(exitCode: 0 | null): void {
    this.#isOver = true
    const signal = exitCode === null ? 'unknown' : null
    this.#resolveEnding({ exitCode, signal, cpuMs: undefined, maxRssBytes: undefined })
  }
}

function isParseError(error: Error): boolean {
  return 'code' in error && String(error.code).startsWith('HPE_')
}

function faultOf({ address }: HttpExecutorOptions, fault: string): GatewayFailure {
  return { kind: 'upstream-fault', address: showUpstreamAddress(address), protocol: 'HTTP', fault }
}

function cutShort(sent: number): FailureError {
  return new FailureError({ kind: 'body-cut-short', sent, announced: undefined, signal: null })
}

/** RFC 3875 6.3, without what belongs to the connection to the upstream (RFC 9110 7.6.1). */
function headBytes({ statusCode = 0, statusMessage = '', rawHeaders, headers }: IncomingMessage): Uint8Array {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
  let head: ByteString = `Status: ${statusCode} ${statusMessage}\r\n`
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
    const field = name.toLowerCase()
    // A field `Status` would speak for ours.
    if (hopByHopFields.has(field) || named.has(field) || field === 'status') continue
    head += `${name}: ${value}\r\n`
  }
  return bytesOf(`${head}\r\n`)
}

// eslint-disable-next-line eslint/require-yield -- HTTP has no standard error
async function* nothing(): AsyncGenerator<Uint8Array> {}
