// `folder`, `cgi` and `files`: from options to destinations with their executors.

import type { Observer } from '../events/events.ts'
import type { Executor } from '../executors/executor.ts'
import { ProcessExecutor } from '../executors/process.ts'
import { WarmExecutor } from '../executors/warm.ts'
import type { SiteFolderOptions } from '../files/site-folder.ts'
import type { Destination } from '../gateway/destination.ts'
import { ProgramDestination, SiteDestination, type ScriptDestinationOptions } from '../gateway/site-destination.ts'
import type { Spawner } from '../transport/program-process.ts'
import { PythonCgiSpawner } from '../transport/python-cgi.ts'
import { ShebangCache } from '../transport/shebang-cache.ts'
import { chooseSpawner } from '../transport/spawner.ts'
import { ColdNotices } from '../transport/warm/cold-notices.ts'
import { ParkedSpawner } from '../transport/warm/parked-spawner.ts'
import { WarmSpawner, type WarmSpawnerOptions } from '../transport/warm/warm-spawner.ts'
import { inherited, limited, type DestinationContext } from './executors.ts'
import { filesExecutor, phpExecutor, phpSources } from './fastcgi-programs.ts'
import { policyOf } from './script-policy.ts'
import { pickLimits, readLimits, type LimitOptions } from './limits.ts'
import {
  checkOptions,
  filesSchema,
  folderSchema,
  scriptSchema,
  type FolderOptions,
  type ScriptOptions,
} from './options.ts'

/** A destination in the making. Nothing is opened before a gateway takes it. */
export type DestinationMaker = (context: DestinationContext) => Destination

/** A folder with its files, and its programs below cgi-bin and by `.cgi`, as `postern serve` serves it. */
export function folder(root: string, options: FolderOptions = {}): DestinationMaker {
  checkOptions(folderSchema, options, 'folder()')
  const interpreted = options.php === 'off' ? [] : ['.php']
  const refused = options.php === 'off' ? [] : phpSources
  return siteMaker(
    { root, programs: 'cgi-bin', sendsFiles: true, index: defaultIndex, linkRoots: [], interpreted, refused },
    options,
  )
}

/** A folder in which every file is a program (what ScriptAlias is), or one program for a whole route. */
export function cgi(
  where: string | { readonly script: string; readonly documentRoot?: string },
  options: ScriptOptions = {},
): DestinationMaker {
  checkOptions(scriptSchema, options, 'cgi()')
  if (typeof where === 'string') {
    return siteMaker(
      {
        root: where,
        programs: 'every-file',
        sendsFiles: false,
        index: ['index.cgi', 'index.fcgi'],
        linkRoots: [],
        interpreted: [],
        refused: [],
      },
      options,
    )
  }
  return (context) => new ProgramDestination(where.script, where.documentRoot, scriptsOf(options, context))
}

/**
 * One FastCGI program that owns its route, started and kept by the server: SCRIPT_NAME is the route. It may have any name,
 * and arguments.
 */
export function fastcgiProgram(
  where: { readonly script: string; readonly args?: readonly string[]; readonly documentRoot?: string },
  options: ScriptOptions = {},
): DestinationMaker {
  checkOptions(scriptSchema, options, 'fastcgiProgram()')
  return (context) => {
    const executor = filesExecutor(options, context, where.args)
    return new ProgramDestination(where.script, where.documentRoot, scriptsWith(executor, options), 'cgi')
  }
}

/** One page that php-cgi runs, which owns its route. */
export function phpPage(path: string, options: FolderOptions = {}): DestinationMaker {
  checkOptions(folderSchema, options, 'phpPage()')
  return (context) =>
    new ProgramDestination(path, undefined, scriptsWith(phpExecutor(options, context), options), 'cgi')
}

type FileOptions = Pick<FolderOptions, 'index' | 'listing' | 'linkRoots'>

/** A folder of files. Programs in it are neither run nor sent. */
export function files(root: string, options: FileOptions = {}): DestinationMaker {
  checkOptions(filesSchema, options, 'files()')
  const base = { root, programs: 'none', sendsFiles: true, index: defaultIndex, linkRoots: [] } as const
  const site = siteOf({ ...base, interpreted: [], refused: [] }, options)
  return () => new SiteDestination(site, { scripts: undefined, executors: {} }, options.listing ?? false)
}

const defaultIndex = ['index.html', 'index.htm', 'index.php', 'index.cgi', 'index.fcgi']

function siteOf(base: SiteFolderOptions, { index, linkRoots }: FileOptions): SiteFolderOptions {
  return { ...base, index: index ?? base.index, linkRoots: linkRoots ?? [] }
}

function siteMaker(base: SiteFolderOptions, options: FolderOptions): DestinationMaker {
  const site = siteOf(base, options)
  return (context) => {
    const scripts = scriptsOf(options, context)
    const fastcgi = filesExecutor(options, context)
    const interpreter = base.interpreted.length === 0 ? {} : { interpreter: phpExecutor(options, context) }
    return new SiteDestination(site, { scripts, executors: { fastcgi, ...interpreter } }, options.listing ?? false)
  }
}

function scriptsOf(options: ScriptOptions, { limits, observe }: DestinationContext): ScriptDestinationOptions {
  const ofOptions = { ...limits, ...pickLimits(options, 'script', 'program') }
  return scriptsWith(processExecutor(options, ofOptions, observe), options)
}

function scriptsWith(executor: Executor, options: ScriptOptions): ScriptDestinationOptions {
  return {
    executor,
    encodedSlashes: options.encodedSlashes ?? 'refuse',
    policy: policyOf(options, { searchWords: options.searchWords ?? false, passAuthorization: false }),
  }
}

/** The process executor under its limits. */
export function processExecutor(
  options: Pick<ScriptOptions, 'passEnv' | 'warm' | 'preload' | 'pythonCgi'>,
  limitOptions: LimitOptions,
  observe: Observer,
): Executor {
  const values = readLimits(limitOptions)
  const { spawner, native, reason } = chooseSpawner()
  if (reason !== undefined) {
    observe({
      type: 'notice',
      text: `programs are started by child_process, because native starting cannot be had: ${reason}`,
    })
  }
  const run = {
    environment: inherited(options.passEnv ?? []),
    killGraceMs: values.killGrace,
    backgroundGraceMs: values.backgroundGrace,
  }
  const shebangs = new ShebangCache()
  const warm =
    options.warm === 'off' || native === undefined
      ? undefined
      : warmSpawner({
          native,
          cold: spawner,
          shebangs,
          observe,
          notices: new ColdNotices(observe),
          minIdle: values.warmMinIdle,
          maxIdle: values.warmMaxIdle,
          idleTimeoutMs: values.warmIdleTimeout,
          preload: options.preload ?? [],
        })
  // Around the warm one, whose launchers are to find the same modules as their workers.
  const lending = (inner: Spawner): Spawner =>
    options.pythonCgi === 'off' ? inner : new PythonCgiSpawner({ inner, shebangs })
  const processes =
    warm === undefined
      ? new ProcessExecutor({ ...run, spawner: lending(spawner) })
      : new WarmExecutor({ ...run, spawner: lending(warm), warm })
  return limited(processes, values)
}

/** Python and Perl fork; Node cannot, and is parked. */
function warmSpawner(options: WarmSpawnerOptions): ParkedSpawner {
  return new ParkedSpawner({ ...options, inner: new WarmSpawner(options) })
}
