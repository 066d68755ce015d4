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
import { given, nameOptions, socketOptions, type ListenerFlags } from './listener-flags.ts'
import { readVariable } from './script-flags.ts'
import { explained, observer, stopped } from './serve.ts'

export interface WsgiFlags extends LimitOptions, ListenerFlags {
  readonly host: string
  readonly port: number
  readonly listen?: readonly string[]
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
  const { mount = '/' } = flags
  if (!mount.startsWith('/')) throw new TypeError(`--mount takes a path, such as /app, not ${JSON.stringify(mount)}`)
  const dev = flags.dev ?? (flags.prod === true ? false : process.stdout.isTTY)
  const gateway = createGateway({
    ...pickLimits(flags, 'script', 'gateway'),
    ...nameOptions(flags),
    dev,
    observe: observer(dev, flags.accessLog),
    routes: [...(flags.static ?? []).map(readStatic), { path: mount, to: destination(application, flags) }],
  })
  const listeners = await listen(gateway, flags)
  for (const { addresses } of listeners)
    for (const address of addresses) process.stdout.write(`listening on ${address}\n`)
  // What cannot be loaded is told on the log, and the old workers go on.
  // Descriptor 0 may be a socket that is listened on (FastCGI 2.2); a terminal that is closed hangs up too.
  if (!isatty(0) && !process.stdout.isTTY) process.on('SIGHUP', () => void gateway.restart().catch(() => {}))
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
  const options = { ...pickLimits(flags, 'server'), ...socketOptions(flags) }
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
