// Refusals before there is an exchange, and how a connection ends so that its client still reads them: a connection
// that is closed while bytes of the client lie unread is reset, and the reset overtakes the answer (RFC 9112 9.6).

import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { IncomingBody } from './incoming-body.ts'

/** What a client may go on sending after its refusal, so that it comes to read the answer. */
export const discardBytes: number = 16 * 1024 * 1024
export const discardMs = 2000

const noLimits = { bodyTimeoutMs: 0, minBodyRate: 0 }

/** In the order of the answers before it. The connection cannot be trusted with another request. */
export async function refuse(request: IncomingMessage, response: ServerResponse, status: number): Promise<void> {
  response.shouldKeepAlive = false
  response.writeHead(status, { 'Content-Length': '0' })
  response.flushHeaders()
  await new IncomingBody(request, response, noLimits).discard(discardBytes, discardMs)
  response.end()
}

/** What the parser refuses: the request never became one. */
const statusOfParserError: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_INVALID_VERSION: 505,
}

/** Ends connections on which something came that is no request. */
export class BadConnections {
  readonly #ending = new WeakSet<Duplex>()

  /** `latest`: the answer to the last good request on the connection, sent or not. The parser may speak up repeatedly. */
  refuse(error: Error, socket: Duplex, latest: ServerResponse | undefined): void {
    if (this.#ending.has(socket)) return
    this.#ending.add(socket)
    const code = 'code' in error ? String(error.code) : ''
    const status = statusOfParserError[code] ?? 400
    if (!socket.writable || code === 'ECONNRESET') {
      socket.destroy()
    } else if (latest === undefined || latest.writableFinished) {
      endPolitely(socket, latest?.shouldKeepAlive === false ? '' : plainRefusal(status))
    } else if (latest.req.complete) {
      // Security: the bad bytes belong to a later request; they must not answer this one (response desynchronisation).
      latest.once('finish', () => endPolitely(socket, latest.shouldKeepAlive ? plainRefusal(status) : ''))
    } else if (latest.headersSent) {
      // An answer under way cannot be taken back; breaking it off says that it is not whole.
      socket.destroy()
    } else {
      latest.shouldKeepAlive = false
      latest.writeHead(status, { 'Content-Length': '0' })
      // Without a socket of its own it waits for the answers before it, and node:http ends the connection after it.
      if (latest.socket === null) latest.end()
      else {
        latest.flushHeaders()
        endPolitely(socket, '')
      }
    }
  }

  /** A CONNECT: node:http has let go of the socket, so that its errors are ours. */
  refuseTunnel(socket: Duplex): void {
    this.#ending.add(socket)
    socket.on('error', () => socket.destroy())
    endPolitely(socket, plainRefusal(405))
  }
}

/** Writes, half-closes, and reads on for a while into nothing. */
function endPolitely(socket: Duplex, bytes: string): void {
  if (socket.writable) socket.end(bytes)
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), discardMs)
  socket.once('close', () => clearTimeout(timer))
}

function plainRefusal(status: number): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`
}
