// What a handler is told beside its request: what the web server said, who asks, and how to say and do more than an
// answer. The same under every gateway.

import type { ByteString } from '../bytes/byte-string.ts'
import type { AuthenticatedUser, Endpoint } from '../gateway/request-facts.ts'
import type { RoleName } from '../protocol/fastcgi/messages.ts'

/** How the web server, or the client itself, asks. */
export type GatewayKind = 'cgi' | 'fastcgi' | 'scgi' | 'uwsgi' | 'http'

export interface AppContext {
  readonly gateway: GatewayKind
  /** FastCGI 6: the part that is played. An authorizer and a filter are functions of their own (ServeOptions). */
  readonly role: RoleName
  /**
   * The meta-variables as the web server sent them, all of them but HTTP_PROXY: SSL_CLIENT_S_DN, REMOTE_USER,
   * DOCUMENT_ROOT. One character is one byte. By HTTP those of RFC 3875 4.1, made here. Security: nginx sends REMOTE_USER whether or not
   * anybody has verified it; see `user`.
   */
  readonly variables: ReadonlyMap<string, ByteString>
  /** The client. The address is empty where the web server does not say it; a trusted proxy's word is believed. */
  readonly peer: Endpoint
  /** Whom the web server has verified: REMOTE_USER with an AUTH_TYPE. */
  readonly user: AuthenticatedUser | undefined
  /** What the web server has taken off the path (SCRIPT_NAME), such as `/cgi-bin/app.mjs`; the URL is without it. */
  readonly mount: ByteString
  /** Aborted when nobody wants the answer any more, or with a TimeoutError when its time is over. */
  readonly signal: AbortSignal
  /** The process does not end before this is settled, up to `shutdownTimeout`. A rejection is a line of the log. */
  readonly waitUntil: (promise: PromiseLike<unknown>) => void
  /** A line for the error stream of the gateway: standard error, FCGI_STDERR, the log. */
  readonly diagnostics: (line: string) => void
}

/**
 * On the request of a Node listener, or on the connection that it came on. A registered symbol, for there are two copies of
 * this file: one in the bundle that programs load (scripts/bundle-app.mjs), one beside the frontends.
 */
const contextSymbol = Symbol.for('postern.app.context')

export function keepContext(owner: object, context: AppContext): void {
  Object.defineProperty(owner, contextSymbol, { value: context })
}

/** The context of a request of node:http. Throws TypeError for one that `serve` does not answer. */
export function contextOf(request: { readonly socket: object }): AppContext {
  const { socket } = request
  if (hasContext(request)) return request[contextSymbol]
  if (hasContext(socket)) return socket[contextSymbol]
  throw new TypeError('contextOf(): this request has not come by serve() of postern/app')
}

function hasContext(owner: object): owner is { readonly [contextSymbol]: AppContext } {
  return contextSymbol in owner
}
