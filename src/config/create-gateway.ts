// `createGateway` and `serve`: from options to a gateway with its frontends.

import { setTimeout as sleep } from 'node:timers/promises'
import { byteStringOfText } from '../bytes/byte-string.ts'
import type { Observer } from '../events/events.ts'
import { answerCgi, openStandardOutput, readEnvironment, type CgiFrontendOptions } from '../frontends/cgi.ts'
import { fetchFrontend, type FetchHandler } from '../frontends/fetch.ts'
import { nodeFrontend, type NodeFrontendOptions, type NodeHandler } from '../frontends/node.ts'
import { AllowedHosts } from '../gateway/allowed-hosts.ts'
import { prefixNames } from '../gateway/destination.ts'
import { Gateway } from '../gateway/gateway.ts'
import { TrustedProxies } from '../gateway/origin.ts'
import type { AuthorizerMaker } from './authorizers.ts'
import { folder, type DestinationMaker } from './destinations.ts'
import { pickLimits, readLimits, type LimitOptions, type ServerLimitOptions } from './limits.ts'
import { parseListenAddress, type ListenAddress } from './listen-address.ts'
import type { SocketOptions } from './listen-options.ts'
import { frontendLimits, openListeners, type ListenContext, type OpenListener } from './listeners.ts'
import {
  cgiSchema,
  checkOptions,
  gatewaySchema,
  listenSchema,
  serveSchema,
  type FolderOptions,
  type GatewayOptions,
} from './options.ts'

export interface RouteOptions {
  /** The prefix of the paths that go there, such as `/git/`; whole segments, decoded. */
  readonly path: string
  readonly to: DestinationMaker
  /** Asked before anything of the route is given, a file, a listing or a script. Default nobody. */
  readonly authorizer?: AuthorizerMaker
}

export interface PosternGateway extends AsyncDisposable {
  /** For Hono and everything else that speaks fetch. */
  readonly fetch: FetchHandler
  /** For Express, Connect, Fastify and node:http. */
  node(options?: NodeFrontendOptions): NodeHandler
  /**
   * Listens at KIND:ADDRESS: http, fastcgi, scgi or uwsgi, and `unix:/path`, `HOST:PORT`, `fd:N` or `systemd`. Resolves
   * when it does; rejects with TypeError for options, or ListenError. Disposing of the gateway ends what still listens.
   */
  listen(address: string, options?: ListenOptions): Promise<PosternListener>
  /**
   * Answers the one request that a web server has started this process for as a CGI program, from the environment and
   * standard input, on standard output. Resolves to whether the answer was written whole. SIGTERM ends its script.
   * `io`: in place of this process's own.
   */
  cgi(options?: Pick<SocketOptions, 'passVariables'>, io?: CgiIo): Promise<boolean>
  /** Starts FastCGI programs, such as php-cgi, afresh: new processes first; no request is lost. */
  restart(): Promise<void>
  /** Resolves when, from now on, no request has been under way for that long. The wait keeps no process alive. */
  untilIdle(ms: number): Promise<void>
}

export type CgiIo = Pick<CgiFrontendOptions, 'variables' | 'stdin' | 'stdout' | 'stderr'>

function ofThisProcess(): CgiIo {
  const { stdin, stderr } = process
  return { variables: readEnvironment(), stdin, stdout: openStandardOutput(), stderr }
}

export interface ListenOptions extends SocketOptions, ServerLimitOptions {}

export interface PosternListener extends AsyncDisposable {
  /** Where it listens: `http://127.0.0.1:8080/`, `fastcgi:unix:/run/app.sock`; several where systemd had several. */
  readonly addresses: readonly string[]
  /** Takes no more requests, lets running ones finish up to `shutdownTimeout`, then ends what is left. */
  close(): Promise<void>
  /** Ends everything now. */
  destroy(): Promise<void>
}

/** A gateway without a server of its own. Throws TypeError for an option or folder that cannot be. */
export function createGateway(options: GatewayOptions & { readonly routes: readonly RouteOptions[] }): PosternGateway {
  checkOptions(gatewaySchema, options, 'createGateway()')
  const { gateway, limits, observe, restart } = assemble(options, options.routes)
  const open = new Set<PosternListener>()
  return {
    fetch: fetchFrontend(gateway),
    node: (frontend) => nodeFrontend(gateway, frontendLimits(limits), frontend),
    listen: async (address, listenOptions = {}) => {
      checkOptions(listenSchema, listenOptions, 'listen()')
      const ofServer = readLimits({ ...pickLimits(options), ...pickLimits(listenOptions) })
      const context = { gateway, limits: ofServer, observe }
      const listeners = await openListeners([parseListenAddress(address)], listenOptions, context)
      const listener = listenerOf(listeners, ofServer.shutdownTimeout, () => open.delete(listener))
      open.add(listener)
      return listener
    },
    cgi: async (cgiOptions = {}, io = ofThisProcess()) => {
      checkOptions(cgiSchema, cgiOptions, 'cgi()')
      const { passVariables = [] } = cgiOptions
      const ended = new AbortController()
      const onTerm = (): void => ended.abort()
      process.once('SIGTERM', onTerm)
      const facts = { ...frontendLimits(limits), ...io }
      const { isWhole } = await answerCgi(
        gateway,
        { ...facts, passVariables: new Set(passVariables) },
        ended.signal,
      ).finally(() => process.off('SIGTERM', onTerm))
      return isWhole
    },
    restart,
    untilIdle: (ms) => untilIdle(gateway, ms),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...open].map((listener) => listener.destroy()))
      await gateway[Symbol.asyncDispose]()
    },
  }
}

export interface ServeOptions extends GatewayOptions, FolderOptions, LimitOptions, SocketOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 8080; 0 takes a free one. */
  readonly port?: number
  /** Where to listen instead of `host` and `port`: KIND:ADDRESS each, such as `fastcgi:unix:/run/app.sock`. */
  readonly listen?: readonly string[]
  /** Asked before anything is given. Default nobody. */
  readonly authorizer?: AuthorizerMaker
}

export interface PosternServer extends PosternListener {
  /** `http://HOST:PORT/`, of the first one that speaks HTTP; empty where none does. */
  readonly url: string
  /** Starts FastCGI programs, such as php-cgi, afresh: new processes first; no request is lost. */
  restart(): Promise<void>
}

/** Serves a folder. Resolves when it listens; rejects with TypeError for options, or the system's error. */
export async function serve(root: string, options: ServeOptions = {}): Promise<PosternServer> {
  checkOptions(serveSchema, options, 'serve()')
  const {
    host = '127.0.0.1',
    port = 8080,
    dev,
    serverName,
    allowedHosts,
    trustedProxies,
    observe,
    authorizer,
    listen,
    ...more
  } = options
  const { socketMode, socketOwner, allowPeers, passVariables, frontMounts, ...rest } = more
  const limitOptions = pickLimits(rest)
  // The folder gets them through its gateway.
  const ofFolder = Object.fromEntries(Object.entries(rest).filter(([name]) => !(name in limitOptions)))
  const ofGateway: GatewayOptions = {
    ...limitOptions,
    ...defined({ dev, serverName, allowedHosts, trustedProxies, observe }),
  }
  const addresses: readonly ListenAddress[] = listen?.map(parseListenAddress) ?? [
    { protocol: 'http', address: { kind: 'tcp', host, port } },
  ]
  const hosts = addresses.flatMap(({ address }) => (address.kind === 'tcp' ? [address.host] : []))
  const to = folder(root, ofFolder)
  const route: RouteOptions = authorizer === undefined ? { path: '/', to } : { path: '/', to, authorizer }
  const made = assemble(ofGateway, [route], hosts)
  const { gateway, limits } = made
  const dispose = (): Promise<void> => gateway[Symbol.asyncDispose]()
  const socketOptions = defined({ socketMode, socketOwner, allowPeers, passVariables, frontMounts })
  let listeners: readonly OpenListener[]
  try {
    listeners = await openListeners(addresses, socketOptions, made)
  } catch (error) {
    await dispose()
    throw error
  }
  const listener = listenerOf(listeners, limits.shutdownTimeout, dispose)
  return {
    ...listener,
    restart: made.restart,
    url: listener.addresses.find((address) => address.startsWith('http://')) ?? '',
  }
}

async function untilIdle(gateway: Gateway, ms: number): Promise<void> {
  for (let left = ms; left > 0; left = ms - gateway.idleMs) await sleep(left, undefined, { ref: false })
}

/** `ended` is called once all connections are gone; where they are broken off, at once. */
function listenerOf(
  listeners: readonly OpenListener[],
  shutdownTimeoutMs: number,
  ended: () => unknown,
): PosternListener {
  const closeAll = (): Promise<unknown> => Promise.all(listeners.map((listener) => listener.close()))
  const destroyAll = (): void => {
    for (const listener of listeners) listener.destroy()
  }
  const destroy = async (): Promise<void> => {
    const closed = closeAll()
    destroyAll()
    await ended()
    await closed
  }
  const close = async (): Promise<void> => {
    const late = shutdownTimeoutMs === 0 ? undefined : setTimeout(destroyAll, shutdownTimeoutMs)
    await closeAll()
    clearTimeout(late)
    await ended()
  }
  return { addresses: listeners.map(({ shown }) => shown), close, destroy, [Symbol.asyncDispose]: close }
}

/** Without the options that were not given. */
function defined<T extends object>(options: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>
  }
}

function assemble(
  options: GatewayOptions,
  routes: readonly RouteOptions[],
  ownNames: readonly string[] = [],
): ListenContext & { readonly gateway: Gateway; readonly restart: () => Promise<void> } {
  const limitOptions = pickLimits(options)
  const limits = readLimits(limitOptions)
  const { serverName, dev: development = false } = options
  const observe: Observer = options.observe ?? (() => {})
  const restarts: (() => Promise<void>)[] = []
  const onRestart = (restart: () => Promise<void>): void => void restarts.push(restart)
  const gateway = new Gateway({
    routes: routes.map(({ path, to, authorizer }) => ({
      prefix: prefixNames(byteStringOfText(path)),
      destination: to({ limits: limitOptions, observe, onRestart }),
      authorizer: authorizer?.({ limits: limitOptions, observe, onRestart }),
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
  return { gateway, limits, observe, restart }
}
