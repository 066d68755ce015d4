// `postern wrap`: a CGI script for web servers that can run nothing else, before a server (`postern wsgi`) that stays.

import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkPassedVariables } from '../config/listen-options.ts'
import { parseLimit, pickLimits, readLimits, type LimitOptions } from '../config/limits.ts'
import { findPython, wsgi } from '../config/wsgi.ts'
import { isOfRequest } from '../protocol/cgi/variable-names.ts'
import { readVariable } from './script-flags.ts'
import { wrapScript } from './wrap-script.ts'

export interface WrapFlags extends LimitOptions {
  readonly workers?: number
  readonly threads?: number
  readonly python?: string
  readonly venv?: string
  readonly chdir?: string
  readonly env?: readonly string[]
  readonly preload?: boolean
  readonly reload?: boolean
  readonly lint?: boolean
  readonly passField?: readonly string[]
  readonly sendfileRoot?: readonly string[]
  readonly mount?: string
  readonly passVariable?: readonly string[]
  readonly passEnv?: readonly string[]
  readonly exitWhenIdle?: number
  readonly stateDir?: string
  readonly dev?: boolean
}

const main = fileURLToPath(new URL('./main.js', import.meta.url))
/** Few: who has only CGI shares the machine. */
const usualWorkers = 2
const usualIdleMs = 600_000
/** Beyond what the server's own limits allow, so that it is the server that answers. */
const startSeconds = 60
/** The socket's name and its folder fit into an address of any system. */
const longestFolder = 50

/** The script's text. `given`: the flags as they were given, by their names. Throws TypeError. */
export function wrapCommand(
  application: string,
  flags: WrapFlags,
  given: ReadonlyMap<string, readonly string[]>,
): string {
  const venv = flags.venv ?? (flags.python === undefined ? process.env['VIRTUAL_ENV'] : undefined)
  const python = findPython({ ...flags, ...(venv === undefined ? {} : { venv }) })
  const folder = resolve(flags.chdir ?? '.')
  checkApplication(application, flags, python, folder)
  if (flags.mount?.startsWith('/') === false) {
    throw new TypeError(`--mount takes a path, such as / or /app, not ${JSON.stringify(flags.mount)}`)
  }
  const stateFolder = flags.stateDir === undefined ? undefined : resolve(flags.stateDir)
  if (stateFolder !== undefined && Buffer.byteLength(stateFolder) > longestFolder) {
    throw new TypeError(`--state-dir takes a path of at most ${longestFolder} bytes: a socket’s address is short`)
  }
  for (const name of flags.passEnv ?? []) {
    if (isOfRequest(name)) throw new TypeError(`--pass-env ${name}: it tells of one request, and is no setting`)
  }
  checkPassedVariables(flags.passVariable ?? [])
  // What is on a command line everybody on the machine can read.
  const own = new Set([
    'env',
    'python',
    'venv',
    'chdir',
    'workers',
    'mount',
    'queueTimeout',
    'passEnv',
    'exitWhenIdle',
    'stateDir',
    'dev',
  ])
  const absolute = ['sendfileRoot']
  const rest = [...given].flatMap(([name, words]) => (own.has(name) || absolute.includes(name) ? [] : words))
  return wrapScript({
    application,
    python,
    command: [
      process.execPath,
      main,
      'wsgi',
      `--python=${python}`,
      ...(venv === undefined ? [] : [`--venv=${resolve(venv)}`]),
      `--chdir=${folder}`,
      `--workers=${flags.workers ?? (flags.reload === true ? 1 : usualWorkers)}`,
      ...(flags.sendfileRoot ?? []).map((root) => `--sendfile-root=${resolve(root)}`),
      // An application may take long to load, and the first request waits for it.
      `--queue-timeout=${queueTimeoutOf(flags)}`,
      ...rest,
      `--exit-when-idle=${flags.exitWhenIdle ?? usualIdleMs}`,
      '--front-mounts',
      flags.dev === true ? '--dev' : '--prod',
      '--access-log=off',
    ],
    stateFolder,
    mount: flags.mount === undefined ? undefined : flags.mount.replace(/\/+$/, ''),
    environment: (flags.env ?? []).map(readVariable),
    passedVariables: flags.passVariable ?? [],
    passedEnvironment: flags.passEnv ?? [],
    development: flags.dev ?? false,
    limitSeconds: limitOf(flags),
  })
}

/** What the server would find wrong at its start, when nobody looks. Throws TypeError. */
function checkApplication(application: string, flags: WrapFlags, python: string, folder: string): void {
  const { workers, threads, preload, reload, lint, passField, sendfileRoot } = flags
  const options = { workers, threads, preload, reload, lint, passFields: passField, sendfileRoots: sendfileRoot }
  wsgi(application, {
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    ...pickLimits(flags, 'script', 'worker'),
    env: Object.fromEntries((flags.env ?? []).map(readVariable)),
    python,
    folder,
  })
}

function queueTimeoutOf(flags: WrapFlags): number {
  return parseLimit('queueTimeout', flags.queueTimeout ?? '60s')
}

/** The longest silence of a server that works. */
function limitOf(flags: WrapFlags): number | undefined {
  const { firstByteTimeout, idleTimeout } = readLimits(pickLimits(flags, 'script'))
  const queueTimeout = queueTimeoutOf(flags)
  if (firstByteTimeout === 0 || idleTimeout === 0 || queueTimeout === 0) return undefined
  return Math.ceil(Math.max(firstByteTimeout + queueTimeout, idleTimeout) / 1000) + startSeconds
}
