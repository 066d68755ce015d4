// What `serve` takes and gives.

import type { Observer } from '../events/events.ts'
import type { PartHandlers } from '../executors/function-parts.ts'
import type { AppContext } from './context.ts'

type Limit = number | string

/**
 * `authorize` and `filter` are asked where a web server wants FastCGI's other parts played (docs/guides/authorizers.md);
 * without them it is told FCGI_UNKNOWN_ROLE.
 */
export interface ServeOptions extends PartHandlers<AppContext> {
  /**
   * How it is asked: `cgi`, or KIND:ADDRESS with http, fastcgi, scgi or uwsgi and `unix:/path`, `HOST:PORT`, `fd:N` or
   * `systemd`. `--listen` of the command line and POSTERN_LISTEN win over it. Default: found out.
   */
  readonly listen?: string | readonly string[]
  /** What SCRIPT_NAME says is taken off the path: always, or never. Default: where it shows that it is a mount. */
  readonly frontMounts?: boolean
  /** Of the files of Unix sockets: a number, or octal digits such as `0660`, which is the default. */
  readonly socketMode?: number | string
  /** Of the files of Unix sockets: `USER`, `USER:GROUP`, `:GROUP`. */
  readonly socketOwner?: string
  /** Addresses and CIDR blocks of web servers that may connect over TCP by fastcgi, scgi or uwsgi. Default: this machine. */
  readonly allowPeers?: readonly string[]
  /** The canonical name; default what Host says. */
  readonly serverName?: string
  /** Names that are answered to; default all. */
  readonly allowedHosts?: readonly string[]
  /** Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Default none. */
  readonly trustedProxies?: readonly string[]
  /** SIGTERM and SIGINT end it in order; default true. */
  readonly signals?: boolean
  /** Default: notices to standard error. */
  readonly observe?: Observer
  /** A request's body; more is 413. Default 1 GiB. */
  readonly maxBody?: Limit
  readonly bodyTimeout?: Limit
  readonly minBodyRate?: Limit
  readonly sendTimeout?: Limit
  readonly maxTarget?: Limit
  readonly maxVariables?: Limit
  readonly headerTimeout?: Limit
  readonly keepAliveTimeout?: Limit
  /** For what is under way when it is to end, and for `waitUntil`. Default 30 seconds. */
  readonly shutdownTimeout?: Limit
  readonly maxHeader?: Limit
  readonly maxFields?: Limit
  readonly maxConnections?: Limit
}

/** Every name there is; the compiler sees to that. */
const names: Readonly<Record<keyof ServeOptions, true>> = {
  listen: true,
  frontMounts: true,
  socketMode: true,
  socketOwner: true,
  allowPeers: true,
  serverName: true,
  allowedHosts: true,
  trustedProxies: true,
  signals: true,
  observe: true,
  authorize: true,
  filter: true,
  maxBody: true,
  bodyTimeout: true,
  minBodyRate: true,
  sendTimeout: true,
  maxTarget: true,
  maxVariables: true,
  headerTimeout: true,
  keepAliveTimeout: true,
  shutdownTimeout: true,
  maxHeader: true,
  maxFields: true,
  maxConnections: true,
}

/** Throws TypeError for a name that is none: a limit with a wrong name would be none. */
export function checkNames(options: object): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name))
  if (unknown === undefined) return
  throw new TypeError(`serve() has no option ${unknown}; it has ${Object.keys(names).join(', ')}`)
}

export interface Served extends AsyncDisposable {
  readonly kind: 'cgi' | 'listen'
  /** `http://127.0.0.1:3000/`, `fastcgi:unix:/run/app.sock`; none as a CGI program. */
  readonly addresses: readonly string[]
  /** The first that is HTTP; empty where none is. */
  readonly url: string
  /** No new request; those under way finish, and what `waitUntil` was given, up to `shutdownTimeout`. */
  close(): Promise<void>
}
