// `fastcgi`: a destination whose answers come from FastCGI applications: all of its route, or files of a folder.

import { z } from 'zod'
import { byteStringOfText } from '../../bytes/byte-string.ts'
import type { Executor } from '../../executors/executor.ts'
import { FilterExecutor } from '../../executors/filter.ts'
import type { SiteFolderOptions } from '../../files/site-folder.ts'
import { FilterDestination } from '../../gateway/filter-destination.ts'
import { SiteDestination } from '../../gateway/site-destination.ts'
import type { UpstreamAddress } from '../../transport/upstream-address.ts'
import type { DestinationMaker } from '../destinations.ts'
import { phpSources } from '../fastcgi-programs.ts'
import { fastCgiUpstream } from '../fastcgi-upstream.ts'
import type { LimitValues } from '../limits.ts'
import { OptionError } from '../option-error.ts'
import { checkOptions, fileFields } from '../options.ts'
import {
  upstreamFields,
  upstreamMaker,
  type DestinationOf,
  type UpstreamAddresses,
  type UpstreamOptions,
} from '../upstreams.ts'

export interface FastCgiOptions extends UpstreamOptions {
  /**
   * Requests on one connection at once, where the application says that it can (FCGI_MPXS_CONNS). Default 1. A client
   * that takes its answer slowly holds up the others of its connection.
   */
  readonly multiplex?: number
  /** Whether connections are kept (FCGI_KEEP_CONN). Default `on`. */
  readonly keepConnections?: 'on' | 'off'
  /**
   * The part that the application plays (FastCGI 6). A `filter` needs `root`, is given each file of it with the request,
   * and makes the answer of it; with `extensions` only files with such names. Default `responder`. An authorizer is an
   * option of a route: `authorizer({ fastcgi })`.
   */
  readonly role?: 'responder' | 'filter'
  /**
   * A folder: only files in it whose names end in `extensions` go to the application, as SCRIPT_FILENAME; the others are
   * sent. Without it the application owns all of its route, and knows itself what it runs.
   */
  readonly root?: string
  /** With `root`: what such names end in. Default `.php`; for a filter every name. */
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

const schema = z.strictObject({
  ...upstreamFields,
  multiplex: z.int().min(1).max(65535).optional(),
  keepConnections: z.enum(['on', 'off']).optional(),
  role: z.enum(['responder', 'filter']).optional(),
  root: z.string().optional(),
  extensions: z.array(z.string().regex(/^\.[A-Za-z0-9]{1,16}$/, 'is not an extension such as .php')).optional(),
  remoteRoot: z
    .string()
    .regex(/^\/[^\0]*$/, 'is not an absolute path')
    .optional(),
  ...fileFields,
})

/** What means something only with `root`. */
const ofFolder = ['extensions', 'remoteRoot', 'index', 'listing', 'linkRoots'] as const

/**
 * A FastCGI application, which owns its route, or with `root` runs files of a folder. Throws TypeError for what is no
 * address or no option.
 */
export function fastcgi(address: UpstreamAddresses, options: FastCgiOptions = {}): DestinationMaker {
  checkOptions(schema, options, 'fastcgi()')
  const { multiplex = 1, keepConnections = 'on', role = 'responder', root } = options
  if (role === 'filter') checkFilter(options)
  const idle = root === undefined ? ofFolder.find((name) => options[name] !== undefined) : undefined
  if (idle !== undefined) throw new OptionError('fastcgi(): ', [idle], 'has no effect without root')
  const folder = role === 'filter' ? filterTo : folderTo
  const to = root === undefined ? undefined : folder(root, options)
  const keepsConnections = keepConnections === 'on'
  const make = (parsed: UpstreamAddress, values: LimitValues): Executor => {
    const upstream = fastCgiUpstream(parsed, values, { role, maxShared: multiplex, keepsConnections })
    return role === 'filter' ? new FilterExecutor(upstream) : upstream
  }
  return upstreamMaker('fastcgi', address, 'cgi', options, make, to)
}

function checkFilter({ root, remoteRoot }: FastCgiOptions): void {
  if (root === undefined) throw new OptionError('fastcgi(): ', ['role'], 'filter needs root, the folder of its files')
  if (remoteRoot !== undefined) {
    throw new OptionError('fastcgi(): ', ['remoteRoot'], 'has no effect with a filter, which is given the file itself')
  }
}

/** Files through the filter, and programs to nobody. */
function filterTo(root: string, options: FastCgiOptions): DestinationOf {
  const { extensions, index = ['index.html', 'index.htm'], linkRoots = [] } = options
  const endings = extensions?.map((name) => name.toLowerCase())
  const site: SiteFolderOptions = {
    root,
    programs: 'none',
    sendsFiles: true,
    index,
    linkRoots,
    interpreted: [],
    refused: phpSources,
  }
  const none = { scripts: undefined, executors: {} }
  return (scripts) => new FilterDestination(new SiteDestination(site, none, options.listing ?? false), scripts, endings)
}

/** Files of these names to the application, the others to the client, and programs to nobody. */
function folderTo(root: string, options: FastCgiOptions): DestinationOf {
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
