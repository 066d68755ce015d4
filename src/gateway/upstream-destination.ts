// A destination that is no file of ours: an upstream, or a function, that owns all of its route and knows itself what it
// runs. SCRIPT_NAME is the route, the rest is PATH_INFO.

import type { ByteString } from '../bytes/byte-string.ts'
import type { Part } from '../executors/executor.ts'
import type { AnswerForm, Destination, Place, Resolution } from './destination.ts'
import { readPathInfo, refuseSlash, type ScriptDestinationOptions } from './site-destination.ts'

export class UpstreamDestination implements Destination {
  readonly #name: ByteString
  readonly #answers: AnswerForm
  readonly #scripts: ScriptDestinationOptions

  /** `name` is for the log: `fastcgi:unix:/run/app.sock`. */
  constructor(name: ByteString, answers: AnswerForm, scripts: ScriptDestinationOptions) {
    this.#name = name
    this.#answers = answers
    this.#scripts = scripts
  }

  resolve({ prefix, segments }: Place): Resolution {
    const { executor, policy, encodedSlashes, wantsBodyLate, parts } = this.#scripts
    const pathInfo = readPathInfo(segments, encodedSlashes)
    if (pathInfo === undefined) return refuseSlash
    return {
      kind: 'script',
      path: this.#name,
      scriptFilename: undefined,
      scriptName: prefix,
      pathInfo,
      documentRoot: undefined,
      answers: this.#answers,
      policy,
      executor,
      isInterpreted: false,
      hidesPathTranslated: false,
      wantsBodyLate: wantsBodyLate ?? false,
      parts,
    }
  }

  get parts(): ReadonlySet<Part['role']> {
    return this.#scripts.parts ?? new Set()
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#scripts.executor[Symbol.asyncDispose]()
  }
}
