// The fastcgi frontend: a web server asks us by FastCGI 1.0, as a responder (6.2), and where there is who plays it, as an
// authorizer (6.3) or a filter (6.4). Connections are kept and requests multiplexed as the server likes. Bodies are taken as they come (fed-body.ts), so that no request of a connection holds
// up the others: there is one stream of bytes for all of them.

import type { Answering } from '../gateway/request-facts.ts'
import type { Socket } from 'node:net'
import { ApplicationSide, type ApplicationSideEvent } from '../protocol/fastcgi/application-side.ts'
import { ProtocolError } from '../protocol/errors.ts'
import { protocolStatuses } from '../protocol/fastcgi/messages.ts'
import { FastCgiRequest } from './fastcgi-request.ts'
import type { Frontend } from './frontend.ts'
import { listenForServers, type GatewayConnection, type GatewayFrontendOptions } from './gateway-socket.ts'
import { linger } from './linger.ts'
import type { NoticesOnce } from './notices-once.ts'
import { Outlet } from './outlet.ts'
import { discardBytes } from './refusal.ts'

/** On one connection. */
const mostRequestsAtOnce = 64

/**
 * An answer that is not whole ends without FCGI_END_REQUEST. nginx takes the end of the connection alone for the end of
 * the answer; a record of a version that there is not makes it, and everybody, break the client's connection off too.
 */
const brokenOff = new Uint8Array(8)

export function listenFastCgi(gateway: Answering, options: GatewayFrontendOptions): Promise<Frontend> {
  return listenForServers((socket, notices) => new WebServerConnection(gateway, socket, options, notices), options)
}

class WebServerConnection implements GatewayConnection {
  readonly #gateway: Answering
  readonly #socket: Socket
  readonly #options: GatewayFrontendOptions
  readonly #notices: NoticesOnce
  readonly #outlet: Outlet
  readonly #side: ApplicationSide
  readonly #requests = new Map<number, FastCgiRequest>()
  #headTimer: NodeJS.Timeout | undefined
  #isClosing = false
  #isFinished = false
  #hasBegun = false
  /** Of requests that are over, since the latest one began. */
  #passedBytes = 0

  constructor(gateway: Answering, socket: Socket, options: GatewayFrontendOptions, notices: NoticesOnce) {
    this.#gateway = gateway
    this.#socket = socket
    this.#options = options
    this.#notices = notices
    this.#outlet = new Outlet(socket, options.sendTimeoutMs)
    this.#side = new ApplicationSide({
      maxVariablesBytes: options.maxVariablesBytes,
      maxRequests: mostRequestsAtOnce,
      roles: ['responder', ...(gateway.parts ?? [])],
      // FastCGI 4.1.
      values: new Map([
        ['FCGI_MAX_CONNS', String(options.maxConnections)],
        ['FCGI_MAX_REQS', String(options.maxConnections)],
      ]),
    })
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    // Web servers do not half-close (docs/decisions/0010-half-closed-clients-are-gone.md).
    socket.on('end', () => socket.destroy())
    socket.on('close', () => this.#gone())
    this.#watchHead(false)
  }

  close(): void {
    this.#isClosing = true
    this.#side.refuseFurther()
    if (this.#side.underWay === 0) this.#finish()
  }

  #take(chunk: Buffer): void {
    if (this.#isFinished) return
    let events: readonly ApplicationSideEvent[]
    try {
      events = this.#side.push(chunk)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#notices.tell(`a FastCGI connection was closed: ${error.message}`)
      this.#socket.destroy()
      return
    }
    if (events.length === 0) {
      this.#passedBytes += chunk.length
      if (this.#passedBytes > discardBytes) this.#socket.destroy()
    } else {
      this.#passedBytes = 0
    }
    for (const event of events) this.#follow(event)
    this.#watchHead(events.some(({ kind }) => kind === 'request'))
  }

  #follow(event: ApplicationSideEvent): void {
    switch (event.kind) {
      case 'request':
        this.#begin(event)
        break
      case 'stdin':
      case 'data': {
        const request = this.#requests.get(event.requestId)
        request?.take(event.kind, event.content)
        if (request?.isFull === true) this.#socket.pause()
        break
      }
      case 'stdin-end':
      case 'data-end':
        this.#requests.get(event.requestId)?.takeEnd(event.kind === 'stdin-end' ? 'stdin' : 'data')
        break
      case 'abort':
        this.#requests.get(event.requestId)?.abort()
        break
      case 'reply':
        this.#outlet.write([event.bytes])
        // Security: a peer that asks and does not read.
        if (this.#outlet.waiting > discardBytes) this.#socket.destroy()
        else if (event.closes || (this.#isClosing && this.#side.underWay === 0)) this.#finish()
        break
    }
  }

  #begin(event: Extract<ApplicationSideEvent, { kind: 'request' }>): void {
    const request = new FastCgiRequest(event, this.#outlet, this.#options, () => this.#resume())
    this.#requests.set(event.requestId, request)
    const endEarly = (): void => this.#end(request, true)
    request.answer(this.#gateway, endEarly).then(
      (isWhole) => {
        request.drop()
        this.#end(request, isWhole)
      },
      (error: unknown) => {
        // A bug, ours or an observer's: it costs this connection, not the whole process.
        process.emitWarning(error instanceof Error ? error : String(error))
        request.drop()
        this.#socket.destroy()
      },
    )
  }

  #end(request: FastCgiRequest, isWhole: boolean): void {
    const { requestId, keepsConnection } = request
    // It has ended early, and the id may be another's.
    if (this.#requests.get(requestId) !== request) return
    this.#requests.delete(requestId)
    if (this.#socket.destroyed) return
    this.#resume()
    const isAlone = this.#side.underWay === 1
    if (!isWhole && isAlone && !request.isAborted) {
      this.#outlet.write([brokenOff])
      this.#socket.destroySoon()
      return
    }
    const status = isWhole || request.isAborted ? protocolStatuses.requestComplete : protocolStatuses.overloaded
    this.#outlet.write([...request.streamEnds(), this.#side.end(requestId, isWhole ? 0 : 1, status)])
    if ((!keepsConnection || this.#isClosing) && this.#side.underWay === 0) this.#finish()
  }

  #resume(): void {
    for (const request of this.#requests.values()) if (request.isFull) return
    this.#socket.resume()
  }

  #gone(): void {
    clearTimeout(this.#headTimer)
    for (const request of this.#requests.values()) request.abort()
  }

  /** The first request of a connection, and each one that has begun, has `headerTimeout` for its variables. */
  #watchHead(isProgress: boolean): void {
    this.#hasBegun ||= isProgress
    const isWaiting = !this.#hasBegun || this.#side.underWay > this.#requests.size
    if (isProgress || !isWaiting) {
      clearTimeout(this.#headTimer)
      this.#headTimer = undefined
    }
    if (!isWaiting || this.#headTimer !== undefined || this.#options.headerTimeoutMs === 0) return
    this.#headTimer = setTimeout(() => {
      this.#notices.tell('a FastCGI connection was closed: a request did not all come (headerTimeout)')
      this.#socket.destroy()
    }, this.#options.headerTimeoutMs)
  }

  /** No request is taken any more: its answer could not be written. */
  #finish(): void {
    this.#isFinished = true
    clearTimeout(this.#headTimer)
    linger(this.#socket, this.#options.sendTimeoutMs)
  }
}
