// Where a route leads: a destination turns the rest of a path into a script, a file or a refusal.

import type { Stats } from 'node:fs'
import type { ByteString } from '../bytes/byte-string.ts'
import type { Executor, Part } from '../executors/executor.ts'
import type { SendRoots } from '../files/send-roots.ts'
import type { PathSegment } from '../protocol/http/request-target.ts'

/** How scripts of one destination are told about their requests and believed in their answers. */
export interface ScriptPolicy {
  /** RFC 3875 4.4: words of an indexed query become arguments. Off unless asked for (CVE-2012-1823). */
  readonly searchWords: boolean
  /** Whether the script sees `Authorization` (RFC 3875 4.1.18 advises against it). */
  readonly passAuthorization: boolean
  /** Names of fields with an underscore or another odd character that reach the script all the same, in lower case. */
  readonly passFields: ReadonlySet<string>
  /** A body without a Content-Type is refused, or sent as text/plain. Never guessed (CVE-2020-24553). */
  readonly untyped: 'refuse' | 'plain'
  /** Variables that the settings add. None of the gateway's own names (CVE-2025-65082). */
  readonly variables: ReadonlyMap<string, ByteString>
  /** The folders out of which its scripts may have files sent. Absent: none. */
  readonly sendRoots?: SendRoots
}

/**
 * How an answer begins: a head of RFC 3875 6; for a program named `nph-…` an HTTP answer (RFC 3875 5); or either, whichever
 * comes (SCGI and uwsgi upstreams).
 */
export type AnswerForm = 'cgi' | 'nph-by-name' | 'either'

export interface ScriptResolution {
  readonly kind: 'script'
  /** What the log calls it: the program's file, or for an upstream that has none of ours, its address. */
  readonly path: ByteString
  /** SCRIPT_FILENAME. Undefined: the upstream knows itself what it runs; then there is no program either. */
  readonly scriptFilename: ByteString | undefined
  /** Decoded, with the mount (RFC 3875 4.1.13). */
  readonly scriptName: ByteString
  /** Decoded; empty, or with a leading slash (RFC 3875 4.1.5). */
  readonly pathInfo: ByteString
  /**
   * Security: no PATH_TRANSLATED. PHP with cgi.fix_pathinfo=0 would run that file, which the client has named, in place
   * of SCRIPT_FILENAME.
   */
  readonly hidesPathTranslated: boolean
  /** Its file is run by another program: what would keep a program from starting is nothing to it. */
  readonly isInterpreted: boolean
  /** Its executor reads the body only when the application does. */
  readonly wantsBodyLate: boolean
  /** Undefined where there is no folder. */
  readonly documentRoot: ByteString | undefined
  readonly answers: AnswerForm
  readonly policy: ScriptPolicy
  readonly executor: Executor
  /** FastCGI 6: the parts that its executor plays beside a responder's. Undefined: none. */
  readonly parts: ReadonlySet<Part['role']> | undefined
}

export type Resolution =
  | ScriptResolution
  /** `stat` is of now, so that nobody need ask again. */
  | { readonly kind: 'file'; readonly path: ByteString; readonly stat: Stats }
  | { readonly kind: 'listing'; readonly path: ByteString }
  /** The same folder with a slash at the end, so that relative links work. */
  | { readonly kind: 'add-slash' }
  | {
      readonly kind: 'refused'
      readonly status: 403 | 404
      readonly why: string
      /** The program that cannot be run, for the diagnosis. */
      readonly program?: ByteString
    }

export interface Place {
  /** The decoded path up to where the destination begins: the mount and the route; empty or with a leading slash. */
  readonly prefix: ByteString
  /** What is left of the path. */
  readonly segments: readonly PathSegment[]
}

export interface Destination extends AsyncDisposable {
  resolve(place: Place): Resolution
  /** Whether the file at a real path is one of its programs, whose source is never sent. Absent: it has no files. */
  ownsProgram?(realPath: ByteString): boolean
  /** What its scripts may play beside a responder's part. Absent: nothing. */
  readonly parts?: ReadonlySet<Part['role']>
}

/** Who is asked before anything of a route is given (FastCGI 6.3; authorize.ts). */
export interface Authorizer {
  /** What the log calls it: its file, or an upstream's address. */
  readonly path: ByteString
  /** The program to run. Undefined: the executor's other side knows itself. */
  readonly scriptFilename: ByteString | undefined
  readonly answers: Exclude<AnswerForm, 'nph-by-name'>
  readonly policy: Pick<ScriptPolicy, 'passFields' | 'untyped' | 'variables'>
  readonly executor: Executor
}

/** Longest prefix wins, whole segments only; empty segments do not count, so that `//x` is `/x` for every rule. */
export interface Route {
  /** Decoded segments of the prefix; none is the root. */
  readonly prefix: readonly ByteString[]
  readonly destination: Destination
  /** Asked before anything of the destination is given. */
  readonly authorizer?: Authorizer | undefined
}

/** Sorted so that the first match is the longest. */
export function sortRoutes(routes: readonly Route[]): readonly Route[] {
  return [...routes].sort((a, b) => b.prefix.length - a.prefix.length)
}

export function findRoute(
  routes: readonly Route[],
  segments: readonly PathSegment[],
): { readonly route: Route; readonly rest: readonly PathSegment[] } | undefined {
  for (const route of routes) {
    const rest = withoutPrefix(route.prefix, segments)
    if (rest !== undefined) return { route, rest }
  }
  return undefined
}

/** What follows the prefix, or undefined where the path does not begin with it. */
export function withoutPrefix(
  prefix: readonly ByteString[],
  segments: readonly PathSegment[],
): readonly PathSegment[] | undefined {
  let at = 0
  for (const name of prefix) {
    while (segments[at]?.decoded === '') at++
    if (segments[at]?.decoded !== name) return undefined
    at++
  }
  return segments.slice(at)
}

/** The names in a route or mount such as `/git/` or `/old/cgi`. */
export function prefixNames(path: ByteString): readonly ByteString[] {
  return path.split('/').filter((name) => name !== '')
}
