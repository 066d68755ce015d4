// `postern serve`: a folder, a server, its logs, and an orderly end.

import { once } from 'node:events'
import { resolve } from 'node:path'
import { isatty } from 'node:tty'
import { serve, type PosternServer, type ServeOptions } from '../config/create-gateway.ts'
import { authorizer, type AuthorizerMaker } from '../config/authorizers.ts'
import { pickLimits } from '../config/limits.ts'
import type { Observer } from '../events/events.ts'
import { accessLog, type AccessLogFormat } from '../observers/access-log.ts'
import { errorLog } from '../observers/error-log.ts'
import { prettyLog } from '../observers/pretty-log.ts'
import { given, nameOptions, socketOptions, type ListenerFlags } from './listener-flags.ts'
import { logStream } from './log-stream.ts'
import { checkPhp, checkProgram } from './program-paths.ts'
import { programOptions, scriptOptions, type ScriptFlags } from './script-flags.ts'

export interface ServeFlags extends ScriptFlags, ListenerFlags {
  readonly host: string
  readonly port: number
  readonly listen?: readonly string[]
  readonly index?: readonly string[]
  readonly listing?: boolean
  readonly linkRoot?: readonly string[]
  readonly sendfileRoot?: readonly string[]
  readonly accel?: readonly string[]
  readonly authorizer?: string
  readonly untyped: string
  readonly encodedSlashes: string
  readonly warm: string
  readonly php: string
  readonly phpIni?: readonly string[]
}

export async function serveCommand(dir: string, flags: ServeFlags): Promise<void> {
  const dev = flags.dev ?? (flags.prod === true ? false : process.stdout.isTTY)
  const server = await start(dir, flags, dev)
  for (const address of server.addresses) process.stdout.write(`listening on ${address}\n`)
  if (process.versions.node.startsWith('20.')) {
    process.stderr.write('postern: Node 20 is past its end of life; a newer Node is safer.\n')
  }
  if (process.getuid?.() === 0) {
    process.stderr.write('postern: this runs as root, and so do the scripts; a user of its own is safer.\n')
  }
  // A terminal that is closed hangs up too, and then the server is to end.
  // Descriptor 0 may be a socket that is listened on (FastCGI 2.2), of which process.stdin cannot be made.
  if (!isatty(0) && !process.stdout.isTTY) process.on('SIGHUP', () => void restart(server))
  await stopped(server)
}

/** What cannot be started is told to the requests that need it. */
async function restart(server: PosternServer): Promise<void> {
  process.stderr.write('postern: FastCGI programs are started afresh\n')
  await server.restart().catch(() => {})
}

export function readSetting(text: string): [name: string, value: string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new TypeError(`--php-ini takes NAME=VALUE, not ${JSON.stringify(text)}`)
  return [text.slice(0, equals), text.slice(equals + 1)]
}

async function start(dir: string, flags: ServeFlags, dev: boolean): Promise<PosternServer> {
  const options: Record<string, unknown> = {
    ...scriptOptions(flags),
    ...pickLimits(flags),
    ...(flags.listen === undefined ? { host: flags.host, port: flags.port } : { listen: flags.listen }),
    dev,
    listing: flags.listing ?? false,
    ...nameOptions(flags),
    ...socketOptions(flags),
    ...given({ index: flags.index }),
    linkRoots: flags.linkRoot ?? [],
    sendfileRoots: flags.sendfileRoot ?? [],
    accel: Object.fromEntries((flags.accel ?? []).map(readLocation)),
    untyped: flags.untyped,
    encodedSlashes: flags.encodedSlashes,
    warm: flags.warm,
    php: readPhp(flags),
    phpSettings: Object.fromEntries((flags.phpIni ?? []).map(readSetting)),
    observe: observer(dev, flags.accessLog),
  }
  if (flags.authorizer !== undefined) {
    options['authorizer'] = authorizerOf(flags.authorizer, flags)
  }
  try {
    // The schema behind `serve` checks every one of them.
    return await serve(dir, options satisfies ServeOptions)
  } catch (error) {
    throw explained(error, flags)
  }
}

function authorizerOf(where: string, flags: ServeFlags): AuthorizerMaker {
  const options = programOptions(flags)
  const [, address] = /^fastcgi:(.*)$/.exec(where) ?? []
  if (address === undefined) {
    checkProgram('--authorizer', where)
    return authorizer({ script: where }, { ...options, warm: flags.warm === 'off' ? 'off' : 'on' })
  }
  const { env = {}, passFields = [] } = options
  return authorizer({ fastcgi: address }, { ...pickLimits(flags, 'script', 'upstream'), env, passFields })
}

/** Throws TypeError for what cannot run PHP. */
function readPhp({ php, phpIni }: ServeFlags): string {
  if (phpIni !== undefined && php.startsWith('fastcgi:')) {
    throw new TypeError(
      `--php-ini has no effect with --php ${php}, which has settings of its own: php.ini, or php_admin_value of php-fpm’s pool`,
    )
  }
  if (phpIni !== undefined && php === 'off') throw new TypeError('--php-ini has no effect with --php off')
  if (/^(?:on|off|fastcgi:.*)$/.test(php)) return php
  checkPhp('--php', php)
  return resolve(php)
}

/** Throws TypeError for an `--accel` without a "=". */
function readLocation(text: string): [location: string, folder: string] {
  const equals = text.indexOf('=')
  if (equals < 1) throw new TypeError(`--accel takes /PREFIX/=DIR, not ${JSON.stringify(text)}`)
  return [text.slice(0, equals), text.slice(equals + 1)]
}

export function observer(dev: boolean, format: 'off' | AccessLogFormat | undefined): Observer {
  const observers: Observer[] = []
  const errors = logStream(process.stderr)
  const access = logStream(process.stdout)
  if (dev) {
    const pretty = prettyLog(errors, { colours: process.stderr.isTTY && process.env['NO_COLOR'] === undefined })
    observers.push(
      format === undefined ? pretty : (event) => (event.type === 'request-ended' ? undefined : pretty(event)),
    )
  } else {
    observers.push(errorLog(errors))
  }
  const chosen = format ?? (dev ? 'off' : 'combined')
  if (chosen !== 'off') observers.push(accessLog(chosen, access))
  return (event) => {
    for (const observe of observers) observe(event)
  }
}

/** What the system said of `--host` and `--port`, for people. */
export function explained(
  error: unknown,
  { host, port, listen }: Pick<ServeFlags, 'host' | 'port' | 'listen'>,
): unknown {
  // What came of --listen says itself what is wrong.
  if (listen !== undefined || !(error instanceof Error) || !('code' in error)) return error
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `port ${port} on ${host} is taken by another program; choose one with --port, or 0 for a free one`,
      )
    case 'EACCES':
      return new Error(`port ${port} needs more rights than this user has; ports from 1024 on are free to all`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Error(`${host} is not an address of this machine`)
    default:
      return error
  }
}

/** The first signal, or `enough`, stops in order, the next one at once. */
export async function stopped(
  server: Pick<PosternServer, 'close' | 'destroy'>,
  enough: Promise<void> = new Promise(() => {}),
): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT'), enough])
  const second = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  await Promise.race([server.close(), second.then(() => server.destroy())])
}
