// What may be served: a fetch function, an object with `fetch`, or a Node listener. A function alone is a fetch function:
// how many parameters it has says nothing, for `(req, ...rest)`, defaults and wrappers change that. A Node listener is
// told by what frameworks put on theirs, or is marked by `listener()`.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AppContext } from './context.ts'

export type FetchFunction = (request: Request, context: AppContext) => Response | Promise<Response>

/**
 * Hono, H3 and Elysia have it. `env` of Hono is the context, and so is its `executionCtx`, the third; that has a type of
 * its own in each framework, so here it has none.
 */
export interface FetchObject {
  fetch(request: Request, context: AppContext, again: never): Response | Promise<Response>
}

export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown

/** A listener that says so. */
export interface ListenerObject {
  readonly node: NodeListener
}

/**
 * What Express and Connect make: a function with `handle`. Its call is not written here: with two calls in `Handler`,
 * TypeScript would not know the parameters of a fetch function that is written in place.
 */
export interface FrameworkListener {
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): unknown
}

/** What Fastify makes. */
export interface RoutingObject {
  ready(): PromiseLike<unknown>
  routing(request: IncomingMessage, response: ServerResponse): void
}

/** A server of node:http that does not listen. */
export interface EmittingServer {
  listeners(event: 'request'): readonly unknown[]
  emit(event: 'request', request: IncomingMessage, response: ServerResponse): boolean
}

export type Handler = FetchFunction | FetchObject | ListenerObject | FrameworkListener | RoutingObject | EmittingServer

export type Target =
  | { readonly kind: 'fetch'; readonly answer: FetchFunction }
  | { readonly kind: 'node'; readonly listener: NodeListener; readonly ready: () => PromiseLike<unknown> }

/** Says that a function `(req, res)` is a listener of node:http, such as Koa’s `app.callback()`. */
export function listener(node: NodeListener): ListenerObject {
  if (typeof node !== 'function') throw new TypeError(`listener() takes a function (req, res), not ${typeof node}`)
  return { node }
}

/** Throws TypeError for anything else, with what to write instead. */
export function readHandler(handler: unknown): Target {
  if (typeof handler === 'function' && 'handle' in handler) return nodeTarget(handler)
  if (typeof handler === 'function' && !('fetch' in handler)) {
    return { kind: 'fetch', answer: (request, context) => handler(request, context) }
  }
  if ((typeof handler !== 'object' && typeof handler !== 'function') || handler === null) throw unknownHandler(handler)
  if ('node' in handler && typeof handler.node === 'function') return nodeTarget(handler.node)
  if (isRouting(handler)) {
    return nodeTarget(
      (request: IncomingMessage, response: ServerResponse) => handler.routing(request, response),
      () => handler.ready(),
    )
  }
  if ('fetch' in handler && typeof handler.fetch === 'function') return fetchTarget(handler, handler.fetch)
  if (isServer(handler)) {
    return nodeTarget((request: IncomingMessage, response: ServerResponse) =>
      handler.emit('request', request, response),
    )
  }
  if ('callback' in handler && typeof handler.callback === 'function') {
    throw new TypeError('serve(): this looks like a Koa application: write serve(listener(app.callback()))')
  }
  throw unknownHandler(handler)
}

const nothingToWaitFor = (): Promise<void> => Promise.resolve()

// eslint-disable-next-line typescript/no-unsafe-function-type -- whoever serves it says what it takes
function nodeTarget(node: Function, ready: () => PromiseLike<unknown> = nothingToWaitFor): Target {
  const listen: NodeListener = (request, response) => {
    const result: unknown = node(request, response)
    return result
  }
  return { kind: 'node', listener: listen, ready }
}

// eslint-disable-next-line typescript/no-unsafe-function-type -- its owner says what it takes
function fetchTarget(owner: object, fetch: Function): Target {
  return { kind: 'fetch', answer: (request, context) => fetch.call(owner, request, context, context) }
}

function isRouting(handler: object): handler is RoutingObject {
  return (
    'routing' in handler &&
    typeof handler.routing === 'function' &&
    'ready' in handler &&
    typeof handler.ready === 'function'
  )
}

function isServer(handler: object): handler is EmittingServer {
  return (
    'emit' in handler &&
    typeof handler.emit === 'function' &&
    'listeners' in handler &&
    typeof handler.listeners === 'function' &&
    handler.listeners('request').length > 0
  )
}

/** What was given comes first: pages and logs cut long messages. */
function unknownHandler(handler: unknown): TypeError {
  const what =
    handler === null ? 'null' : typeof handler === 'object' ? 'an object without any of these' : typeof handler
  return new TypeError(
    `serve() got ${what}; it takes a function (request, context) that gives a Response, an object with fetch(request), an application of Express or Fastify, or listener((req, res) => …)`,
  )
}
