// `folder`, `cgi` and `files`: from options to destinations with their executors.

import { resolve } from 'node:path'
import { byteStringOfText, type ByteString } from '../bytes/byte-string.ts'
import type { Observer } from '../events/events.ts'
import { DeadlineExecutor } from '../executors/deadlines.ts'
import type { Executor } from '../executors/executor.ts'
import { ProcessExecutor } from '../executors/process.ts'
import { RunningLimitExecutor } from '../executors/running-limit.ts'
import { WarmExecutor } from '../executors/warm.ts'
import type { SiteFolderOptions } from '../files/site-folder.ts'
import type { Authorizer, Destination } from '../gateway/destination.ts'
import { ProgramDestination, SiteDestination, type ScriptDestinationOptions } from '../gateway/site-destination.ts'
import type { Spawner } from '../transport/program-process.ts'
import { PythonCgiSpawner } from '../transport/python-cgi.ts'
import { ShebangCache } from '../transport/shebang-cache.ts'
import { chooseSpawner } from '../transport/spawner.ts'
import { WarmSpawner } from '../transport/warm/warm-spawner.ts'
import { byteMap, policyOf } from './script-policy.ts'
import { pickLimits, readLimits, type LimitOptions } from './limits.ts'
import {
  authorizerSchema,
  checkOptions,
  filesSchema,
  folderSchema,
  scriptSchema,
  type AuthorizerOptions,
  type FolderOptions,
  type ScriptOptions,
} from './options.ts'

/** What `createGateway` adds: limits of the gateway are defaults of its destinations. */
export interface DestinationContext {
  readonly limits: LimitOptions
  readonly observe: Observer
}

/** A destination in the making. Nothing is opened before a gateway takes it. */
export type DestinationMaker = (context: DestinationContext) => Destination

/** A folder with its files, and its programs below cgi-bin and by `.cgi`, as `postern serve` serves it. */
export function folder(root: string, options: FolderOptions = {}): DestinationMaker {
  checkOptions(folderSchema, options, 'folder()')
  return siteMaker({ root, programs: 'cgi-bin', sendsFiles: true, index: defaultIndex, linkRoots: [] }, options)
}

/** A folder in which every file is a program (what ScriptAlias is), or one program for a whole route. */
export function cgi(
  where: string | { readonly script: string; readonly documentRoot?: string },
  options: ScriptOptions = {},
): DestinationMaker {
  checkOptions(scriptSchema, options, 'cgi()')
  if (typeof where === 'string') {
    return siteMaker(
      { root: where, programs: 'every-file', sendsFiles: false, index: ['index.cgi'], linkRoots: [] },
      options,
    )
  }
  return (context) => new ProgramDestination(where.script, where.documentRoot, scriptsOf(options, context))
}

type FileOptions = Pick<FolderOptions, 'index' | 'listing' | 'linkRoots'>

/** A folder of files. Programs in it are neither run nor sent. */
export function files(root: string, options: FileOptions = {}): DestinationMaker {
  checkOptions(filesSchema, options, 'files()')
  const site = siteOf({ root, programs: 'none', sendsFiles: true, index: defaultIndex, linkRoots: [] }, options)
  return () => new SiteDestination(site, undefined, options.listing ?? false)
}

const defaultIndex = ['index.html', 'index.htm', 'index.cgi']

function siteOf(base: SiteFolderOptions, { index, linkRoots }: FileOptions): SiteFolderOptions {
  return { ...base, index: index ?? base.index, linkRoots: linkRoots ?? [] }
}

function siteMaker(base: SiteFolderOptions, options: FolderOptions): DestinationMaker {
  const site = siteOf(base, options)
  return (context) => new SiteDestination(site, scriptsOf(options, context), options.listing ?? false)
}

function scriptsOf(options: ScriptOptions, { limits, observe }: DestinationContext): ScriptDestinationOptions {
  return {
    executor: processExecutor(options, { ...limits, ...pickLimits(options, 'script', 'program') }, observe),
    encodedSlashes: options.encodedSlashes ?? 'refuse',
    policy: policyOf(options, { searchWords: options.searchWords ?? false, passAuthorization: false }),
  }
}

/** An authorizer in the making. Nothing is opened before a gateway takes it. */
export type AuthorizerMaker = (context: DestinationContext) => Authorizer

/** A program that decides who may pass, as a FastCGI authorizer does (docs/guides/authorizers.md). */
export function authorizer(where: { readonly script: string }, options: AuthorizerOptions = {}): AuthorizerMaker {
  checkOptions(authorizerSchema, options, 'authorizer()')
  const path = byteStringOfText(resolve(where.script))
  return ({ limits, observe }) => ({
    path,
    scriptFilename: path,
    answers: 'cgi',
    policy: {
      passFields: new Set((options.passFields ?? []).map((name) => name.toLowerCase())),
      untyped: options.untyped ?? 'refuse',
      // As libfcgi tells its applications, so that one program can play both parts.
      variables: new Map([...byteMap(options.env ?? {}), ['FCGI_ROLE', 'AUTHORIZER']]),
    },
    executor: processExecutor(options, { ...limits, ...pickLimits(options, 'script', 'program') }, observe),
  })
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
      : new WarmSpawner({
          native,
          cold: spawner,
          shebangs,
          observe,
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
  const timed = new DeadlineExecutor(processes, {
    firstByteMs: values.firstByteTimeout,
    idleMs: values.idleTimeout,
    totalMs: values.totalTimeout,
  })
  const { maxRunning, maxQueue, queueTimeout: queueTimeoutMs } = values
  return new RunningLimitExecutor(timed, { maxRunning, maxQueue, queueTimeoutMs })
}

const alwaysInherited = /^(PATH|LANG|LC_[A-Z]+|TZ|TMPDIR)$/
const usualPath = '/usr/local/bin:/usr/bin:/bin'

/** Security: an allow list; the server's secrets stay with the server. */
function inherited(passEnv: readonly string[]): ReadonlyMap<string, ByteString> {
  const environment: Record<string, string> = { PATH: usualPath }
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (alwaysInherited.test(name) || passEnv.includes(name))) environment[name] = value
  }
  return byteMap(environment)
}
