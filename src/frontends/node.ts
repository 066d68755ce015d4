// The node frontend: (req, res) of node:http, as Express, Fastify and Connect hand them on.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ByteString } from '../bytes/byte-string.ts'
import type { Cancellation } from '../executors/executor.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { AuthenticatedUser, RequestFacts } from '../gateway/request-facts.ts'
import type { Field } from '../protocol/http/fields.ts'
import { percentDecode } from '../protocol/http/request-target.ts'
import type { BodyPace } from './body-pace.ts'
import { IncomingBody } from './incoming-body.ts'
import { writeAnswer, type WriteLimits } from './write-answer.ts'

export interface NodeFrontendLimits extends BodyPace, WriteLimits {}

export interface NodeFrontendOptions {
  /** Who the embedding program found the client to be, for REMOTE_USER and AUTH_TYPE. Never taken from a field. */
  readonly user?: (request: IncomingMessage) => AuthenticatedUser | undefined
}

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void

export function nodeFrontend(
  gateway: Pick<Gateway, 'handle'>,
  limits: NodeFrontendLimits,
  { user }: NodeFrontendOptions = {},
): NodeHandler {
  return (request, response) => {
    const body = new IncomingBody(request, response, limits)
    const facts = readFacts(request, body, user?.(request), new ClientGone(response))
    answer(gateway, facts, body, response, limits).catch((error: unknown) => {
      // A bug, ours or an observer's: it costs this connection, not the whole process.
      process.emitWarning(error instanceof Error ? error : String(error))
      response.destroy()
    })
  }
}

/** A real AbortSignal costs more than the answer of a small file. */
class ClientGone implements Cancellation {
  readonly #response: ServerResponse
  readonly #listeners = new Map<() => void, () => void>()

  constructor(response: ServerResponse) {
    this.#response = response
  }

  get aborted(): boolean {
    return this.#response.destroyed && !this.#response.writableFinished
  }

  addEventListener(_: 'abort', listener: () => void): void {
    const onClose = (): void => {
      if (!this.#response.writableFinished) listener()
    }
    this.#listeners.set(listener, onClose)
    this.#response.once('close', onClose)
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    const onClose = this.#listeners.get(listener)
    if (onClose !== undefined) this.#response.off('close', onClose)
    this.#listeners.delete(listener)
  }
}

async function answer(
  gateway: Pick<Gateway, 'handle'>,
  facts: RequestFacts,
  body: IncomingBody,
  response: ServerResponse,
  limits: NodeFrontendLimits,
): Promise<void> {
  const given = await gateway.handle(facts)
  given.delivered(await writeAnswer(given, body, response, limits))
}

function readFacts(
  request: IncomingMessage,
  body: IncomingBody,
  user: AuthenticatedUser | undefined,
  gone: ClientGone,
): RequestFacts {
  const { socket } = request
  const mount = readMount(request)
  return {
    method: request.method ?? 'GET',
    target: mount.target,
    mount: mount.path,
    protocol: `HTTP/${request.httpVersion}`,
    fields: pairs(request.rawHeaders),
    scheme: 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http',
    peer: { address: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 },
    local: { address: plainAddress(socket.localAddress), port: socket.localPort ?? 0 },
    user,
    front: undefined,
    part: undefined,
    body,
    bodyLength: body.length,
    awaitsContinue: body.awaitsContinue,
    signal: gone,
  }
}

/** Express and Connect cut their mount off `url` and keep the whole in `originalUrl`. */
function readMount(request: IncomingMessage): { readonly target: ByteString; readonly path: ByteString } {
  const target = request.url ?? '/'
  if ('originalUrl' in request && typeof request.originalUrl === 'string') {
    const whole = request.originalUrl
    const path = 'baseUrl' in request && typeof request.baseUrl === 'string' ? request.baseUrl : ''
    return { target: whole, path: percentDecode(path) ?? path }
  }
  return { target, path: '' }
}

/** node:http gives fields as byte strings, name and value in turn. */
function pairs(rawHeaders: readonly string[]): Field[] {
  const fields: Field[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) fields.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
  return fields
}

/** An IPv4 client of a socket that listens on IPv6. */
function plainAddress(address: string | undefined): string {
  return address === undefined ? '' : address.replace(/^::ffff:(?=\d+\.)/, '')
}
