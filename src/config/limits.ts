// Every limit there is: one table for the flags, the library's options and docs/limits.md.

import { parseCount, parseDuration, parseSize } from './units.ts'

type LimitKind = 'duration' | 'size' | 'count'

export interface Limit {
  readonly kind: LimitKind
  readonly default: string
  /** What is bounded, and what happens at the bound. */
  readonly about: string
}

export type LimitName =
  | 'firstByteTimeout'
  | 'idleTimeout'
  | 'totalTimeout'
  | 'killGrace'
  | 'backgroundGrace'
  | 'maxRunning'
  | 'maxQueue'
  | 'queueTimeout'
  | 'retryAfter'
  | 'maxBody'
  | 'spoolMemory'
  | 'bodyTimeout'
  | 'minBodyRate'
  | 'sendTimeout'
  | 'headerTimeout'
  | 'keepAliveTimeout'
  | 'shutdownTimeout'
  | 'maxTarget'
  | 'maxHeader'
  | 'maxFields'
  | 'maxConnections'
  | 'maxResponseHead'
  | 'maxVariables'
  | 'maxLocalRedirects'

export const limits: Readonly<Record<LimitName, Limit>> = {
  firstByteTimeout: { kind: 'duration', default: '30s', about: 'from a script’s start to its first output; then 504' },
  idleTimeout: {
    kind: 'duration',
    default: '60s',
    about: 'between two outputs of a script; then it is ended, and the connection broken off',
  },
  totalTimeout: { kind: 'duration', default: 'off', about: 'from a script’s start to its end; then it is ended' },
  killGrace: { kind: 'duration', default: '5s', about: 'from TERM to KILL when a script is ended' },
  backgroundGrace: {
    kind: 'duration',
    default: '500ms',
    about: 'of silence after a script’s end, before a background child’s hold on its output is given up',
  },
  maxRunning: { kind: 'count', default: '64', about: 'scripts that run at once; more wait in the queue' },
  maxQueue: { kind: 'count', default: '512', about: 'requests that wait for a script to end; more get 503' },
  queueTimeout: { kind: 'duration', default: '10s', about: 'in the queue; then 503' },
  retryAfter: { kind: 'duration', default: '5s', about: 'what Retry-After says with 503' },
  maxBody: { kind: 'size', default: '1GiB', about: 'a request’s body; more is 413' },
  spoolMemory: {
    kind: 'size',
    default: '256KiB',
    about: 'a body of unknown length held in memory; more goes to a file without a name in the temporary folder',
  },
  bodyTimeout: { kind: 'duration', default: '30s', about: 'between two parts of a request’s body; then 408' },
  minBodyRate: {
    kind: 'size',
    default: '250B',
    about: 'a second that a body must reach on average, once bodyTimeout has been spent waiting; less is 408',
  },
  sendTimeout: {
    kind: 'duration',
    default: '60s',
    about: 'in which a client must take something of its answer; then the connection is broken off',
  },
  headerTimeout: { kind: 'duration', default: '10s', about: 'for a request’s line and fields to arrive; then 408' },
  keepAliveTimeout: { kind: 'duration', default: '5s', about: 'an idle connection is kept' },
  shutdownTimeout: {
    kind: 'duration',
    default: '30s',
    about: 'running requests may take to finish when the server is stopped',
  },
  maxTarget: { kind: 'size', default: '8KiB', about: 'a request’s target; more is 414' },
  maxHeader: { kind: 'size', default: '32KiB', about: 'a request’s line and fields together; more is 431' },
  maxFields: { kind: 'count', default: '100', about: 'fields of a request; more is 431' },
  maxConnections: { kind: 'count', default: '4096', about: 'connections at once; more are closed unanswered' },
  maxResponseHead: { kind: 'size', default: '64KiB', about: 'the head of a script’s answer; more is 502' },
  maxVariables: { kind: 'size', default: '120KiB', about: 'meta-variables of one request together; more is 431' },
  maxLocalRedirects: { kind: 'count', default: '5', about: 'local redirects in one request; more is 502' },
}

/** In milliseconds, bytes or a plain number, or as people write them: `30s`, `1GiB`, `off`. */
export type LimitOptions = { readonly [Name in LimitName]?: number | string }

export type LimitValues = { readonly [Name in LimitName]: number }

export const limitNames: readonly LimitName[] = Object.keys(limits) as LimitName[]

const parsers = { duration: parseDuration, size: parseSize, count: parseCount }
const examples = { duration: '30s, 500ms, 2m or off', size: '64KiB, 1GiB or 5000', count: '16' }

/** Throws TypeError with the value and an example. */
export function parseLimit(name: LimitName, value: string | number): number {
  const { kind } = limits[name]
  const parsed = parsers[kind](value)
  if (parsed === undefined) {
    throw new TypeError(`${name} is a ${kind} such as ${examples[kind]}, not ${JSON.stringify(value)}`)
  }
  return parsed
}

export function readLimits(options: LimitOptions): LimitValues {
  const values: Partial<Record<LimitName, number>> = {}
  for (const name of limitNames) values[name] = parseLimit(name, options[name] ?? limits[name].default)
  return values as LimitValues
}

/** `firstByteTimeout` is `--first-byte-timeout`. */
export function flagOf(name: LimitName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
