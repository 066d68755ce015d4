// Every limit there is: one table for the flags, the library's options and docs/limits.md.

import type { Deadlines } from '../executors/deadlines.ts'
import { parseCount, parseDuration, parseSize } from './units.ts'

/** A duration of `off` or 0 is no limit; a grace of 0 is none, and it cannot be off. */
type LimitKind = 'duration' | 'grace' | 'size' | 'count'

/**
 * What a limit belongs to: whatever answers for a destination, the programs that it starts, the workers that have loaded
 * its application, the upstreams that it asks,
 * the gateway as a whole, or the server of `serve()`.
 */
export type LimitPlace = 'script' | 'program' | 'worker' | 'upstream' | 'gateway' | 'server'

export interface Limit<Place extends LimitPlace = LimitPlace> {
  readonly of: Place
  readonly kind: LimitKind
  readonly default: string
  /** What is bounded, and what happens at the bound. */
  readonly about: string
}

type ScriptLimit = 'firstByteTimeout' | 'idleTimeout' | 'totalTimeout' | 'maxRunning' | 'maxQueue' | 'queueTimeout'

type ProgramLimit =
  | 'killGrace'
  | 'backgroundGrace'
  | 'warmMinIdle'
  | 'warmMaxIdle'
  | 'warmIdleTimeout'
  | 'minProcesses'
  | 'maxProcesses'
  | 'processIdleTimeout'
  | 'maxRequests'

type WorkerLimit = 'loadTimeout' | 'maxMemory'

type UpstreamLimit = 'connectTimeout' | 'maxIdleConnections' | 'idleConnectionTimeout'

type GatewayLimit =
  | 'retryAfter'
  | 'maxBody'
  | 'spoolMemory'
  | 'bodyTimeout'
  | 'minBodyRate'
  | 'sendTimeout'
  | 'maxTarget'
  | 'maxResponseHead'
  | 'maxVariables'
  | 'maxLocalRedirects'

type ServerLimit =
  | 'headerTimeout'
  | 'keepAliveTimeout'
  | 'shutdownTimeout'
  | 'maxHeader'
  | 'maxFields'
  | 'maxConnections'

export type LimitName = ScriptLimit | ProgramLimit | WorkerLimit | UpstreamLimit | GatewayLimit | ServerLimit

export const limits: Readonly<
  Record<ScriptLimit, Limit<'script'>> &
    Record<ProgramLimit, Limit<'program'>> &
    Record<WorkerLimit, Limit<'worker'>> &
    Record<UpstreamLimit, Limit<'upstream'>> &
    Record<GatewayLimit, Limit<'gateway'>> &
    Record<ServerLimit, Limit<'server'>>
> = {
  firstByteTimeout: {
    of: 'script',
    kind: 'duration',
    default: '30s',
    about: 'from a script’s start to its first output; then 504',
  },
  idleTimeout: {
    of: 'script',
    kind: 'duration',
    default: '60s',
    about:
      'between two outputs of a script, and after its last one; then it is ended, and an answer under way broken off',
  },
  totalTimeout: {
    of: 'script',
    kind: 'duration',
    default: 'off',
    about: 'from a script’s start to its end; then it is ended',
  },
  killGrace: { of: 'program', kind: 'grace', default: '5s', about: 'from TERM to KILL when a script is ended' },
  backgroundGrace: {
    of: 'program',
    kind: 'grace',
    default: '500ms',
    about: 'of silence after a script’s end, before a background child’s hold on its output is given up',
  },
  maxRunning: { of: 'script', kind: 'count', default: '64', about: 'scripts that run at once; more wait in the queue' },
  maxQueue: {
    of: 'script',
    kind: 'count',
    default: '512',
    about: 'requests that wait for a script to end; more get 503',
  },
  queueTimeout: { of: 'script', kind: 'duration', default: '10s', about: 'in the queue; then 503' },
  warmMinIdle: {
    of: 'program',
    kind: 'count',
    default: '2',
    about: 'workers of each warm interpreter that always wait for a request',
  },
  warmMaxIdle: {
    of: 'program',
    kind: 'count',
    default: '16',
    about: 'workers of each warm interpreter that wait at most; as many wait as there were requests at once of late',
  },
  warmIdleTimeout: {
    of: 'program',
    kind: 'duration',
    default: '60s',
    about:
      'without a request, then waiting workers beyond warmMinIdle are ended; after ten times that the warm interpreter',
  },
  minProcesses: {
    of: 'program',
    kind: 'count',
    default: '1',
    about:
      'processes of each FastCGI program (php-cgi, .fcgi) that stay once there has been a request; 0 starts them on demand',
  },
  maxProcesses: {
    of: 'program',
    kind: 'count',
    default: '8',
    about: 'processes of each FastCGI program; each answers one request at a time, and more requests wait',
  },
  processIdleTimeout: {
    of: 'program',
    kind: 'duration',
    default: '60s',
    about: 'without a request, then processes of a FastCGI program beyond minProcesses are ended',
  },
  maxRequests: {
    of: 'program',
    kind: 'count',
    default: '1000',
    about:
      'requests that one process of a FastCGI program or an application answers at most, and three quarters of it at least, before another takes its place; 0 is no limit',
  },
  loadTimeout: {
    of: 'worker',
    kind: 'duration',
    default: '60s',
    about: 'for a worker to load its application; then it says where it stands, and is ended',
  },
  maxMemory: {
    of: 'worker',
    kind: 'size',
    default: '0',
    about: 'memory that one worker of an application holds; more, and another one takes its place; 0 is no limit',
  },
  connectTimeout: {
    of: 'upstream',
    kind: 'duration',
    default: '5s',
    about: 'for an upstream to take a connection; then 504, or another upstream',
  },
  maxIdleConnections: {
    of: 'upstream',
    kind: 'count',
    default: '8',
    about: 'connections to an upstream that are kept for later requests; each may hold one of its processes',
  },
  idleConnectionTimeout: {
    of: 'upstream',
    kind: 'duration',
    default: '30s',
    about: 'a connection to an upstream is kept without a request; then it is closed',
  },
  retryAfter: {
    of: 'gateway',
    kind: 'duration',
    default: '5s',
    about: 'what Retry-After says with 503; at least a second',
  },
  maxBody: { of: 'gateway', kind: 'size', default: '1GiB', about: 'a request’s body; more is 413' },
  spoolMemory: {
    of: 'gateway',
    kind: 'size',
    default: '256KiB',
    about: 'a body of unknown length held in memory; more goes to a file without a name in the temporary folder',
  },
  bodyTimeout: {
    of: 'gateway',
    kind: 'duration',
    default: '30s',
    about: 'between two parts of a request’s body; then 408',
  },
  minBodyRate: {
    of: 'gateway',
    kind: 'size',
    default: '250B',
    about: 'a second that a body must reach on average, once bodyTimeout has been spent waiting; less is 408',
  },
  sendTimeout: {
    of: 'gateway',
    kind: 'duration',
    default: '60s',
    about: 'in which a client must take something of its answer; then the connection is broken off',
  },
  headerTimeout: {
    of: 'server',
    kind: 'duration',
    default: '10s',
    about: 'for a request’s line and fields to arrive; then 408',
  },
  keepAliveTimeout: { of: 'server', kind: 'duration', default: '5s', about: 'an idle connection is kept' },
  shutdownTimeout: {
    of: 'server',
    kind: 'duration',
    default: '30s',
    about: 'running requests may take to finish when the server is stopped',
  },
  maxTarget: { of: 'gateway', kind: 'size', default: '8KiB', about: 'a request’s target; more is 414' },
  maxHeader: {
    of: 'server',
    kind: 'size',
    default: '32KiB',
    about: 'a request’s line and fields together; more is 431',
  },
  maxFields: { of: 'server', kind: 'count', default: '100', about: 'fields of a request; more is 431' },
  maxConnections: {
    of: 'server',
    kind: 'count',
    default: '4096',
    about: 'connections at once; more are closed unanswered',
  },
  maxResponseHead: {
    of: 'gateway',
    kind: 'size',
    default: '64KiB',
    about: 'the head of a script’s answer; more is 502',
  },
  maxVariables: {
    of: 'gateway',
    kind: 'size',
    default: '120KiB',
    about: 'meta-variables of one request together; more is 431',
  },
  maxLocalRedirects: {
    of: 'gateway',
    kind: 'count',
    default: '5',
    about: 'local redirects in one request; more is 502',
  },
}

/** In milliseconds, bytes or a plain number, or as people write them: `30s`, `1GiB`, `off`. */
export type LimitOptions = { readonly [Name in LimitName]?: number | string }

/** Those that a destination with programs takes. */
export type ScriptLimitOptions = Pick<LimitOptions, ScriptLimit | ProgramLimit>

/** Those that a destination with a function takes. */
export type FunctionLimitOptions = Pick<LimitOptions, ScriptLimit>

/** Those that a destination with an upstream takes. */
export type UpstreamLimitOptions = Pick<LimitOptions, ScriptLimit | UpstreamLimit>

/** Those that a destination with an application takes. */
export type WorkerLimitOptions = Pick<
  LimitOptions,
  Exclude<ScriptLimit, 'maxRunning'> | WorkerLimit | 'maxRequests' | 'killGrace'
>

/** Those that a gateway takes; those of scripts, programs and upstreams are the defaults of its destinations. */
export type GatewayLimitOptions = Pick<
  LimitOptions,
  ScriptLimit | ProgramLimit | WorkerLimit | UpstreamLimit | GatewayLimit
>

/** Those that a listening socket takes. */
export type ServerLimitOptions = Pick<LimitOptions, ServerLimit>

export type LimitValues = { readonly [Name in LimitName]: number }

export const limitNames: readonly LimitName[] = Object.keys(limits) as LimitName[]

const parsers = { duration: parseDuration, grace: parseDuration, size: parseSize, count: parseCount }
const shapes = {
  duration: 'a duration such as 30s, 500ms, 2m or off',
  grace: 'a duration such as 5s, 500ms or 0',
  size: 'a size such as 64KiB, 1GiB or 5000',
  count: 'a count such as 16',
}

/** Throws TypeError with the value and an example. */
export function parseLimit(name: LimitName, value: string | number): number {
  const { kind } = limits[name]
  // A grace that never ends would be a script that never ends, and "at once" is not what `off` says elsewhere.
  if (kind === 'grace' && value === 'off') throw new TypeError(`${name} cannot be off: write 0 for no grace`)
  const parsed = parsers[kind](value)
  if (parsed === undefined) throw new TypeError(`${name} is ${shapes[kind]}, not ${JSON.stringify(value)}`)
  return parsed
}

export function readLimits(options: LimitOptions): LimitValues {
  const values: Partial<Record<LimitName, number>> = {}
  for (const name of limitNames) values[name] = parseLimit(name, options[name] ?? limits[name].default)
  return values as LimitValues
}

export function deadlinesOf({ firstByteTimeout, idleTimeout, totalTimeout }: LimitValues): Deadlines {
  return { firstByteMs: firstByteTimeout, idleMs: idleTimeout, totalMs: totalTimeout }
}

/** The limits among other options, of these places; every place where none is named. */
export function pickLimits(options: LimitOptions, ...places: readonly LimitPlace[]): LimitOptions {
  const taken = limitNames.filter((name) => places.length === 0 || places.includes(limits[name].of))
  return Object.fromEntries(taken.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])))
}

/** Of an option: `firstByteTimeout` is `--first-byte-timeout`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
