// Files and folders as answers: what a route leads to, and what scripts have sent in their place (send-file.ts).

import type { Stats } from 'node:fs'
import { textOf, type ByteString } from '../bytes/byte-string.ts'
import { listingPage } from '../files/listing.ts'
import { StaticFiles, type FileAnswer, type FileRequest } from '../files/static-files.ts'
import { firstValue, type Field } from '../protocol/http/fields.ts'
import type { PathSegment } from '../protocol/http/request-target.ts'
import type { Resolution } from './destination.ts'
import type { Answer, ErrorAnswers } from './error-answer.ts'
import type { Exchange } from './exchange.ts'
import type { FailedAnswers } from './failed-answers.ts'
import { encodePath } from './meta-variables.ts'
import { boundBody } from './response-policy.ts'

type FolderResolution = Extract<Resolution, { kind: 'listing' | 'add-slash' }>

export class FileAnswers {
  readonly #files = new StaticFiles()
  readonly #errors: ErrorAnswers
  readonly #failed: FailedAnswers

  constructor(errors: ErrorAnswers, failed: FailedAnswers) {
    this.#errors = errors
    this.#failed = failed
  }

  /** Not always a promise: a file in memory does not wait for anything. */
  file(
    exchange: Exchange,
    { path, stat }: Extract<Resolution, { kind: 'file' }>,
    method: string,
  ): Answer | Promise<Answer> {
    const other = this.#otherThanFetched(exchange, method)
    if (other !== undefined) return other
    const header = (name: string): string | undefined => firstValue(exchange.facts.fields, name)
    const given = (answer: FileAnswer | undefined): Answer =>
      answer ?? this.#failed.refuse(exchange, 403, { cause: `the file ${textOf(path)} cannot be read` })
    const answer = this.send(path, stat, { method, header })
    return answer instanceof Promise ? answer.then(given) : given(answer)
  }

  /** Undefined: it cannot be read. */
  send(path: ByteString, stat: Stats, request: FileRequest): ReturnType<StaticFiles['answer']> {
    const answer = this.#files.answer(path, stat, request)
    return answer instanceof Promise ? answer.then(bounded) : bounded(answer)
  }

  folder(
    exchange: Exchange,
    resolution: FolderResolution,
    method: string,
    segments: readonly PathSegment[],
    query: ByteString,
  ): Answer {
    const other = this.#otherThanFetched(exchange, method)
    if (other !== undefined) return other
    // Empty segments go, so that a redirect cannot begin with "//", which names another host.
    const path = `/${segments.flatMap(({ decoded }) => (decoded === '' ? [] : [decoded])).join('/')}`
    if (resolution.kind === 'add-slash') {
      return this.#errors.redirect(exchange.id, encodePath(`${path}/`) + (query === '' ? '' : `?${query}`))
    }
    const body = listingPage(resolution.path, path)
    return { status: 200, fields: [['Content-Type', 'text/html; charset=utf-8']], body, bodyLength: body.length }
  }

  /** Files and folders are fetched, and nothing else is done with them. */
  #otherThanFetched(exchange: Exchange, method: string): Answer | undefined {
    if (method === 'GET' || method === 'HEAD') return undefined
    const fields: readonly Field[] = [['Allow', fileMethods]]
    if (method === 'OPTIONS') return { status: 204, fields, body: undefined, bodyLength: undefined }
    return this.#failed.refuse(exchange, 405, { cause: 'a file can only be fetched', fields })
  }
}

const fileMethods = 'GET, HEAD, OPTIONS'

/** A file that shrinks while it is sent breaks the connection off; one that grows is sent as far as announced. */
function bounded(answer: FileAnswer | undefined): FileAnswer | undefined {
  if (answer === undefined || answer.body instanceof Uint8Array) return answer
  return { ...answer, body: boundBody(answer.body, answer.bodyLength, () => {}) }
}
