// Two destinations: a folder with programs and files, and one program that owns all of its route.

import { realpathSync } from 'node:fs'
import { byteStringOfText, type ByteString } from '../bytes/byte-string.ts'
import type { Executor, Part } from '../executors/executor.ts'
import { SiteFolder, type Runner, type SiteFolderOptions } from '../files/site-folder.ts'
import type { PathSegment } from '../protocol/http/request-target.ts'
import { fileSystemPath, folderName } from '../files/file-path.ts'
import type { AnswerForm, Destination, Place, Resolution, ScriptPolicy } from './destination.ts'

export interface ScriptDestinationOptions {
  readonly executor: Executor
  readonly policy: ScriptPolicy
  /** An encoded slash in PATH_INFO is refused, as Apache does, or decoded like any other byte. */
  readonly encodedSlashes: 'refuse' | 'decode'
  /** It reads a request's body only when the application does (RFC 9110 10.1.1). */
  readonly wantsBodyLate?: boolean
  /** FastCGI 6: what the executor plays beside a responder's part. */
  readonly parts?: ReadonlySet<Part['role']>
}

/** Who runs the programs of a folder. Without any, programs are refused. */
export interface SiteRunners {
  readonly scripts: ScriptDestinationOptions | undefined
  /** Those whose programs are run otherwise than as CGI. */
  readonly executors: Readonly<Partial<Record<Exclude<Runner, 'cgi'>, Executor>>>
  /** The folder as the interpreter sees it, where that is elsewhere. */
  readonly remoteRoot?: ByteString
}

export class SiteDestination implements Destination {
  readonly #folder: SiteFolder
  readonly #runners: SiteRunners
  readonly #listing: boolean

  constructor(folder: SiteFolderOptions, runners: SiteRunners, listing: boolean) {
    this.#folder = new SiteFolder(folder)
    this.#runners = runners
    this.#listing = listing
  }

  /** The real path of its folder. */
  get root(): ByteString {
    return this.#folder.root
  }

  resolve({ prefix, segments }: Place): Resolution {
    const found = this.#folder.find(segments)
    switch (found.kind) {
      case 'refused':
        return found
      case 'folder':
        if (!endsWithSlash(segments)) return { kind: 'add-slash' }
        if (!this.#listing) return { kind: 'refused', status: 403, why: 'a folder without an index file is not listed' }
        return { kind: 'listing', path: found.realPath }
      case 'file':
        if (found.isIndex && !endsWithSlash(segments)) return { kind: 'add-slash' }
        return { kind: 'file', path: found.realPath, stat: found.stat }
      case 'program': {
        const { scripts } = this.#runners
        const { runner } = found
        const executor = runner === 'cgi' ? scripts?.executor : this.#runners.executors[runner]
        if (scripts === undefined || executor === undefined) {
          return { kind: 'refused', status: 403, why: 'programs are not run here' }
        }
        if (found.isIndex && !endsWithSlash(segments)) return { kind: 'add-slash' }
        const pathInfo = readPathInfo(segments.slice(found.used), scripts.encodedSlashes)
        if (pathInfo === undefined) return refuseSlash
        const below = found.path.slice(this.#folder.root === '/' ? 0 : this.#folder.root.length)
        const { remoteRoot } = this.#runners
        const isInterpreted = runner === 'interpreter'
        const realScript = remoteRoot === undefined ? found.realPath : remoteRoot + below
        return {
          kind: 'script',
          path: found.path,
          scriptFilename: isInterpreted ? realScript : found.path,
          scriptName: prefix + below,
          pathInfo,
          documentRoot: isInterpreted ? (remoteRoot ?? this.#folder.root) : this.#folder.root,
          answers: runner === 'cgi' ? 'nph-by-name' : 'cgi',
          policy: scripts.policy,
          executor,
          isInterpreted,
          hidesPathTranslated: isInterpreted,
          wantsBodyLate: false,
          parts: undefined,
        }
      }
    }
  }

  ownsProgram(realPath: ByteString): boolean {
    return this.#folder.ownsProgram(realPath)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { scripts, executors } = this.#runners
    const all = [scripts?.executor, executors.fastcgi, executors.interpreter]
    await Promise.all(all.map((executor) => Promise.resolve(executor?.[Symbol.asyncDispose]())))
  }
}

/** One program for a whole route, such as git-http-backend: SCRIPT_NAME is the route, the rest is PATH_INFO. */
export class ProgramDestination implements Destination {
  readonly #path: ByteString
  readonly #documentRoot: ByteString
  readonly #scripts: ScriptDestinationOptions
  readonly #answers: AnswerForm

  constructor(
    path: string,
    documentRoot: string | undefined,
    scripts: ScriptDestinationOptions,
    answers: AnswerForm = 'nph-by-name',
  ) {
    this.#answers = answers
    this.#path = byteStringOfText(path)
    this.#documentRoot = documentRoot === undefined ? folderName(this.#path) : byteStringOfText(documentRoot)
    this.#scripts = scripts
  }

  resolve({ prefix, segments }: Place): Resolution {
    const { executor, policy, encodedSlashes } = this.#scripts
    const pathInfo = readPathInfo(segments, encodedSlashes)
    if (pathInfo === undefined) return refuseSlash
    return {
      kind: 'script',
      path: this.#path,
      scriptFilename: this.#path,
      answers: this.#answers,
      scriptName: prefix,
      pathInfo,
      documentRoot: this.#documentRoot,
      policy,
      executor,
      isInterpreted: false,
      hidesPathTranslated: false,
      wantsBodyLate: false,
      parts: undefined,
    }
  }

  ownsProgram(realPath: ByteString): boolean {
    return realPath === this.#path || realPath === realPathOf(this.#path)
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#scripts.executor[Symbol.asyncDispose]()
  }
}

function realPathOf(path: ByteString): ByteString | undefined {
  try {
    return realpathSync.native(fileSystemPath(path), { encoding: 'latin1' })
  } catch {
    return undefined // What is not there cannot be sent.
  }
}

export const refuseSlash: Resolution = {
  kind: 'refused',
  status: 404,
  why: 'an encoded slash in PATH_INFO (see encodedSlashes)',
}

export function readPathInfo(
  rest: readonly PathSegment[],
  encodedSlashes: 'refuse' | 'decode',
): ByteString | undefined {
  const slashed = rest.filter(({ decoded }) => decoded.includes('/'))
  if (encodedSlashes === 'refuse' && slashed.length > 0) return undefined
  // Security: what an encoded slash hid from the removal of dot segments must not climb in PATH_TRANSLATED.
  if (slashed.some(({ decoded }) => decoded.split('/').some((name) => name === '.' || name === '..'))) return undefined
  return rest.map(({ decoded }) => `/${decoded}`).join('')
}

function endsWithSlash(segments: readonly PathSegment[]): boolean {
  return segments.length === 0 || segments.at(-1)?.decoded === ''
}
