// What `serve` takes and gives.

import type { LimitName, LimitOptions } from '../config/limits.ts'
import type { Observer } from '../events/events.ts'
import type { PartHandlers } from '../executors/function-parts.ts'
import type { AppContext } from './context.ts'

/** Those of the limits (docs/limits.md) that a handler and its sockets are under. */
const limits = [
  'firstByteTimeout',
  'idleTimeout',
  'totalTimeout',
  'maxBody',
  'bodyTimeout',
  'minBodyRate',
  'sendTimeout',
  'maxTarget',
  'maxVariables',
  'headerTimeout',
  'keepAliveTimeout',
  'shutdownTimeout',
  'maxHeader',
  'maxFields',
  'maxConnections',
] as const

/**
 * Limits are in milliseconds, bytes or a plain number, or as people write them: `30s`, `1GiB`, `off`. What passes
 * `firstByteTimeout` (30 s) is 504, and an answer that passes `idleTimeout` (60 s) or `totalTimeout` (off) is broken off;
 * the handler's signal is aborted. `shutdownTimeout` is for `waitUntil` too.
 *
 * `authorize` and `filter` are asked where a web server wants FastCGI's other parts played (docs/guides/authorizers.md);
 * without them it is told FCGI_UNKNOWN_ROLE.
 */
export interface ServeOptions extends PartHandlers<AppContext>, Pick<LimitOptions, (typeof limits)[number]> {
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
}

/** Every other name there is; the compiler sees to that. */
const others: Readonly<Record<Exclude<keyof ServeOptions, LimitName>, true>> = {
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
}

const names: readonly string[] = [...Object.keys(others), ...limits]

/** Throws TypeError for a name that is none: a limit with a wrong name would be none. */
export function checkNames(options: object): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new TypeError(`serve() has no option ${unknown}; it has ${names.join(', ')}`)
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
