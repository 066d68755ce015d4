// The http frontend: a server of node:http, strict about framing (RFC 9112) and patient with nobody.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Connection } from './connection.ts'
import type { Frontend } from './frontend.ts'
import { startListening, type ListenPlace } from './listening.ts'
import { BadConnections, refuse } from './refusal.ts'
import { strictFault } from './strict-request.ts'
import type { NodeHandler } from './node.ts'

export interface HttpFrontendOptions {
  readonly place: ListenPlace
  readonly headerTimeoutMs: number
  readonly keepAliveTimeoutMs: number
  readonly maxHeaderBytes: number
  readonly maxFields: number
  readonly maxConnections: number
}

export async function listenHttp(handler: NodeHandler, options: HttpFrontendOptions): Promise<Frontend> {
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
  const address = await startListening(server, options.place)
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
