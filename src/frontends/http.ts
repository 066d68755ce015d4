// The http frontend: a server of node:http, strict about framing (RFC 9112) and patient with nobody.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { strictFault } from './strict-request.ts'
import type { NodeHandler } from './node.ts'

export interface HttpFrontendOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly headerTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  readonly maxHeaderBytes: number
  readonly maxFields: number
  readonly maxConnections: number
}

export interface HttpFrontend {
  readonly address: AddressInfo
  /** No new connection; idle ones are closed; those with a request may finish it. Resolves when none is left. */
  close(): Promise<void>
  /** Breaks every connection off. */
  destroy(): void
}

export async function listen(handler: NodeHandler, options: HttpFrontendOptions): Promise<HttpFrontend> {
  const latest = new WeakMap<object, ServerResponse>()
  const take = (request: IncomingMessage, response: ServerResponse): void => {
    latest.set(request.socket, response)
    const fault = strictFault(request, options.maxFields)
    if (fault === undefined) handler(request, response)
    else refuse(response, fault)
  }
  const server = createServer(
    {
      insecureHTTPParser: false,
      requireHostHeader: false, // The gateway checks it, and says what is wrong.
      maxHeaderSize: options.maxHeaderBytes,
      headersTimeout: options.headerTimeoutMs,
      requestTimeout: 0, // A body has limits of its own (incoming-body.ts).
      keepAliveTimeout: options.keepAliveTimeoutMs,
      connectionsCheckingInterval: Math.max(100, Math.min(2000, options.headerTimeoutMs / 4)),
    },
    take,
  )
  server.maxHeadersCount = 0 // Node would cut them off in silence; strict-request.ts counts them.
  server.maxConnections = options.maxConnections
  server.on('checkContinue', take)
  server.on('checkExpectation', (_: IncomingMessage, response: ServerResponse) => refuse(response, 417))
  server.on('connect', (_: IncomingMessage, socket: Duplex) => socket.end(plainRefusal(405)))
  server.on('clientError', (error: Error, socket) => onClientError(error, socket, latest.get(socket)))
  await listening(server, options)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server has no address')
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
    destroy: () => server.closeAllConnections(),
  }
}

/** Before there is an exchange: the connection cannot be trusted with another request. */
function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Length': '0', Connection: 'close' }).end()
}

function listening(server: Server, { host, port }: HttpFrontendOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** What the parser refuses: the request never became one. */
const statusOfParserError: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_INVALID_VERSION: 505,
}

function onClientError(error: Error, socket: Duplex, latest: ServerResponse | undefined): void {
  const code = 'code' in error ? String(error.code) : ''
  // An answer under way cannot be taken back; breaking it off says that it is not whole.
  if (!socket.writable || code === 'ECONNRESET' || (latest?.headersSent === true && !latest.writableFinished)) {
    socket.destroy()
    return
  }
  socket.end(plainRefusal(statusOfParserError[code] ?? 400))
}

function plainRefusal(status: number): string {
  const reason: Readonly<Record<number, string>> = {
    400: 'Bad Request',
    405: 'Method Not Allowed',
    408: 'Request Timeout',
    413: 'Content Too Large',
    431: 'Request Header Fields Too Large',
    505: 'HTTP Version Not Supported',
  }
  return `HTTP/1.1 ${status} ${reason[status] ?? ''}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
}
