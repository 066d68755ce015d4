// A FastCGI application of the test's own: real records over a real socket, each request answered by a function.

import type { Socket } from 'node:net'
import {
  ApplicationSide,
  type ApplicationLimits,
  type ApplicationSideEvent,
} from '../../src/protocol/fastcgi/application-side.ts'
import { encodeStream, encodeStreamEnd, recordTypes } from '../../src/protocol/fastcgi/record.ts'
import { FastCgiPool, type FastCgiPoolOptions } from '../../src/transport/fastcgi/pool.ts'
import type { UpstreamAddress } from '../../src/transport/upstream-address.ts'
import { fakeUpstream, type FakeUpstream } from './upstream-server.ts'

export type RequestEvent = Extract<ApplicationSideEvent, { kind: 'request' }>

export interface Reply {
  readonly request: RequestEvent
  /** The number of its connection, from 1 on. */
  readonly connection: number
  readonly socket: Socket
  /** Latin-1; what came until now. */
  body(): string
  /** A filter's file, likewise. */
  file(): string
  stdout(text: string): boolean
  stderr(text: string): void
  end(appStatus?: number, protocolStatus?: number): void
}

export interface ApplicationOptions {
  readonly limits?: Partial<ApplicationLimits>
  /** Called when the variables are complete. */
  readonly onRequest?: (reply: Reply) => void
  /** Called when the body is complete. */
  readonly onBody?: (reply: Reply) => void
  /** Called when a filter's file is complete. */
  readonly onFile?: (reply: Reply) => void
  readonly onAbort?: (reply: Reply) => void
  readonly kind?: 'unix' | 'tcp'
}

export interface Application extends FakeUpstream {
  /** Requests that have begun. */
  readonly requests: number
}

export async function fastCgiApplication(options: ApplicationOptions): Promise<Application> {
  let requests = 0
  const limits: ApplicationLimits = {
    maxVariablesBytes: 1024 * 1024,
    maxRequests: 1,
    roles: ['responder'],
    values: new Map(),
    ...options.limits,
  }
  const upstream = await fakeUpstream((socket, connection) => {
    const side = new ApplicationSide(limits)
    const replies = new Map<number, Reply & { text: string; data: string }>()
    const take = (event: ApplicationSideEvent): void => {
      if (event.kind === 'reply') {
        socket.write(event.bytes)
        return
      }
      if (event.kind === 'request') {
        requests++
        const reply = replyTo(event, connection, socket, side)
        replies.set(event.requestId, reply)
        options.onRequest?.(reply)
        return
      }
      const reply = replies.get(event.requestId)
      if (reply === undefined) return
      if (event.kind === 'stdin') reply.text += Buffer.from(event.content).toString('latin1')
      if (event.kind === 'data') reply.data += Buffer.from(event.content).toString('latin1')
      if (event.kind === 'stdin-end') options.onBody?.(reply)
      if (event.kind === 'data-end') options.onFile?.(reply)
      if (event.kind === 'abort') options.onAbort?.(reply)
    }
    socket.on('data', (chunk: Buffer) => {
      for (const event of side.push(chunk)) take(event)
    })
    socket.on('end', () => socket.end())
  }, options.kind)
  return {
    address: upstream.address,
    text: upstream.text,
    sockets: upstream.sockets,
    get connections() {
      return upstream.connections
    },
    get requests() {
      return requests
    },
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}

function replyTo(
  request: RequestEvent,
  connection: number,
  socket: Socket,
  side: ApplicationSide,
): Reply & { text: string; data: string } {
  const { requestId, keepsConnection } = request
  const stream = (type: number, text: string): boolean => {
    let isTaken = true
    for (const part of encodeStream(type, requestId, Buffer.from(text, 'latin1'))) isTaken = socket.write(part)
    return isTaken
  }
  const reply = {
    request,
    connection,
    socket,
    text: '',
    data: '',
    body: () => reply.text,
    file: () => reply.data,
    stdout: (text: string) => stream(recordTypes.stdout, text),
    stderr: (text: string) => void stream(recordTypes.stderr, text),
    end: (appStatus = 0, protocolStatus = 0) => {
      socket.write(encodeStreamEnd(recordTypes.stdout, requestId))
      socket.write(side.end(requestId, appStatus, protocolStatus))
      if (!keepsConnection) socket.end()
    },
  }
  return reply
}

/** With limits that no test reaches unless it sets them. */
export function poolTo(address: UpstreamAddress, options: Partial<FastCgiPoolOptions> = {}): FastCgiPool {
  return new FastCgiPool({
    address,
    connectTimeoutMs: 5000,
    maxIdle: 8,
    idleTimeoutMs: 30_000,
    maxShared: 1,
    queueTimeoutMs: 10_000,
    ...options,
  })
}

export const plainHead = 'Content-Type: text/plain\r\n\r\n'
