// The http frontend: a server of node:http, strict about framing (RFC 9112) and patient with nobody.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { Connection } from './connection.ts'
import { BadConnections, refuse } from './refusal.ts'
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
  const connections = new WeakMap<Duplex, Connection>()
  const take = (request: IncomingMessage, response: ServerResponse, fault: number | undefined): void => {
    // RFC 9112 9.6: after an answer with `close` nothing is processed any more; its client will ask again elsewhere.
    const connection = connections.get(request.socket) ?? new Connection(request.socket)
    if (connection.latest?.shouldKeepAlive === false) return
    connections.set(request.socket, connection)
    connection.add(response)
    // Security: the parser loses what came in one packet with a request to upgrade, and would read on in the middle.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
    if (fault === undefined) handler(request, response)
    else void refuse(request, response, fault)
  }
  const takeStrictly = (request: IncomingMessage, response: ServerResponse): void =>
    take(request, response, strictFault(request, options.maxFields))
  const bad = new BadConnections()
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
    takeStrictly,
  )
  server.maxHeadersCount = 0 // Node would cut them off in silence; strict-request.ts counts them.
  server.maxConnections = options.maxConnections
  server.on('checkContinue', takeStrictly)
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => take(request, response, 417))
  server.on('connect', (_: IncomingMessage, socket: Duplex) => bad.refuseTunnel(socket))
  server.on('clientError', (error: Error, socket) => bad.refuse(error, socket, connections.get(socket)?.latest))
  await listening(server, options)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server has no address')
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        server.closeIdleConnections()
        // Those that finish a request only now would be kept for `keepAliveTimeoutMs` more.
        const idle = setInterval(() => server.closeIdleConnections(), 50)
        server.close(() => {
          clearInterval(idle)
          resolve()
        })
      }),
    destroy: () => server.closeAllConnections(),
  }
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
