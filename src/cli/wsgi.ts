// `postern wsgi`: a Python web application, a server, its logs, and an orderly end.

import { isatty } from 'node:tty'
import {
  createGateway,
  type PosternGateway,
  type PosternListener,
  type RouteOptions,
} from '../config/create-gateway.ts'
import { files } from '../config/destinations.ts'
import { pickLimits, type LimitOptions } from '../config/limits.ts'
import { wsgi } from '../config/wsgi.ts'
import type { AccessLogFormat } from '../observers/access-log.ts'
import { readVariable } from './script-flags.ts'
import { explained, observer, stopped } from './serve.ts'

export interface WsgiFlags extends LimitOptions {
  readonly host: string
  readonly port: number
  readonly listen?: readonly string[]
  readonly socketMode?: string
  readonly socketOwner?: string
  readonly allowPeer?: readonly string[]
  readonly passVariable?: readonly string[]
  readonly dev?: boolean
  readonly prod?: boolean
  readonly accessLog?: 'off' | AccessLogFormat
  readonly serverName?: string
  readonly allowedHosts?: readonly string[]
  readonly trustedProxy?: readonly string[]
  readonly workers?: number
  readonly threads?: number
  readonly python?: string
  readonly venv?: string
  readonly chdir?: string
  readonly env?: readonly string[]
  readonly mount?: string
  readonly static?: readonly string[]
  readonly preload?: boolean
  readonly reload?: boolean
  readonly lint?: boolean
  readonly passField?: readonly string[]
  readonly sendfileRoot?: readonly string[]
}

export async function wsgiCommand(application: string, flags: WsgiFlags): Promise<void> {
  const dev = flags.dev ?? (flags.prod === true ? false : process.stdout.isTTY)
  const gateway = createGateway({
    ...pickLimits(flags, 'script', 'gateway'),
    ...given({ serverName: flags.serverName, allowedHosts: flags.allowedHosts, trustedProxies: flags.trustedProxy }),
    dev,
    observe: observer(dev, flags.accessLog),
    routes: [
      ...(flags.static ?? []).map(readStatic),
      { path: flags.mount ?? '/', to: destination(application, flags) },
    ],
  })
  const listeners = await listen(gateway, flags)
  for (const { addresses } of listeners)
    for (const address of addresses) process.stdout.write(`listening on ${address}\n`)
  // Descriptor 0 may be a socket that is listened on (FastCGI 2.2); a terminal that is closed hangs up too.
  if (!isatty(0) && !process.stdout.isTTY) process.on('SIGHUP', () => void restart(gateway))
  await stopped({
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.close()))
      await gateway[Symbol.asyncDispose]()
    },
    destroy: async () => gateway[Symbol.asyncDispose](),
  })
}

function destination(application: string, flags: WsgiFlags): RouteOptions['to'] {
  const { python, venv, chdir: folder, workers, threads, preload, reload, lint } = flags
  return wsgi(application, {
    ...pickLimits(flags, 'script', 'worker'),
    ...given({ maxRequests: flags.maxRequests, killGrace: flags.killGrace }),
    ...given({ python, venv, folder, workers, threads, preload, reload, lint }),
    ...given({ passFields: flags.passField, sendfileRoots: flags.sendfileRoot }),
    env: Object.fromEntries((flags.env ?? []).map(readVariable)),
  })
}

/** Throws TypeError. */
function readStatic(text: string): RouteOptions {
  const equals = text.indexOf('=')
  if (!/^\/.*=./s.test(text)) throw new TypeError(`--static takes /URL/=DIR, not ${JSON.stringify(text)}`)
  return { path: text.slice(0, equals), to: files(text.slice(equals + 1)) }
}

async function listen(gateway: PosternGateway, flags: WsgiFlags): Promise<readonly PosternListener[]> {
  const options = {
    ...pickLimits(flags, 'server'),
    ...given({ socketMode: flags.socketMode, socketOwner: flags.socketOwner }),
    ...given({ allowPeers: flags.allowPeer, passVariables: flags.passVariable }),
  }
  const host = flags.host.includes(':') ? `[${flags.host}]` : flags.host
  const listeners: PosternListener[] = []
  try {
    for (const address of flags.listen ?? [`http:${host}:${flags.port}`]) {
      listeners.push(await gateway.listen(address, options))
    }
  } catch (error) {
    await gateway[Symbol.asyncDispose]()
    throw explained(error, flags)
  }
  return listeners
}

/** What cannot be loaded is told on the log, and the old workers go on. */
async function restart(gateway: PosternGateway): Promise<void> {
  process.stderr.write('postern: the application is loaded afresh\n')
  await gateway.restart().catch(() => {})
}

/** The schemas behind the makers check every one of them. */
function given(options: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
