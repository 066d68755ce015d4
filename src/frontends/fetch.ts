// The fetch frontend: a Request in, a Response out, as Hono and the tests of fetch-style programs use it.

import { ReadableStream } from 'node:stream/web'
import { byteStringOfText } from '../bytes/byte-string.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { BodyError } from '../gateway/request-body.ts'
import type { AuthenticatedUser, Endpoint, GatewayAnswer, RequestFacts } from '../gateway/request-facts.ts'
import type { Field } from '../protocol/http/fields.ts'
import { StreamChunks } from '../transport/web-streams.ts'
import { announcedLength } from './announced-length.ts'

/** What a Request does not say about its connection. */
export interface FetchContext {
  readonly peer?: Endpoint
  readonly local?: Endpoint
  readonly user?: AuthenticatedUser
  /** The part of the path that the embedding program took for itself, such as `/legacy`. */
  readonly mount?: string
}

export type FetchHandler = (request: Request, context?: FetchContext) => Promise<Response>

const nobody: Endpoint = { address: '127.0.0.1', port: 0 }

/** A body without Content-Length is spooled like a chunked one. */
export function fetchFrontend(gateway: Pick<Gateway, 'handle'>): FetchHandler {
  return async (request, context = {}) => {
    const gone = new AbortController()
    const onAbort = (): void => gone.abort(request.signal.reason)
    request.signal.addEventListener('abort', onAbort, { once: true })
    if (request.signal.aborted) onAbort()
    const answer = await gateway.handle(readFacts(request, context, gone.signal))
    return toResponse(answer, gone, () => request.signal.removeEventListener('abort', onAbort))
  }
}

function readFacts(request: Request, context: FetchContext, signal: AbortSignal): RequestFacts {
  const url = new URL(request.url)
  const fields: Field[] = [...request.headers]
  if (!request.headers.has('host')) fields.unshift(['host', url.host])
  const length = request.headers.get('content-length')
  const isPlainLength = length !== null && /^\d{1,15}$/.test(length)
  const body = request.body
  const scheme = url.protocol === 'https:' ? 'https' : 'http'
  return {
    method: request.method,
    target: url.pathname + url.search,
    mount: byteStringOfText(context.mount ?? ''),
    protocol: 'HTTP/1.1',
    fields,
    scheme,
    peer: context.peer ?? nobody,
    local: context.local ?? { address: '127.0.0.1', port: Number(url.port === '' ? defaultPorts[scheme] : url.port) },
    user: context.user,
    body: body === null ? nothing() : chunksOf(body),
    bodyLength: body === null ? 0 : isPlainLength ? Number(length) : undefined,
    signal,
  }
}

const defaultPorts = { http: 80, https: 443 }

function toResponse(answer: GatewayAnswer, gone: AbortController, end: () => void): Response {
  const { status, reason, fields, body } = answer
  const headers = new Headers()
  for (const [name, value] of fields) headers.append(name, value)
  const init = { status, headers, ...(reason === undefined ? {} : { statusText: reason }) }
  if (body === undefined || body instanceof Uint8Array) {
    end()
    answer.delivered({ bodyBytes: body?.length ?? 0, clientGone: false })
    return new Response(body === undefined ? null : Buffer.from(body), init)
  }
  const iterator = body[Symbol.asyncIterator]()
  let bodyBytes = 0
  const finish = (clientGone: boolean): void => {
    end()
    answer.delivered({ bodyBytes, clientGone })
  }
  const leave = async (): Promise<void> => {
    finish(true)
    // Only an iteration that has begun can be left; the abort ends a wait for more.
    await iterator.next().catch(() => undefined)
    await iterator.return?.()
  }
  let left: Promise<void> | undefined
  const onGone = (): void => {
    left ??= leave()
  }
  // A client that is gone may never ask for another part, nor cancel.
  gone.signal.addEventListener('abort', onGone, { once: true })
  if (gone.signal.aborted) onGone()
  const announced = announcedLength(answer)
  /** RFC 9112 6.2: then the client has all. What the script still does is not its affair. */
  const endEarly = (controller: { close(): void }): void => {
    end()
    controller.close()
    toEnd(iterator).then(
      () => finish(false),
      () => finish(false), // Already reported.
    )
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (announced === 0 && !gone.signal.aborted) endEarly(controller)
      },
      async pull(controller) {
        try {
          const result = await iterator.next()
          if (gone.signal.aborted) {
            controller.error(gone.signal.reason)
          } else if (result.done === true) {
            finish(false)
            controller.close()
          } else {
            bodyBytes += result.value.length
            controller.enqueue(result.value)
            if (bodyBytes === announced) endEarly(controller)
          }
        } catch (error) {
          finish(gone.signal.aborted)
          controller.error(error)
        }
      },
      async cancel(why) {
        gone.abort(why)
        await left
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(stream, init)
}

async function toEnd(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  while ((await iterator.next()).done !== true);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* chunksOf(stream: NonNullable<Request['body']>): AsyncGenerator<Uint8Array> {
  try {
    yield* new StreamChunks(stream)
  } catch {
    throw new BodyError(400, 'the client broke the body off')
  }
}
