// The gateway: facts of a request in, an answer out. What it decides, in order: method, target, host, route, file or
// script. It has no sockets; frontends bring requests and carry answers away.

import { textOf, type ByteString } from '../bytes/byte-string.ts'
import type { Observer } from '../events/events.ts'
import { failureOf, type GatewayFailure } from '../events/failures.ts'
import { listingPage } from '../files/listing.ts'
import { StaticFiles, type FileAnswer } from '../files/static-files.ts'
import { firstValue, isToken, type Field } from '../protocol/http/fields.ts'
import { isRejected, readRequestTarget, readSegments, type PathSegment } from '../protocol/http/request-target.ts'
import { findRoute, prefixNames, sortRoutes, withoutPrefix, type Resolution, type Route } from './destination.ts'
import { ErrorAnswers, type Answer, type RefusalText } from './error-answer.ts'
import { Exchange } from './exchange.ts'
import { encodePath, type Origin, type RedirectedFrom } from './meta-variables.ts'
import { readOrigin, type OriginOptions } from './origin.ts'
import { prepareBody, type BodyLimits, type PreparedBody } from './request-body.ts'
import type { GatewayAnswer, RequestFacts } from './request-facts.ts'
import { admitFields } from './request-policy.ts'
import { boundBody } from './response-policy.ts'
import { ScriptAnswers, type ScriptLimits } from './script-answer.ts'

export interface GatewaySettings {
  readonly routes: readonly Route[]
  readonly observe: Observer
  /** Error pages show the cause. */
  readonly development: boolean
  readonly origin: OriginOptions
  readonly body: BodyLimits
  readonly scripts: ScriptLimits
  readonly maxTargetBytes: number
  readonly maxLocalRedirects: number
}

interface Step {
  readonly method: string
  readonly target: ByteString
  readonly redirectedFrom: RedirectedFrom | undefined
}

export class Gateway implements AsyncDisposable {
  readonly #settings: GatewaySettings
  readonly #routes: readonly Route[]
  readonly #files = new StaticFiles()
  readonly #errors: ErrorAnswers
  readonly #scripts: ScriptAnswers

  constructor(settings: GatewaySettings) {
    this.#settings = settings
    this.#routes = sortRoutes(settings.routes)
    this.#errors = new ErrorAnswers(settings.development)
    this.#scripts = new ScriptAnswers(settings.scripts, this.#errors)
  }

  /** Never rejects: whatever goes wrong is an answer. */
  async handle(facts: RequestFacts): Promise<GatewayAnswer> {
    const exchange = new Exchange(facts, this.#settings.observe)
    try {
      const admitted = this.#admit(exchange)
      return exchange.answer('status' in admitted ? admitted : await this.#follow(exchange, admitted))
    } catch (error) {
      return exchange.answer(this.#failed(exchange, failureOf(error)))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#routes.map(({ destination }) => destination[Symbol.asyncDispose]()))
  }

  /** What can be known before anybody looks at the path's destination. */
  #admit(exchange: Exchange): Answer | Origin {
    const { facts } = exchange
    if (!isToken(facts.method)) return this.#refuse(exchange, 400, { cause: 'the method is not a token' })
    // TRACE would echo cookies; CONNECT is not for an origin server.
    if (facts.method === 'TRACE' || facts.method === 'CONNECT') {
      return this.#refuse(exchange, 405, {
        cause: `${facts.method} is not answered here`,
        fields: [['Allow', usualMethods]],
      })
    }
    if (facts.target.length > this.#settings.maxTargetBytes) {
      return this.#refuse(exchange, 414, { cause: 'the request target is too long (maxTarget)' })
    }
    const isServerWide = facts.method === 'OPTIONS' && facts.target === '*'
    const target = readRequestTarget(isServerWide ? '/' : facts.target)
    if (isRejected(target)) return this.#refuse(exchange, 400, { cause: target.rejected })
    const origin = readOrigin(facts, target, this.#settings.origin)
    if (isRejected(origin)) return this.#refuse(exchange, origin.status, { cause: origin.rejected, mend: origin.mend })
    exchange.remoteAddress = origin.peer.address
    if (isServerWide) return { status: 204, fields: [['Allow', usualMethods]], body: undefined, bodyLength: undefined }
    return origin
  }

  /** The request itself, then the local redirects that scripts answer with. */
  async #follow(exchange: Exchange, origin: Origin): Promise<Answer> {
    const { facts } = exchange
    const { maxLocalRedirects } = this.#settings
    let step: Step = { method: facts.method, target: facts.target, redirectedFrom: undefined }
    for (let redirects = 0; ; redirects++) {
      const outcome = await this.#take(exchange, origin, step)
      if ('answer' in outcome) return outcome.answer
      if (redirects >= maxLocalRedirects) {
        const location = outcome.redirectTo
        const failure = { kind: 'too-many-redirects', limit: maxLocalRedirects, location } as const
        return this.#failed(exchange, failure, outcome.from.script)
      }
      step = {
        method: facts.method === 'HEAD' ? 'HEAD' : 'GET',
        target: outcome.redirectTo,
        redirectedFrom: outcome.from,
      }
    }
  }

  /** Not always a promise: the answer of a file in memory does not wait for anything. */
  #take(exchange: Exchange, origin: Origin, step: Step): StepOutcome | Promise<StepOutcome> {
    const target = readRequestTarget(step.target)
    if (isRejected(target)) return { answer: this.#badTarget(exchange, step, target.rejected) }
    const { rawPath, query } = target
    const segments = readSegments(rawPath)
    if (isRejected(segments)) return { answer: this.#badTarget(exchange, step, segments.rejected) }
    const mount = prefixNames(exchange.facts.mount)
    const mounted = withoutPrefix(mount, segments)
    const found = mounted === undefined ? undefined : findRoute(this.#routes, mounted)
    if (found === undefined) return { answer: this.#refuse(exchange, 404, { cause: 'no route leads there' }) }
    const prefix = [...mount, ...found.route.prefix].map((name) => `/${name}`).join('')
    const resolution = found.route.destination.resolve({ prefix, segments: found.rest })
    if (resolution.kind === 'script') return this.#runScript(exchange, origin, resolution, step, query)
    if (resolution.kind === 'file') return this.#file(exchange, resolution, step.method)
    return { answer: this.#folder(exchange, resolution, step.method, segments, query) }
  }

  /** The client's fault in a request, the script's in its local redirect. */
  #badTarget(exchange: Exchange, { target, redirectedFrom }: Step, cause: string): Answer {
    if (redirectedFrom === undefined) return this.#refuse(exchange, 400, { cause })
    const fault = { fault: 'bad-location', line: `Location: ${target}`, exitCode: null, signal: null } as const
    return this.#failed(exchange, { kind: 'bad-head', ...fault }, redirectedFrom.script)
  }

  async #runScript(
    exchange: Exchange,
    origin: Origin,
    resolution: Extract<Resolution, { kind: 'script' }>,
    { method, redirectedFrom }: Step,
    query: ByteString,
  ): Promise<StepOutcome> {
    // Before the body, so that nobody is told to send one (RFC 9110 10.1.1) that will not be read.
    const admitted = admitFields(exchange.facts.fields, resolution.policy)
    if ('rejected' in admitted) return { answer: this.#refuse(exchange, 400, { cause: admitted.rejected }) }
    const body = redirectedFrom === undefined ? await this.#body(exchange.facts) : noBody
    if ('refused' in body)
      return { answer: this.#refuse(exchange, body.refused, { detail: body.why, cause: body.why }) }
    // A program that has started holds a spooled body's descriptor itself; ours is closed on every path out.
    await using prepared = body
    const outcome = await this.#scripts.answer(exchange, {
      admitted,
      resolution,
      origin,
      method,
      query,
      redirectedFrom,
      body: prepared,
    })
    if ('answer' in outcome) return outcome
    const { scriptName, pathInfo, path: script } = resolution
    return { ...outcome, from: { script, scriptName, pathInfo, query, method } }
  }

  async #body(facts: RequestFacts): Promise<PreparedBody | { refused: 400 | 408 | 413; why: string }> {
    const isAnnounced = facts.fields.some(([name]) => name.toLowerCase() === 'content-length')
    if (facts.bodyLength === 0 && !isAnnounced) return noBody
    return prepareBody(facts.body, facts.bodyLength, this.#settings.body)
  }

  /** What is neither a script nor a file: a refusal, or a folder. */
  #folder(
    exchange: Exchange,
    resolution: Exclude<Resolution, { kind: 'script' | 'file' }>,
    method: string,
    segments: readonly PathSegment[],
    query: ByteString,
  ): Answer {
    if (resolution.kind === 'refused') {
      const { status, why, program } = resolution
      if (program !== undefined) {
        const failure: GatewayFailure = { kind: 'cannot-start', program, code: 'EACCES' }
        const answer = this.#scripts.failure(
          exchange,
          { failure, script: program, stderrTail: '', outputStart: '' },
          new Map(),
        )
        return { ...answer, status }
      }
      return this.#refuse(exchange, status, { cause: why })
    }
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

  #file(
    exchange: Exchange,
    { path, stat }: Extract<Resolution, { kind: 'file' }>,
    method: string,
  ): StepOutcome | Promise<StepOutcome> {
    const other = this.#otherThanFetched(exchange, method)
    if (other !== undefined) return { answer: other }
    const header = (name: string): string | undefined => firstValue(exchange.facts.fields, name)
    const outcome = (answer: FileAnswer | undefined): StepOutcome => {
      if (answer === undefined)
        return { answer: this.#refuse(exchange, 403, { cause: `the file ${textOf(path)} cannot be read` }) }
      const { body, bodyLength } = answer
      // A file that shrinks while it is sent breaks the connection off; one that grows is sent as far as announced.
      return {
        answer: body instanceof Uint8Array ? answer : { ...answer, body: boundBody(body, bodyLength, () => {}) },
      }
    }
    const answer = this.#files.answer(path, stat, { method, header })
    return answer instanceof Promise ? answer.then(outcome) : outcome(answer)
  }

  /** Files and folders are fetched, and nothing else is done with them. */
  #otherThanFetched(exchange: Exchange, method: string): Answer | undefined {
    if (method === 'GET' || method === 'HEAD') return undefined
    const fields: readonly Field[] = [['Allow', fileMethods]]
    if (method === 'OPTIONS') return { status: 204, fields, body: undefined, bodyLength: undefined }
    return this.#refuse(exchange, 405, { cause: 'a file can only be fetched', fields })
  }

  #refuse({ id, observe }: Exchange, status: number, text: RefusalText): Answer {
    observe({ type: 'request-refused', id, status, why: text.cause ?? text.detail ?? '' })
    return this.#errors.refusal(id, status, text)
  }

  #failed(exchange: Exchange, failure: GatewayFailure, script: ByteString = ''): Answer {
    return this.#scripts.failure(exchange, { failure, script, stderrTail: '', outputStart: '' }, new Map())
  }
}

type StepOutcome = { readonly answer: Answer } | { readonly redirectTo: ByteString; readonly from: RedirectedFrom }

const usualMethods = 'GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS'
const fileMethods = 'GET, HEAD, OPTIONS'

const noBody: PreparedBody = {
  body: new Uint8Array(0),
  length: undefined,
  [Symbol.asyncDispose]: () => Promise.resolve(),
}
