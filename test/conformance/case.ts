// What a conformance case is: a site, a request and what must come back, whatever frontend brings the request and
// however the program is started. The tables are in families/; cases.ts gathers them.

import type { AuthenticatedUser, GatewayEvent, RouteOptions, ServeOptions } from '../../src/index.ts'
import type { Cell } from './cell.ts'
import type { LeftOut } from './left-out.ts'
import type { TemporarySite } from '../support/temporary-site.ts'

export interface CaseRequest {
  /** Default GET. */
  readonly method?: string
  /** Default `{script}`, which stands for the URL path of the case's own program. */
  readonly target?: string
  readonly fields?: readonly (readonly [name: string, value: string])[]
  /** One character is one byte. */
  readonly body?: string
  /** The length of the body is not announced. */
  readonly chunked?: boolean
}

/** An answer as a client saw it. */
export interface Seen {
  readonly status: number
  readonly reason: string
  /** Names in lower case. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** One character is one byte; still framed where the request was a `wire`. */
  readonly body: string
  /** The connection was broken off before the end of the body. */
  readonly broken: boolean
  /** All bytes that came back, where the request was a `wire`. */
  readonly raw: string
}

/** Of fields and variables: a value, a pattern, or null for "it must not be there". */
export type Values = Readonly<Record<string, string | RegExp | null>>

export interface Expected {
  readonly status: number
  readonly reason?: string
  /** By name in lower case; repeated ones are joined by ", ". */
  readonly fields?: Values
  readonly body?: string | RegExp
  /** What the program `showVariables` found in its environment. */
  readonly variables?: Values
  /** Default false. */
  readonly broken?: boolean
  readonly check?: (seen: Seen, stage: Stage) => void | Promise<void>
}

interface AnyCase {
  /** The section, and its rule in words. */
  readonly title: string
  /** The case's own program. */
  readonly script?: string | Uint8Array
  /** Its path in the site. Default `cgi-bin/` and a number. */
  readonly at?: string
  /** It runs in every cell that can express it, also where only a core does (cell.ts). */
  readonly core?: boolean
  /** Why some cells cannot express it. */
  readonly not?: LeftOut | readonly LeftOut[]
  /** Why only posix_spawn can do it. */
  readonly notByChildProcess?: string
  /** For the test's `skip`: what is missing here. */
  readonly skip?: string | false
}

export interface ExchangeCase extends AnyCase {
  readonly request?: CaseRequest
  readonly expected: Expected
}

/** The bytes of a request as they go over the wire; `{script}` and `{host}` are filled in. */
export interface WireCase extends AnyCase {
  readonly wire: string
  /** How long to wait for the server to close. Default three seconds. */
  readonly ms?: number
  readonly expected: Expected
}

/** More than one exchange. */
export interface StoryCase extends AnyCase {
  readonly story: (stage: Stage) => Promise<void>
}

export type ConformanceCase = ExchangeCase | WireCase | StoryCase

export type FamilyOptions = Omit<ServeOptions, 'host' | 'port' | 'observe'>

/** Cases that share one site and one gateway. */
export interface Family {
  readonly name: string
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** Links, modes, times: what `files` cannot say. */
  readonly prepare?: (site: TemporarySite) => void
  readonly options?: FamilyOptions | ((site: TemporarySite) => FamilyOptions)
  /** In place of the whole folder at "/". */
  readonly routes?: (site: TemporarySite) => readonly RouteOptions[]
  /** Who the embedding program, or the web server in front, says the client is. */
  readonly user?: AuthenticatedUser
  /** The part of the path that an embedding program took for itself. */
  readonly mount?: string
  readonly cases: readonly ConformanceCase[]
}

/** An answer whose body is still to come. */
export interface OpenAnswer extends Omit<Seen, 'body' | 'broken' | 'raw'> {
  readonly body: AsyncIterable<Uint8Array>
  /** The client goes away. */
  leave(): void
}

/** What a story plays on. */
export interface Stage {
  readonly cell: Cell
  readonly site: TemporarySite
  /** `http://127.0.0.1:PORT/`; nobody but the http and node frontends listens there. */
  readonly url: string
  /** The URL path of the case's own program. */
  readonly script: string
  /** What the gateway told its observer since the case began. */
  readonly events: readonly GatewayEvent[]
  readonly send: (request?: CaseRequest) => Promise<Seen>
  readonly open: (request?: CaseRequest) => Promise<OpenAnswer>
  /** Sends bytes, and collects what comes back until the server closes. */
  readonly sendBytes: (wire: string, ms?: number) => Promise<string>
  /** Looks until there is something to see, or fails after five seconds. */
  readonly until: <T>(what: string, look: () => T | undefined) => Promise<T>
  /** Every program that has been started since the case began has ended. */
  readonly programsEnded: () => Promise<void>
}

export function optionsOf({ options = {} }: Family, site: TemporarySite): FamilyOptions {
  return typeof options === 'function' ? options(site) : options
}
