// `wsgi`: a Python web application (PEP 3333) as a destination, answered by workers that have loaded it.

import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { byteStringOfText, type ByteString } from '../bytes/byte-string.ts'
import type { Observer } from '../events/events.ts'
import { WsgiExecutor } from '../executors/wsgi.ts'
import { UpstreamDestination } from '../gateway/upstream-destination.ts'
import { DialIn } from '../transport/applications/dial-in.ts'
import { ForkingStarter } from '../transport/applications/forking-starter.ts'
import { ApplicationPool } from '../transport/applications/pool.ts'
import { FreshStarter, type StarterOptions } from '../transport/applications/start.ts'
import { ProgramGuard } from '../transport/fastcgi-programs/guard.ts'
import { findInPath } from '../transport/find-program.ts'
import { launchersFolder } from '../transport/launcher-files.ts'
import { chooseSpawner } from '../transport/spawner.ts'
import { textOf } from '../bytes/byte-string.ts'
import type { DestinationMaker } from './destinations.ts'
import { deadlinesOf, parseLimit, pickLimits, readLimits, type LimitValues, type WorkerLimitOptions } from './limits.ts'
import { checkOptions, limitFields, policyFields, type PolicyOptions } from './options.ts'
import { byteMap, policyOf } from './script-policy.ts'

export interface WsgiOptions extends WorkerLimitOptions, Omit<PolicyOptions, 'env'> {
  /** The interpreter: a path, or a name to be found in PATH. Default: of `venv`, of $VIRTUAL_ENV, or `python3`. */
  readonly python?: string
  /** A virtual environment's folder. */
  readonly venv?: string
  /** The working folder, where modules are looked for first. Default: this process's. */
  readonly folder?: string
  /** More variables of the workers' environment, which otherwise is this process's own. */
  readonly env?: Readonly<Record<string, string>>
  /** Processes. Default: one for each core; one with `reload`. */
  readonly workers?: number
  /** Requests that one worker answers at once, each in a thread of its own. Default 1. */
  readonly threads?: number
  /** The application is loaded once, and workers are forked from there: less memory, a quicker start. Default false. */
  readonly preload?: boolean
  /** Breaches of PEP 3333 are reported on the log, with file and line. Default false; it costs time. */
  readonly lint?: boolean
  /** When a file of the application has changed, the next request is answered by the new one. Default false. */
  readonly reload?: boolean
  /**
   * Called once, with what the log says of it, where the module or the name itself is not there, in several trials, and no
   * worker has ever loaded it. What fails in the application's own code is tried again and again instead.
   */
  readonly onMissing?: (lastWords: string) => void
}

const schema = z.strictObject({
  ...limitFields('script', 'worker'),
  ...policyFields,
  maxRunning: z.undefined({ error: 'is workers × threads here' }).optional(),
  maxRequests: z.union([z.number(), z.string()]).optional(),
  killGrace: z.union([z.number(), z.string()]).optional(),
  env: z.record(z.string().regex(/^[^=\0]+$/, 'is not the name of a variable'), z.string()).optional(),
  python: z.string().min(1).optional(),
  venv: z.string().min(1).optional(),
  folder: z.string().min(1).optional(),
  workers: z.int().min(1).max(1024).optional(),
  threads: z.int().min(1).max(1024).optional(),
  preload: z.boolean().optional(),
  lint: z.boolean().optional(),
  reload: z.boolean().optional(),
  onMissing: z.custom((value) => typeof value === 'function', 'is no function').optional(),
})

/**
 * A WSGI application, `module:name`, which owns its route. Its workers are started at once, and are this process's
 * children. Throws TypeError for what is no application, no option, no folder or no Python.
 */
export function wsgi(application: string, options: WsgiOptions = {}): DestinationMaker {
  checkOptions(schema, options, 'wsgi()')
  if (!/^[^\0:]+(?::[^\0]+)?$/.test(application)) {
    throw new TypeError(`an application is MODULE:NAME, such as app:application, not ${JSON.stringify(application)}`)
  }
  if (/\(.+\)$/.test(application)) {
    throw new TypeError(
      `a factory is called without arguments, MODULE:factory(), not ${JSON.stringify(application)}; what it needs may come from the environment (--env NAME=VALUE), or name a module of your own that calls it`,
    )
  }
  const folder = resolve(options.folder ?? '.')
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw new TypeError(`${folder} is no folder`)
  const python = findPython(options)
  return ({ limits, observe, onRestart }) => {
    const values = readLimits({ ...limits, ...pickLimits(options, 'script', 'worker', 'program') })
    const executor = makeExecutor(application, { ...options, folder, python }, values, observe)
    onRestart?.(() => executor.restart())
    return new UpstreamDestination(byteStringOfText(application), 'cgi', {
      executor,
      wantsBodyLate: true,
      encodedSlashes: options.encodedSlashes ?? 'decode',
      policy: policyOf({ untyped: 'plain', ...options, env: {} }, { searchWords: false, passAuthorization: true }),
    })
  }
}

/** The interpreter's absolute path. Throws TypeError. */
export function findPython({ python, venv }: Pick<WsgiOptions, 'python' | 'venv'>): string {
  if (python !== undefined) {
    const found = python.includes('/') ? resolve(python) : findInPath(python)
    if (found === undefined || !existsSync(found)) throw new TypeError(`there is no Python at ${python}`)
    return found
  }
  const environment = venv ?? process.env['VIRTUAL_ENV']
  if (environment === undefined) {
    const found = findInPath('python3')
    if (found === undefined) throw new TypeError('there is no python3 in PATH; name one with --python PATH')
    return found
  }
  const found = join(resolve(environment), 'bin', 'python')
  if (!existsSync(found)) {
    throw new TypeError(`${environment} is no virtual environment: it has no bin/python; make one with python3 -m venv`)
  }
  return found
}

type Made = Omit<WsgiOptions, 'folder' | 'python'> & { readonly folder: string; readonly python: string }

function makeExecutor(application: string, options: Made, values: LimitValues, observe: Observer): WsgiExecutor {
  const { spawner } = chooseSpawner()
  const guard = new ProgramGuard(spawner)
  const { reload = false, preload = false, threads = 1 } = options
  const workers = options.workers ?? (reload ? 1 : availableParallelism())
  const starting: StarterOptions = {
    name: application,
    spawner,
    guard,
    killGraceMs: values.killGrace,
    loadTimeoutMs: values.loadTimeout,
    onLine: (line) => observe({ type: 'notice', text: `${application}: ${textOf(line)}` }),
    start: {
      path: byteStringOfText(options.python),
      words: ['-u', byteStringOfText(join(launchersFolder(), 'wsgi', 'main.py'))],
      environment: environmentOf(options),
      folder: byteStringOfText(options.folder),
      settings: {
        application,
        folder: options.folder,
        threads,
        processes: workers > 1,
        lint: options.lint ?? false,
        reload,
      },
    },
  }
  return new WsgiExecutor({
    deadlines: deadlinesOf(values),
    open: async () => {
      const dialIn = await DialIn.listen(guard)
      const starter = preload ? new ForkingStarter(starting, dialIn.path) : new FreshStarter(starting, dialIn.path)
      const pool = new ApplicationPool({
        name: application,
        starter,
        dialIn,
        workers,
        maxRequests: parseLimit('maxRequests', options.maxRequests ?? 0),
        maxMemoryBytes: values.maxMemory,
        maxQueue: values.maxQueue,
        queueTimeoutMs: values.queueTimeout,
        forsakenMs: values.idleTimeout,
        reload,
        onMissing: options.onMissing ?? ((): void => {}),
        observe,
      })
      dialIn.onWorker = (connection) => pool.join(connection)
      return pool
    },
    dispose: () => guard[Symbol.asyncDispose](),
  })
}

/** As whoever has started us has it: an application's settings come that way. */
function environmentOf({ env = {}, venv }: WsgiOptions): ReadonlyMap<string, ByteString> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) environment[name] = value
  if (venv !== undefined) {
    environment['VIRTUAL_ENV'] = resolve(venv)
    environment['PATH'] = `${join(resolve(venv), 'bin')}:${environment['PATH'] ?? ''}`
  }
  return new Map([...byteMap(environment), ...byteMap(env)])
}
