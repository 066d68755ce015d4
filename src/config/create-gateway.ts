// `createGateway` and `serve`: from options to a gateway with its frontends.

import { byteStringOfText } from '../bytes/byte-string.ts'
import type { Observer } from '../events/events.ts'
import { fetchFrontend, type FetchHandler } from '../frontends/fetch.ts'
import { listen, type HttpFrontend } from '../frontends/http.ts'
import { nodeFrontend, type NodeFrontendOptions, type NodeHandler } from '../frontends/node.ts'
import { AllowedHosts } from '../gateway/allowed-hosts.ts'
import { prefixNames } from '../gateway/destination.ts'
import { Gateway } from '../gateway/gateway.ts'
import { TrustedProxies } from '../gateway/origin.ts'
import { folder, type DestinationMaker } from './destinations.ts'
import { pickLimits, readLimits, type LimitOptions, type LimitValues } from './limits.ts'
import { checkOptions, gatewaySchema, serveSchema, type FolderOptions, type GatewayOptions } from './options.ts'

export interface RouteOptions {
  /** The prefix of the paths that go there, such as `/git/`; whole segments, decoded. */
  readonly path: string
  readonly to: DestinationMaker
}

export interface PosternGateway extends AsyncDisposable {
  /** For Hono and everything else that speaks fetch. */
  readonly fetch: FetchHandler
  /** For Express, Connect, Fastify and node:http. */
  node(options?: NodeFrontendOptions): NodeHandler
  /** Starts FastCGI programs afresh: new processes first, then the old ones end with their requests. None is lost. */
  restart(): Promise<void>
}

/** A gateway without a server of its own. Throws TypeError for an option or folder that cannot be. */
export function createGateway(options: GatewayOptions & { readonly routes: readonly RouteOptions[] }): PosternGateway {
  checkOptions(gatewaySchema, options, 'createGateway()')
  const { gateway, limits, restart } = assemble(options, options.routes)
  return {
    fetch: fetchFrontend(gateway),
    node: (frontend) => nodeFrontend(gateway, frontendLimits(limits), frontend),
    restart,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  }
}

export interface ServeOptions extends GatewayOptions, FolderOptions, LimitOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 8080; 0 takes a free one. */
  readonly port?: number
}

export interface PosternServer extends AsyncDisposable {
  /** `http://HOST:PORT/` */
  readonly url: string
  /** Starts FastCGI programs, such as php-cgi, afresh; no request is lost. */
  restart(): Promise<void>
  /** Takes no more requests, lets running ones finish up to `shutdownTimeout`, then ends what is left. */
  close(): Promise<void>
  /** Ends everything now. */
  destroy(): Promise<void>
}

/** Serves a folder over HTTP. Resolves when it listens; rejects with TypeError for options, or the system's error. */
export async function serve(root: string, options: ServeOptions = {}): Promise<PosternServer> {
  checkOptions(serveSchema, options, 'serve()')
  const { host = '127.0.0.1', port = 8080, dev, serverName, allowedHosts, trustedProxies, observe, ...rest } = options
  const shared = Object.entries({ dev, serverName, allowedHosts, trustedProxies, observe }).filter(
    ([, value]) => value !== undefined,
  )
  const limitOptions = pickLimits(rest)
  // The folder gets them through its gateway.
  const ofFolder = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in limitOptions)))
  const ofGateway: GatewayOptions = { ...limitOptions, ...Object.fromEntries(shared) }
  const { gateway, limits, restart } = assemble(ofGateway, [{ path: '/', to: folder(root, ofFolder) }], [host])
  const frontend = await listen(nodeFrontend(gateway, frontendLimits(limits)), {
    host,
    port,
    headerTimeoutMs: limits.headerTimeout,
    keepAliveTimeoutMs: limits.keepAliveTimeout,
    maxHeaderBytes: limits.maxHeader,
    maxFields: limits.maxFields,
    maxConnections: limits.maxConnections,
  })
  return server(frontend, gateway, limits, restart)
}

function server(
  frontend: HttpFrontend,
  gateway: Gateway,
  limits: LimitValues,
  restart: () => Promise<void>,
): PosternServer {
  const { address, family, port } = frontend.address
  const destroy = async (): Promise<void> => {
    frontend.destroy()
    const closed = frontend.close()
    await gateway[Symbol.asyncDispose]()
    await closed
  }
  const close = async (): Promise<void> => {
    const limit = limits.shutdownTimeout
    const late = limit === 0 ? undefined : setTimeout(() => frontend.destroy(), limit)
    await frontend.close()
    clearTimeout(late)
    await gateway[Symbol.asyncDispose]()
  }
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`,
    restart,
    close,
    destroy,
    [Symbol.asyncDispose]: close,
  }
}

function assemble(
  options: GatewayOptions,
  routes: readonly RouteOptions[],
  ownNames: readonly string[] = [],
): { readonly gateway: Gateway; readonly limits: LimitValues; readonly restart: () => Promise<void> } {
  const limitOptions = pickLimits(options)
  const limits = readLimits(limitOptions)
  const { serverName, dev: development = false } = options
  const observe: Observer = options.observe ?? (() => {})
  const restarts: (() => Promise<void>)[] = []
  const gateway = new Gateway({
    routes: routes.map(({ path, to }) => ({
      prefix: prefixNames(byteStringOfText(path)),
      destination: to({ limits: limitOptions, observe, onRestart: (restart) => void restarts.push(restart) }),
    })),
    observe,
    development,
    origin: {
      serverName,
      allowedHosts: new AllowedHosts({
        names: options.allowedHosts,
        own: serverName === undefined ? ownNames : [...ownNames, serverName],
        development,
      }),
      trustedProxies: new TrustedProxies(options.trustedProxies ?? []),
    },
    body: { maxBodyBytes: limits.maxBody, spoolMemoryBytes: limits.spoolMemory },
    scripts: {
      maxResponseHeadBytes: limits.maxResponseHead,
      maxVariablesBytes: limits.maxVariables,
      retryAfterSeconds: Math.max(1, Math.ceil(limits.retryAfter / 1000)),
    },
    maxTargetBytes: limits.maxTarget,
    maxLocalRedirects: limits.maxLocalRedirects,
  })
  const restart = async (): Promise<void> => {
    await Promise.all(restarts.map((each) => each()))
  }
  return { gateway, limits, restart }
}

function frontendLimits(limits: LimitValues): { bodyTimeoutMs: number; minBodyRate: number; sendTimeoutMs: number } {
  return { bodyTimeoutMs: limits.bodyTimeout, minBodyRate: limits.minBodyRate, sendTimeoutMs: limits.sendTimeout }
}
