// The gateway: facts of a request in, an answer out. What it decides, in order: method, target, host, route, file or
// script. It has no sockets; frontends bring requests and carry answers away.

import type { ByteString } from '../bytes/byte-string.ts'
import type { Observer } from '../events/events.ts'
import { failureOf, type GatewayFailure } from '../events/failures.ts'
import type { Part } from '../executors/executor.ts'
import { isToken } from '../protocol/http/fields.ts'
import {
  isRejected,
  readRequestTarget,
  readSegments,
  type PathSegment,
  type Rejected,
  type RequestTarget,
} from '../protocol/http/request-target.ts'
import { Authorizers } from './authorize.ts'
import { plainPath } from './authorizer-variables.ts'
import {
  findRoute,
  prefixNames,
  sortRoutes,
  withoutPrefix,
  type Authorizer,
  type Resolution,
  type ScriptResolution,
  type Route,
} from './destination.ts'
import { ErrorAnswers, type Answer, type RefusalText } from './error-answer.ts'
import { Exchange } from './exchange.ts'
import { bareEvidence, FailedAnswers } from './failed-answers.ts'
import { FileAnswers } from './file-answers.ts'
import type { Origin, RedirectedFrom } from './meta-variables.ts'
import { readOrigin, type OriginOptions } from './origin.ts'
import { prepareBody, type BodyLimits, type PreparedBody } from './request-body.ts'
import type { Answering, GatewayAnswer, RequestFacts } from './request-facts.ts'
import { admitFields } from './request-policy.ts'
import { ScriptAnswers, type ScriptLimits } from './script-answer.ts'
import { SendFile } from './send-file.ts'

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
  readonly read: RequestTarget | Rejected
  readonly redirectedFrom: RedirectedFrom | undefined
}

interface Admitted {
  readonly origin: Origin
  readonly target: RequestTarget
}

/** Where a request, or a local redirect, leads. */
interface Goal {
  readonly route: Route
  /** The decoded path of the mount and the route. */
  readonly prefix: ByteString
  /** All of the path, and what of it is the route's to resolve. */
  readonly segments: readonly PathSegment[]
  readonly rest: readonly PathSegment[]
  readonly query: ByteString
}

export class Gateway implements Answering, AsyncDisposable {
  readonly parts: ReadonlySet<Part['role']>
  readonly #settings: GatewaySettings
  readonly #routes: readonly Route[]
  readonly #failed: FailedAnswers
  readonly #files: FileAnswers
  readonly #scripts: ScriptAnswers
  readonly #authorizers: Authorizers
  readonly #observe: Observer
  #isShuttingDown = false
  #underWay = 0
  #idleSince = performance.now()

  constructor(settings: GatewaySettings) {
    this.#settings = settings
    this.#routes = sortRoutes(settings.routes)
    this.parts = new Set(settings.routes.flatMap(({ destination }) => [...(destination.parts ?? [])]))
    const { scripts, observe } = settings
    this.#observe = (event) => {
      if (event.type === 'request-ended' && --this.#underWay === 0) this.#idleSince = performance.now()
      observe(event)
    }
    const errors = new ErrorAnswers(settings.development)
    this.#failed = new FailedAnswers(errors, scripts.retryAfterSeconds)
    this.#files = new FileAnswers(errors, this.#failed)
    const isProgram = (realPath: ByteString): boolean =>
      this.#routes.some(({ destination }) => destination.ownsProgram?.(realPath) === true)
    this.#scripts = new ScriptAnswers(scripts, this.#failed, new SendFile(this.#files, this.#failed, isProgram))
    this.#authorizers = new Authorizers(scripts, this.#failed)
  }

  /** Never rejects: whatever goes wrong is an answer. */
  async handle(facts: RequestFacts): Promise<GatewayAnswer> {
    this.#underWay++
    const exchange = new Exchange(facts, this.#observe, () => this.#isShuttingDown)
    try {
      const admitted = this.#admit(exchange)
      return exchange.answer('status' in admitted ? admitted : await this.#follow(exchange, admitted))
    } catch (error) {
      return exchange.answer(this.#fail(exchange, failureOf(error)))
    }
  }

  /** For how long no request has been under way, up to its answer's delivery. */
  get idleMs(): number {
    return this.#underWay > 0 ? 0 : performance.now() - this.#idleSince
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isShuttingDown = true
    await Promise.all(
      this.#routes.map(async ({ destination, authorizer }) => {
        await destination[Symbol.asyncDispose]()
        await authorizer?.executor[Symbol.asyncDispose]()
      }),
    )
  }

  /** What can be known before anybody looks at the path's destination. */
  #admit(exchange: Exchange): Answer | Admitted {
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
    return { origin, target }
  }

  /** The request itself, then the local redirects that scripts answer with. */
  async #follow(exchange: Exchange, { origin, target: read }: Admitted): Promise<Answer> {
    const { facts } = exchange
    const { maxLocalRedirects } = this.#settings
    let step: Step = { method: facts.method, target: facts.target, read, redirectedFrom: undefined }
    for (let redirects = 0; ; redirects++) {
      const outcome = await this.#take(exchange, origin, step)
      if ('answer' in outcome) return outcome.answer
      if (redirects >= maxLocalRedirects) {
        const location = outcome.redirectTo
        const failure = { kind: 'too-many-redirects', limit: maxLocalRedirects, location } as const
        return this.#fail(exchange, failure, outcome.from.script)
      }
      step = {
        method: facts.method === 'HEAD' ? 'HEAD' : 'GET',
        target: outcome.redirectTo,
        read: readRequestTarget(outcome.redirectTo),
        redirectedFrom: outcome.from,
      }
    }
  }

  /** Not always a promise: the answer of a file in memory does not wait for anything. */
  #take(exchange: Exchange, origin: Origin, step: Step): StepOutcome | Promise<StepOutcome> {
    const { read: target } = step
    if (isRejected(target)) return { answer: this.#badTarget(exchange, step, target.rejected) }
    const segments = readSegments(target.rawPath)
    if (isRejected(segments)) return { answer: this.#badTarget(exchange, step, segments.rejected) }
    const mount = prefixNames(exchange.facts.mount)
    const mounted = withoutPrefix(mount, segments)
    const found = mounted === undefined ? undefined : findRoute(this.#routes, mounted)
    if (found === undefined) return { answer: this.#refuse(exchange, 404, { cause: 'no route leads there' }) }
    const prefix = [...mount, ...found.route.prefix].map((name) => `/${name}`).join('')
    // Spelt out: V8 looks each name of an object up anew that was spread and then added to.
    const { route, rest } = found
    const goal: Goal = { route, prefix, segments, rest, query: target.query }
    const { authorizer } = found.route
    if (authorizer === undefined) return this.#give(exchange, origin, goal, step, nothingGranted)
    return this.#giveIfAuthorized(exchange, origin, goal, step, authorizer)
  }

  /** Security: before the disk is asked, so that nobody without a right learns what is there. */
  async #giveIfAuthorized(
    exchange: Exchange,
    origin: Origin,
    goal: Goal,
    step: Step,
    authorizer: Authorizer,
  ): Promise<StepOutcome> {
    const { method, target, redirectedFrom } = step
    const path = plainPath(goal.segments.map(({ decoded }) => decoded))
    const call = { origin, method, target, path, query: goal.query, redirectedFrom }
    const authorization = await this.#authorizers.ask(exchange, authorizer, call)
    if ('answer' in authorization) return authorization
    exchange.remoteUser = authorization.granted.get('REMOTE_USER') ?? exchange.remoteUser
    return this.#give(exchange, origin, goal, step, authorization.granted)
  }

  #give(
    exchange: Exchange,
    origin: Origin,
    { route, prefix, rest, segments, query }: Goal,
    step: Step,
    granted: ReadonlyMap<string, ByteString>,
  ): StepOutcome | Promise<StepOutcome> {
    const resolution = route.destination.resolve({ prefix, segments: rest })
    const { part } = exchange.facts
    // Security: FastCGI 6.3: a file that is there would be a 200, and let everybody pass.
    if (part !== undefined && !(resolution.kind === 'script' && resolution.parts?.has(part.role) === true))
      return { answer: this.#refuse(exchange, 403, { cause: `nothing there plays the part of ${part.role}` }) }
    if (resolution.kind === 'script') return this.#runScript(exchange, origin, resolution, step, query, granted)
    if (resolution.kind === 'refused') return { answer: this.#refused(exchange, resolution) }
    if (resolution.kind !== 'file')
      return { answer: this.#files.folder(exchange, resolution, step.method, segments, query) }
    const answer = this.#files.file(exchange, resolution, step.method)
    return answer instanceof Promise ? answer.then((whole) => ({ answer: whole })) : { answer }
  }

  /** The client's fault in a request, the script's in its local redirect. */
  #badTarget(exchange: Exchange, { target, redirectedFrom }: Step, cause: string): Answer {
    if (redirectedFrom === undefined) return this.#refuse(exchange, 400, { cause })
    const fault = { fault: 'bad-location', line: `Location: ${target}`, exitCode: null, signal: null } as const
    return this.#fail(exchange, { kind: 'bad-head', ...fault }, redirectedFrom.script)
  }

  async #runScript(
    exchange: Exchange,
    origin: Origin,
    resolution: Extract<Resolution, { kind: 'script' }>,
    { method, redirectedFrom }: Step,
    query: ByteString,
    granted: ReadonlyMap<string, ByteString>,
  ): Promise<StepOutcome> {
    // Before the body, so that nobody is told to send one (RFC 9110 10.1.1) that will not be read.
    const admitted = admitFields(exchange.facts.fields, resolution.policy)
    if ('rejected' in admitted) return { answer: this.#refuse(exchange, 400, { cause: admitted.rejected }) }
    const body = redirectedFrom === undefined ? await this.#body(exchange.facts, resolution) : noBody
    if ('refused' in body)
      return { answer: this.#refuse(exchange, body.refused, { detail: body.why, cause: body.why }) }
    const request = { admitted, resolution, origin, method, query, redirectedFrom, granted, body }
    try {
      const outcome = await this.#scripts.answer(exchange, request)
      if ('answer' in outcome) return outcome
      const { scriptName, pathInfo, path: script } = resolution
      return { redirectTo: outcome.redirectTo, from: { script, scriptName, pathInfo, query, method } }
    } finally {
      // Not `await using`, which would cost requests without a file several turns.
      if (body.spooled !== undefined) await body.spooled[Symbol.asyncDispose]()
    }
  }

  async #body(
    facts: RequestFacts,
    { wantsBodyLate }: ScriptResolution,
  ): Promise<PreparedBody | { refused: 400 | 408 | 413; why: string }> {
    const isAnnounced = facts.fields.some(([name]) => name.toLowerCase() === 'content-length')
    if (facts.bodyLength === 0 && !isAnnounced) return noBody
    return prepareBody(
      facts.body,
      facts.bodyLength,
      this.#settings.body,
      facts.awaitsContinue === true && wantsBodyLate,
    )
  }

  /** A program that cannot be run has its cause told. */
  #refused(exchange: Exchange, { status, why, program }: Extract<Resolution, { kind: 'refused' }>): Answer {
    if (program === undefined) return this.#refuse(exchange, status, { cause: why })
    const answer = this.#fail(exchange, { kind: 'cannot-start', program, code: 'EACCES' }, program)
    return { ...answer, status }
  }

  #refuse(exchange: Exchange, status: number, text: RefusalText): Answer {
    return this.#failed.refuse(exchange, status, text)
  }

  #fail(exchange: Exchange, failure: GatewayFailure, script?: ByteString): Answer {
    return this.#failed.fail(exchange, bareEvidence(failure, script), new Map())
  }
}

type StepOutcome = { readonly answer: Answer } | { readonly redirectTo: ByteString; readonly from: RedirectedFrom }

const usualMethods = 'GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS'

const nothingGranted: ReadonlyMap<string, ByteString> = new Map()

const noBody: PreparedBody = {
  body: new Uint8Array(0),
  length: undefined,
  spooled: undefined,
}
