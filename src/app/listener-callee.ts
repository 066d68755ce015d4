// A listener of node:http as the handler. Its `req` and `res` are those of Node itself: a server of node:http that never
// listens is given one end of a pair of streams as a connection, and Node's own client asks it from the other end.
// Imitations of `req` and `res` break with new versions of Node and with every framework that looks deeper.

import {
  createServer,
  METHODS,
  request as startRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { duplexPair, type Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { textOfError } from '../events/failures.ts'
import { urlPath } from '../protocol/http/url-path.ts'
import { hearingLeave } from '../executors/left-early.ts'
import { refusalAnswer } from '../frontends/refusal-answer.ts'
import { mayHaveBody, mayHaveLength } from '../gateway/response-policy.ts'
import type { Bytes } from '../bytes/byte-string.ts'
import { hopByHopFields, type Field } from '../protocol/http/fields.ts'
import type { Call, Callee, HandlerAnswer } from './call.ts'
import { contextOf, keepContext } from './context.ts'
import type { NodeListener } from './handler.ts'

/** Frontends have bounds of their own for what comes in. */
const mostHeadBytes = 1024 * 1024

export class ListenerCallee implements Callee {
  readonly #server: Server

  constructor(listener: NodeListener) {
    // Frontends have limits of time and size; a second set here would only contradict them.
    this.#server = createServer({
      maxHeaderSize: mostHeadBytes,
      requireHostHeader: false,
      requestTimeout: 0,
      headersTimeout: 0,
    })
    this.#server.maxHeadersCount = 0
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      hear(listener, request, response),
    )
  }

  async answer(call: Call): Promise<HandlerAnswer> {
    // The parser of node:http knows no others.
    if (!METHODS.includes(call.method)) return refusalAnswer(501, `${call.method.slice(0, 40)} is not known here`)
    // Web servers let them through. A client must not be able to fill the log.
    const odd = call.fields.find(([, value]) => /[^\t\x20-\x7e\x80-\xff]/.test(value))
    if (odd !== undefined) return refusalAnswer(400, 'a field holds a control character')
    const [near, far] = duplexPair()
    near.on('error', () => {}) // Told by the request's own error.
    // A pair does not tell one end that the other was destroyed: its client must not wait, and keeps what it was sent.
    far.once('close', () => {
      if (!far.writableFinished && !near.destroyed) near.push(null)
    })
    Object.assign(far, connectionOf(call))
    keepContext(far, call.context)
    this.#server.emit('connection', far)
    const end = (): void => {
      near.destroy()
      far.destroy()
    }
    const { signal } = call.context
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    try {
      const response = await ask(call, near)
      return answerOf(call.method, response, () => {
        signal.removeEventListener('abort', end)
        end()
      })
    } catch (error) {
      end()
      throw error
    }
  }
}

/** What a listener throws is as good as what a fetch function throws. */
function hear(listener: NodeListener, request: IncomingMessage, response: ServerResponse): void {
  const context = contextOf(request)
  response.sendDate = false // The frontend's, or the web server's.
  const fail = (error: unknown): void => {
    context.diagnostics(textOfError(error))
    if (response.headersSent || response.writableEnded) {
      // Only a broken connection says that the body is not whole.
      if (!response.writableFinished) request.socket.destroy()
      return
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    response.writeHead(500, { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' })
    response.end('Internal Server Error\n')
  }
  // As a mounted application sees it in Express and Connect.
  if (context.mount !== '') {
    Object.assign(request, {
      originalUrl: urlPath(context.mount) + (request.url ?? '/'),
      baseUrl: urlPath(context.mount),
    })
  }
  try {
    Promise.resolve(listener(request, response)).catch(fail)
  } catch (error) {
    fail(error)
  }
}

/** What there is to set on a socket is the frontend's. */
function nothing(this: Duplex): Duplex {
  return this
}

/** What listeners ask the socket of a connection about, or have it do. */
function connectionOf({ context, local, scheme }: Call): object {
  const { peer } = context
  return {
    remoteAddress: peer.address === '' ? undefined : peer.address,
    remotePort: peer.port,
    remoteFamily: peer.address === '' ? undefined : peer.address.includes(':') ? 'IPv6' : 'IPv4',
    localAddress: local.address,
    localPort: local.port,
    encrypted: scheme === 'https',
    setTimeout: nothing,
    setNoDelay: nothing,
    setKeepAlive: nothing,
    ref: nothing,
    unref: nothing,
  }
}

function ask(call: Call, near: Duplex): Promise<IncomingMessage> {
  const { method, body, bodyLength } = call
  return new Promise((resolve, reject) => {
    const request = startRequest({
      createConnection: () => near,
      method,
      path: urlPath(call.target),
      headers: headersOf(call),
      setHost: false,
      maxHeaderSize: mostHeadBytes,
    })
    request.maxHeadersCount = 0
    request.once('response', resolve)
    request.once('upgrade', (_response, socket) => {
      socket.destroy()
      reject(new Error('the listener switches to another protocol, which no gateway interface can'))
    })
    request.once('close', () => reject(new Error('the listener closed the connection without an answer')))
    request.on('error', (error) => reject(error))
    if (bodyLength === 0) request.end()
    else pipeline(body, request).catch(() => near.destroy()) // Told by the request's own error.
  })
}

/** The body is framed anew. */
function headersOf({ fields, bodyLength, authority }: Call): readonly string[] {
  const headers = ['Host', authority]
  for (const [name, value] of fields) {
    if (!/^(?:host|content-length|expect)$/i.test(name)) headers.push(name, value)
  }
  if (bodyLength === undefined) headers.push('Transfer-Encoding', 'chunked')
  else if (bodyLength > 0 || fields.some(([name]) => /^content-length$/i.test(name))) {
    headers.push('Content-Length', String(bodyLength))
  }
  return [...headers, 'Connection', 'close']
}

function answerOf(method: string, response: IncomingMessage, end: () => void): HandlerAnswer {
  const { statusCode: status = 500, statusMessage: reason = '', rawHeaders } = response
  const fields: Field[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]]
    const lowerCase = name.toLowerCase()
    // RFC 9110 8.6: no length with 204.
    if (lowerCase === 'content-length' && !mayHaveLength(status)) continue
    if (!hopByHopFields.has(lowerCase) && lowerCase !== 'status') fields.push([name, value])
  }
  if (!mayHaveBody(method, status)) {
    response.resume().once('close', end)
    return { status, reason, fields, body: undefined }
  }
  return { status, reason, fields, body: hearingLeave(chunksOf(response, end), end) }
}

async function* chunksOf(response: IncomingMessage, end: () => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response satisfies Bytes) yield chunk
    if (!response.complete) throw new Error('the listener broke its answer off')
  } finally {
    end()
  }
}
