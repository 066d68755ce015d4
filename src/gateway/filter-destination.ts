// A folder whose files a FastCGI filter (6.4) makes answers of. Which files there are, and which are nobody's, is decided as
// for a folder whose files are sent.

import type { ByteString } from '../bytes/byte-string.ts'
import { baseName } from '../files/file-path.ts'
import { hasEnding } from '../files/program-names.ts'
import type { Destination, Place, Resolution } from './destination.ts'
import type { ScriptDestinationOptions, SiteDestination } from './site-destination.ts'

export class FilterDestination implements Destination {
  readonly #site: SiteDestination
  readonly #scripts: ScriptDestinationOptions
  readonly #endings: readonly ByteString[] | undefined

  /** `endings`: only files with such names pass the filter, in lower case; undefined: all. */
  constructor(site: SiteDestination, scripts: ScriptDestinationOptions, endings: readonly ByteString[] | undefined) {
    this.#site = site
    this.#scripts = scripts
    this.#endings = endings
  }

  resolve({ prefix, segments }: Place): Resolution {
    const found = this.#site.resolve({ prefix, segments })
    if (found.kind !== 'file') return found
    const name = segments.at(-1)?.decoded ?? ''
    if (!this.#passes(found.path) && !this.#passes(name)) return found
    const { executor, policy } = this.#scripts
    return {
      kind: 'script',
      path: found.path,
      scriptFilename: found.path,
      scriptName: `${prefix}/${segments.map(({ decoded }) => decoded).join('/')}`,
      pathInfo: '',
      documentRoot: this.#site.root,
      answers: 'cgi',
      policy,
      executor,
      isInterpreted: true,
      hidesPathTranslated: false,
      wantsBodyLate: false,
      parts: undefined,
    }
  }

  ownsProgram(realPath: ByteString): boolean {
    return this.#site.ownsProgram(realPath)
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#scripts.executor[Symbol.asyncDispose]()
  }

  /** Security: by the name that was asked for, or by that on the disk. */
  #passes(path: ByteString): boolean {
    return this.#endings === undefined || hasEnding(baseName(path), this.#endings)
  }
}
