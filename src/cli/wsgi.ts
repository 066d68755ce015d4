// `postern wsgi`: a Python web application, a server, its logs, and an orderly end.

import { statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
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
import { escapeControls } from '../observers/escape.ts'
import { given, nameOptions, socketOptions, type ListenerFlags } from './listener-flags.ts'
import { readVariable } from './script-flags.ts'
import { InheritedSocketFile } from './inherited-socket-file.ts'
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
  readonly frontMounts?: boolean
  readonly exitWhenIdle?: number
  readonly socketFile?: string
}

/** Within which whoever has connected before the socket's file was gone says what it wants. */
const lastConnectionsMs = 1000

export async function wsgiCommand(application: string, flags: WsgiFlags): Promise<void> {
  const { mount = '/' } = flags
  if (!mount.startsWith('/')) throw new TypeError(`--mount takes a path, such as /app, not ${JSON.stringify(mount)}`)
  const dev = flags.dev ?? (flags.prod === true ? false : process.stdout.isTTY)
  const isService = !dev && flags.reload !== true && flags.socketFile === undefined
  const missing = isService ? deferred() : undefined
  const gateway = createGateway({
    ...pickLimits(flags, 'script', 'gateway'),
    ...nameOptions(flags),
    dev,
    observe: observer(dev, flags.accessLog),
    routes: [
      ...(flags.static ?? []).map((text) => readStatic(text, flags.chdir)),
      { path: mount, to: destination(application, flags, missing?.settle) },
    ],
  })
  const listeners = await listen(gateway, flags)
  for (const { addresses } of listeners)
    for (const address of addresses) process.stdout.write(`listening on ${address}\n`)
  // What cannot be loaded is told on the log, and the old workers go on.
  // Descriptor 0 may be a socket that is listened on (FastCGI 2.2); a terminal that is closed hangs up too.
  if (!isatty(0) && !process.stdout.isTTY) process.on('SIGHUP', () => void gateway.restart().catch(() => {}))
  const { exitWhenIdle = 0 } = flags
  const ends = exitWhenIdle === 0 ? [] : [gateway.untilIdle(exitWhenIdle)]
  if (missing !== undefined) ends.push(missing.settled.then((words) => tellMissing(application, words)))
  const file = flags.socketFile === undefined ? undefined : new InheritedSocketFile(flags.socketFile)
  await stopped(
    {
      close: async () => {
        if (file?.remove() === true) await gateway.untilIdle(lastConnectionsMs)
        await Promise.all(listeners.map((listener) => listener.close()))
        await gateway[Symbol.asyncDispose]()
      },
      destroy: async () => gateway[Symbol.asyncDispose](),
    },
    ends.length === 0 ? undefined : Promise.race(ends),
  )
}

/** As gunicorn's: whoever supervises it, such as systemd, sees that it cannot be. */
const missingExitCode = 3

function tellMissing(application: string, words: string): void {
  process.stderr.write(
    `postern: ${escapeControls(`${application} is not there: ${words.trim().split('\n')[0] ?? ''}`)}\n`,
  )
  process.exitCode = missingExitCode
}

function deferred(): { readonly settled: Promise<string>; readonly settle: (words: string) => void } {
  const listeners: ((words: string) => void)[] = []
  const settled = new Promise<string>((done) => listeners.push(done))
  const settle = (words: string): void => listeners.forEach((tell) => tell(words))
  return { settled, settle }
}

function destination(
  application: string,
  flags: WsgiFlags,
  onMissing: ((words: string) => void) | undefined,
): RouteOptions['to'] {
  const { python, venv, chdir: folder, workers, threads, preload, reload, lint } = flags
  return wsgi(application, {
    ...pickLimits(flags, 'script', 'worker'),
    ...given({ maxRequests: flags.maxRequests, killGrace: flags.killGrace }),
    ...given({ python, venv, folder, workers, threads, preload, reload, lint, onMissing }),
    ...given({ passFields: flags.passField, sendfileRoots: flags.sendfileRoot }),
    env: Object.fromEntries((flags.env ?? []).map(readVariable)),
  })
}

/** Throws TypeError. */
function readStatic(text: string, chdir = '.'): RouteOptions {
  const equals = text.indexOf('=')
  if (!/^\/.*=./s.test(text)) throw new TypeError(`--static takes /URL/=DIR, not ${JSON.stringify(text)}`)
  const folder = text.slice(equals + 1)
  // Security: the application's source, its settings and their secrets would be sent as text.
  if (!/^\.\.(?:$|\/)/.test(relative(resolve(folder), resolve(chdir)))) {
    throw new TypeError(
      `--static ${text}: the application’s own folder lies in it, and its source would be sent; name a folder that holds nothing but files for everybody`,
    )
  }
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new TypeError(`--static ${text}: ${resolve(folder)} is no folder`)
  }
  return { path: text.slice(0, equals), to: files(folder) }
}

async function listen(gateway: PosternGateway, flags: WsgiFlags): Promise<readonly PosternListener[]> {
  const { frontMounts } = flags
  const options = { ...pickLimits(flags, 'server'), ...socketOptions(flags), ...given({ frontMounts }) }
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
