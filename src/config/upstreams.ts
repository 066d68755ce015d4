// `fastcgi`, and what it shares with `scgi`, `uwsgi` and `proxy` (the folder beside): from options to destinations whose
// answers come from an upstream, or from several that answer alike.

import { z } from 'zod'
import { byteStringOfText } from '../bytes/byte-string.ts'
import type { Executor } from '../executors/executor.ts'
import { FastCgiExecutor } from '../executors/fastcgi.ts'
import { UpstreamsExecutor } from '../executors/upstreams.ts'
import type { SiteFolderOptions } from '../files/site-folder.ts'
import type { AnswerForm, Destination } from '../gateway/destination.ts'
import { SiteDestination, type ScriptDestinationOptions } from '../gateway/site-destination.ts'
import { UpstreamDestination } from '../gateway/upstream-destination.ts'
import { FastCgiPool } from '../transport/fastcgi/pool.ts'
import { parseUpstreamAddress, showUpstreamAddress, type UpstreamAddress } from '../transport/upstream-address.ts'
import type { DestinationMaker } from './destinations.ts'
import { limited } from './executors.ts'
import { pickLimits, readLimits, type LimitValues, type UpstreamLimitOptions } from './limits.ts'
import { phpSources } from './fastcgi-programs.ts'
import { checkOptions, fileFields, limitFields, policyFields, type PolicyOptions } from './options.ts'
import { policyOf } from './script-policy.ts'

/** What all upstreams share. */
export interface UpstreamOptions extends UpstreamLimitOptions, PolicyOptions {}

export interface FastCgiOptions extends UpstreamOptions {
  /**
   * Requests on one connection at once, where the application says that it can (FCGI_MPXS_CONNS). Default 1. A client
   * that takes its answer slowly holds up the others of its connection.
   */
  readonly multiplex?: number
  /** Whether connections are kept (FCGI_KEEP_CONN). Default `on`. */
  readonly keepConnections?: 'on' | 'off'
  /**
   * A folder: only files in it whose names end in `extensions` go to the application, as SCRIPT_FILENAME; the others are
   * sent. Without it the application owns all of its route, and knows itself what it runs.
   */
  readonly root?: string
  /** With `root`: what such names end in. Default `.php`. */
  readonly extensions?: readonly string[]
  /** With `root`: the same folder as the application sees it, where that is elsewhere, as in a container. */
  readonly remoteRoot?: string
  /** With `root`: names tried in a folder. Default `index.html`, `index.htm`, `index.php`. */
  readonly index?: readonly string[]
  /** With `root`: whether folders without an index are listed. Default false. */
  readonly listing?: boolean
  /** With `root`: folders outside it into which links may lead. */
  readonly linkRoots?: readonly string[]
}

export const upstreamFields: Readonly<Record<string, z.ZodType>> = {
  ...limitFields('script', 'upstream'),
  ...policyFields,
}

const fastCgiSchema = z.strictObject({
  ...upstreamFields,
  multiplex: z.int().min(1).max(65535).optional(),
  keepConnections: z.enum(['on', 'off']).optional(),
  root: z.string().optional(),
  extensions: z.array(z.string().regex(/^\.[A-Za-z0-9]{1,16}$/, 'is not an extension such as .php')).optional(),
  remoteRoot: z
    .string()
    .regex(/^\/[^\0]*$/, 'is not an absolute path')
    .optional(),
  ...fileFields,
})

/** `unix:/path` or `HOST:PORT`; of several, each answers for all. */
export type UpstreamAddresses = string | readonly string[]

/** What means something only with `root`. */
const ofFolder = ['extensions', 'remoteRoot', 'index', 'listing', 'linkRoots'] as const

/**
 * A FastCGI application, which owns its route, or with `root` runs files of a folder. Throws TypeError for what is no
 * address or no option.
 */
export function fastcgi(address: UpstreamAddresses, options: FastCgiOptions = {}): DestinationMaker {
  checkOptions(fastCgiSchema, options, 'fastcgi()')
  const { multiplex = 1, keepConnections = 'on', root } = options
  const idle = root === undefined ? ofFolder.find((name) => options[name] !== undefined) : undefined
  if (idle !== undefined) throw new TypeError(`fastcgi(): ${idle} has no effect without root`)
  const to = root === undefined ? undefined : folderTo(root, options)
  const make = (parsed: UpstreamAddress, values: LimitValues): Executor => {
    const source = new FastCgiPool({
      address: parsed,
      connectTimeoutMs: values.connectTimeout,
      maxIdle: values.maxIdleConnections,
      idleTimeoutMs: values.idleConnectionTimeout,
      maxShared: multiplex,
      queueTimeoutMs: values.queueTimeout,
    })
    return new FastCgiExecutor({ source, role: 'responder', keepsConnections: keepConnections === 'on' })
  }
  return upstreamMaker('fastcgi', address, 'cgi', options, make, to)
}

type To = (scripts: ScriptDestinationOptions) => Destination

/** Files of these names to the application, the others to the client, and programs to nobody. */
function folderTo(root: string, options: FastCgiOptions): To {
  const {
    extensions = ['.php'],
    index = ['index.html', 'index.htm', 'index.php'],
    linkRoots = [],
    remoteRoot,
  } = options
  const site: SiteFolderOptions = {
    root,
    programs: 'none',
    sendsFiles: true,
    index,
    linkRoots,
    interpreted: extensions.map((name) => name.toLowerCase()),
    refused: phpSources,
  }
  const remote = remoteRoot === undefined ? {} : { remoteRoot: byteStringOfText(remoteRoot.replace(/\/+$/, '')) }
  return (scripts) => {
    const refusing = { ...scripts, encodedSlashes: options.encodedSlashes ?? 'refuse' }
    const runners = { scripts: refusing, executors: { interpreter: scripts.executor }, ...remote }
    return new SiteDestination(site, runners, options.listing ?? false)
  }
}

/** `make` is called for each address. */
export function upstreamMaker(
  kind: string,
  addresses: UpstreamAddresses,
  answers: AnswerForm,
  options: UpstreamOptions,
  make: (address: UpstreamAddress, values: LimitValues) => Executor,
  to?: To,
): DestinationMaker {
  const list = typeof addresses === 'string' ? [addresses] : addresses
  if (list.length === 0) throw new TypeError(`${kind}: there must be at least one address`)
  const parsed = list.map(parseUpstreamAddress)
  return ({ limits, observe }) => {
    const values = readLimits({ ...limits, ...pickLimits(options, 'script', 'upstream') })
    const members = parsed.map((address) => ({ name: showUpstreamAddress(address), executor: make(address, values) }))
    const [only] = members
    const executor =
      only !== undefined && members.length === 1 ? only.executor : new UpstreamsExecutor(members, { observe })
    const scripts: ScriptDestinationOptions = {
      executor: limited(executor, values),
      encodedSlashes: options.encodedSlashes ?? 'decode',
      policy: policyOf(options, { searchWords: false, passAuthorization: true }),
    }
    return to?.(scripts) ?? new UpstreamDestination(byteStringOfText(`${kind}:${list.join(',')}`), answers, scripts)
  }
}
