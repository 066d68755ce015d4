// An application in the place of a gateway: frontends ask it for answers. What a handler need not know of is refused here,
// what it throws is told and answered with 500, and nobody waits for one whose client has gone, or whose time is over.

import { realpathSync } from 'node:fs'
import { byteStringOfText, bytesOf, type ByteString, type Bytes } from '../bytes/byte-string.ts'
import { textOfError } from '../events/failures.ts'
import { DeadlineClock, type Clocked, type Expiry } from '../executors/deadline-clock.ts'
import type { Deadlines } from '../executors/deadlines.ts'
import type { Part } from '../executors/executor.ts'
import { partsOf, type PartHandlers } from '../executors/function-parts.ts'
import { refusalAnswer } from '../frontends/refusal-answer.ts'
import type { Origin } from '../gateway/meta-variables.ts'
import { readOrigin, type OriginOptions } from '../gateway/origin.ts'
import { BodyError } from '../gateway/request-body.ts'
import { firstValue, hopByHopFields, isToken, type Field } from '../protocol/http/fields.ts'
import type { Answering, GatewayAnswer, RequestFacts } from '../gateway/request-facts.ts'
import { isRejected, percentDecode, readRequestTarget } from '../protocol/http/request-target.ts'
import type { Background } from './background.ts'
import type { Call, Callee, HandlerAnswer } from './call.ts'
import type { AppContext, GatewayKind } from './context.ts'
import { HandlerTime, TimedBody, type Failure } from './handler-time.ts'
import { httpVariables, serverVariables } from './http-variables.ts'
import { mountOf, pathBehind } from './mount.ts'
import { PartCallee } from './part-callee.ts'
import { describeExpiry, timeoutError } from './handler-expiry.ts'

export interface ApplicationOptions {
  readonly gateway: GatewayKind
  readonly origin: OriginOptions
  readonly maxBodyBytes: number
  readonly maxTargetBytes: number
  readonly deadlines: Deadlines
  /** SCRIPT_NAME is a mount always, or never; undefined: where it shows that it is. */
  readonly frontMounts: boolean | undefined
  readonly background: Background
  /** FastCGI 6: who plays the other parts. Default nobody. */
  readonly parts?: PartHandlers<AppContext>
  /** A line for the log, where no web server takes it. */
  readonly log: (line: ByteString) => void
}

interface Place {
  readonly target: ByteString
  readonly path: ByteString
  readonly query: ByteString
  readonly mount: ByteString
  readonly origin: Origin
}

export class Application implements Answering {
  /** Those that there is a function for. */
  readonly parts: ReadonlySet<Part['role']>
  readonly #callee: Callee
  readonly #partCallee: Callee
  readonly #options: ApplicationOptions
  readonly #clock: DeadlineClock<Clocked>

  constructor(callee: Callee, options: ApplicationOptions) {
    this.#callee = callee
    this.parts = partsOf(options.parts ?? {})
    this.#partCallee = new PartCallee(options.parts ?? {})
    this.#options = options
    this.#clock = new DeadlineClock(options.deadlines)
  }

  /** Never rejects. */
  async handle(facts: RequestFacts): Promise<GatewayAnswer> {
    const place = this.#admit(facts)
    if ('status' in place) return place
    const request = new RunningRequest(facts, place, this.#options, this.#clock)
    try {
      const callee = facts.part === undefined ? this.#callee : this.#partCallee
      return request.end(await Promise.race([callee.answer(request.call), request.given]))
    } catch (error) {
      return request.end(request.failed(error))
    }
  }

  #admit(facts: RequestFacts): Place | GatewayAnswer {
    const { maxBodyBytes, maxTargetBytes, frontMounts, origin: originOptions } = this.#options
    const { method } = facts
    if (!isToken(method)) return refusalAnswer(400, 'the method is not a token')
    // TRACE would echo cookies; CONNECT is not for an origin server; a Request cannot have either, nor TRACK.
    if (/^(?:TRACE|CONNECT|TRACK)$/i.test(method)) {
      const refusal = refusalAnswer(405, `${method} is not answered here`)
      return { ...refusal, fields: [...refusal.fields, allow] }
    }
    if (facts.target.length > maxTargetBytes) return refusalAnswer(414, 'the request target is too long')
    if (facts.bodyLength !== undefined && facts.bodyLength > maxBodyBytes)
      return refusalAnswer(413, 'the body is too large')
    // RFC 9110 9.3.7: it is about the server, and nothing of the handler's.
    const isServerWide = method === 'OPTIONS' && facts.target === '*'
    const target = readRequestTarget(isServerWide ? '/' : facts.target)
    if (isRejected(target)) return refusalAnswer(400, target.rejected)
    const origin = readOrigin(facts, target, originOptions)
    if (isRejected(origin)) return refusalAnswer('status' in origin ? origin.status : 400, origin.rejected)
    if (isServerWide) return { status: 204, reason: undefined, fields: [allow], body: undefined, delivered: () => {} }
    const mount = facts.front === undefined ? facts.mount : mountOf(facts.front.received, frontMounts, isThisProgram)
    const path = pathBehind(mount, target.rawPath)
    if (path === undefined) return refusalAnswer(404, 'the path does not begin with SCRIPT_NAME')
    const { query } = target
    return {
      target: query === '' ? path : `${path}?${query}`,
      path,
      query,
      mount: mount.replace(/(?<!\/)\/+$/, ''),
      origin,
    }
  }
}

const allow = ['Allow', 'GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS'] as const

/** Nobody is there to read it. */
const unwanted: HandlerAnswer = { status: 500, reason: undefined, fields: [], body: undefined }

class RunningRequest {
  readonly call: Call
  /** Resolves to an answer of ours, when the handler's is waited for no more: the client has gone, or it is late. */
  readonly given: Promise<HandlerAnswer>
  readonly #facts: RequestFacts
  readonly #options: ApplicationOptions
  readonly #abort = new AbortController()
  readonly #time: HandlerTime
  readonly #clock: DeadlineClock<Clocked>
  #give: (answer: HandlerAnswer) => void = () => {}
  #leave: () => void = () => {}
  #body: TimedBody | undefined
  #bodyFault: number | undefined
  #isOver = false

  constructor(facts: RequestFacts, place: Place, options: ApplicationOptions, clock: DeadlineClock<Clocked>) {
    this.#facts = facts
    this.#options = options
    this.#clock = clock
    this.#time = new HandlerTime((expiry) => this.#expire(expiry, place))
    clock.add(this.#time)
    this.given = new Promise((resolve) => {
      this.#give = resolve
    })
    const onGone = (): void => {
      this.#abort.abort(new Error('the client has gone'))
      this.#give(unwanted)
    }
    this.#leave = () => {
      clock.delete(this.#time)
      facts.signal.removeEventListener('abort', onGone)
    }
    facts.signal.addEventListener('abort', onGone, { once: true })
    if (facts.signal.aborted) onGone()
    const { scheme, authority, serverName, serverPort, peer } = place.origin
    const { background, gateway } = options
    let made: ReadonlyMap<string, ByteString> | undefined
    const context: AppContext = {
      gateway,
      role: facts.part?.role ?? 'responder',
      get variables() {
        made ??=
          facts.front === undefined
            ? httpVariables(facts, place.origin, percentDecode(place.path) ?? place.path, place.query)
            : serverVariables(facts.front.received)
        return made
      },
      peer,
      user: facts.user,
      mount: place.mount,
      signal: this.#abort.signal,
      waitUntil: (promise) => background.add(promise, (error) => this.#tell(textOfError(error))),
      diagnostics: (line) => this.#tell(line),
    }
    const host = authority ?? firstValue(facts.fields, 'host') ?? ''
    const fields = facts.fields.filter(([name]) => !hopByHopFields.has(name.toLowerCase()))
    this.call = {
      method: facts.method,
      target: place.target,
      scheme,
      authority: host === '' ? `${serverName}:${serverPort}` : host,
      // RFC 9112 3.2.2: an absolute target replaces it.
      fields: authority === undefined ? fields : withField(fields, 'host', authority),
      body: this.#bounded(facts.body),
      bodyLength: facts.bodyLength,
      local: facts.local,
      context,
      part: facts.part,
    }
  }

  failed(error: unknown): HandlerAnswer {
    if (this.#facts.signal.aborted) return unwanted
    // What the handler has thrown is most likely what it got from the body.
    if (this.#bodyFault !== undefined) return refusalAnswer(this.#bodyFault, 'the body could not be read')
    this.#tell(textOfError(error))
    // Security: what went wrong is for the log alone.
    return refusalAnswer(500, 'Internal Server Error')
  }

  end(answer: HandlerAnswer): GatewayAnswer {
    const { status, reason, fields, body } = answer
    const isWhole = body === undefined || body instanceof Uint8Array
    if (isWhole) this.#clock.delete(this.#time)
    else this.#body = new TimedBody(body, this.#time, (failure) => this.#ended(failure))
    this.#time.answered()
    return {
      status,
      reason,
      fields,
      body: isWhole ? body : this.#body,
      delivered: ({ clientGone }) => {
        this.#isOver = true
        this.#leave()
        if (clientGone) this.#abort.abort(new Error('the client has gone'))
      },
    }
  }

  /** Whoever breaks off an answer has its cause told. */
  #ended(failure?: Failure): void {
    this.#clock.delete(this.#time)
    if (failure !== undefined && !this.#facts.signal.aborted) this.#tell(textOfError(failure.error))
  }

  /** Its answer is ours, or is broken off; nobody can stop the handler itself. */
  #expire(expiry: Expiry, { mount, path }: Place): void {
    this.#clock.delete(this.#time)
    this.#tell(describeExpiry(expiry, this.#facts.method, mount + path, this.#body !== undefined))
    const error = timeoutError(expiry)
    this.#give(refusalAnswer(504, 'Gateway Timeout'))
    this.#body?.breakOff(error)
    this.#abort.abort(error)
  }

  async *#bounded(source: Bytes): AsyncGenerator<Uint8Array> {
    let left = this.#options.maxBodyBytes
    this.#time.awaitsInput(true)
    try {
      for await (const chunk of source) {
        this.#time.awaitsInput(false)
        left -= chunk.length
        if (left < 0) {
          this.#bodyFault = 413
          throw new Error('the body is larger than maxBody')
        }
        yield chunk
        this.#time.awaitsInput(true)
      }
    } catch (error) {
      if (error instanceof BodyError) this.#bodyFault = error.status
      throw error
    } finally {
      this.#time.awaitsInput(false)
    }
  }

  #tell(text: string): void {
    const { front, signal } = this.#facts
    const onDiagnostic = this.#isOver || signal.aborted ? undefined : front?.onDiagnostic
    for (const line of byteStringOfText(text).replace(/\n$/, '').split('\n')) (onDiagnostic ?? this.#options.log)(line)
  }
}

function withField(fields: readonly Field[], name: string, value: ByteString): readonly Field[] {
  return [[name, value], ...fields.filter(([other]) => other.toLowerCase() !== name)]
}

/** Security: only compared, never opened. */
function isThisProgram(path: ByteString): boolean {
  const [, program] = process.argv
  if (path === '' || program === undefined) return false
  try {
    return realpathSync(bytesOf(path)) === realpathSync(program)
  } catch {
    return false
  }
}
