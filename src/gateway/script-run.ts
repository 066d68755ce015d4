// One run of one script, from its start to a head that may be passed on, or to a failure with all that is known of it.

import { byteStringOf, type ByteString } from '../bytes/byte-string.ts'
import { FailureError, failureOf, type GatewayFailure } from '../events/failures.ts'
import type { Ending, Observer } from '../events/events.ts'
import { runningOf } from '../executors/answered.ts'
import type { Executor, GatewayRequest, Running } from '../executors/executor.ts'
import { HeadError, ResponseHeadDecoder } from '../protocol/cgi/response-head.ts'
import { readNphHead, readResponseHead, type ResponseHead } from '../protocol/cgi/response-kind.ts'
import { ChunkedDecoder } from '../protocol/http/chunked-decoder.ts'
import { ProtocolError } from '../protocol/errors.ts'
import type { BodyError } from './request-body.ts'
import { Diagnostics } from './diagnostics.ts'
import type { Exchange } from './exchange.ts'

export interface ScriptIdentity {
  readonly id: string
  readonly script: ByteString
  readonly form: HeadForm
}

/** RFC 3875 6; RFC 3875 5, an HTTP answer; or what comes. */
export type HeadForm = 'cgi' | 'nph' | 'either'

export type HeadResult =
  | { readonly kind: 'head'; readonly head: ResponseHead }
  | {
      readonly kind: 'failed'
      readonly failure: GatewayFailure
      readonly stderrTail: string
      readonly outputStart: ByteString
    }

/** After its output's end a script is nearly always gone; one that is not may go on alone. */
const endingWaitMs = 50
/** How long a failure waits for the last words on standard error. */
const lastWordsMs = 200

export type StartedRun =
  | { readonly kind: 'running'; readonly run: ScriptRun }
  | { readonly kind: 'failed'; readonly failure: GatewayFailure }

export interface WholeAnswers<Whole> {
  /** Undefined from it: the answer is to be looked at as any other. */
  readonly readWhole?: ((output: Uint8Array) => Whole | undefined) | undefined
  /** Takes what an answer that was whole has to say afterwards, or fails with. */
  readonly onLate?: (run: ScriptRun) => void
}

/** Starts a script for an exchange, whose observers hear of it. An answer that is whole at once goes to `readWhole` first. */
export async function startRun<Whole = never>(
  { facts, observe }: Exchange,
  executor: Executor,
  request: GatewayRequest,
  identity: ScriptIdentity,
  { readWhole, onLate }: WholeAnswers<Whole> = {},
): Promise<StartedRun | { readonly kind: 'whole'; readonly whole: Whole }> {
  const startedAt = performance.now()
  const started = await executor.run(request, facts.signal)
  if (started.kind === 'failed') return started
  if (started.kind === 'answered' && onLate !== undefined) {
    started.answered.onLate?.((late) => onLate(new ScriptRun(late, identity, observe, facts.front?.onDiagnostic)))
  }
  if (started.kind === 'answered' && started.answered.diagnostics.length === 0) {
    const whole = readWhole?.(started.answered.output)
    if (whole !== undefined) return { kind: 'whole', whole }
  }
  const running = started.kind === 'answered' ? runningOf(started.answered) : started.running
  const { pid, isWarm } = running
  if (pid !== undefined) {
    const { id, script } = identity
    observe({ type: 'program-started', id, script, pid, startMs: performance.now() - startedAt, isWarm })
  }
  return { kind: 'running', run: new ScriptRun(running, identity, observe, facts.front?.onDiagnostic) }
}

export class ScriptRun {
  readonly #running: Running
  readonly #identity: ScriptIdentity
  readonly #diagnostics: Diagnostics
  readonly #output: AsyncIterator<Uint8Array>
  #outputStart: ByteString = ''
  #rest: Uint8Array = new Uint8Array(0)
  #chunked: ChunkedDecoder | undefined
  #isDismissed = false
  #fault: BodyError | undefined
  #hasLeft = false
  #ending: Ending | undefined

  /** `onDiagnostic` hears what the log hears of standard error. */
  constructor(
    running: Running,
    identity: ScriptIdentity,
    observe: Observer,
    onDiagnostic: ((line: ByteString) => void) | undefined,
  ) {
    const { id, script } = identity
    this.#running = running
    this.#identity = identity
    this.#output = running.output[Symbol.asyncIterator]()
    this.#diagnostics = new Diagnostics(running.diagnostics, (line) => {
      observe({ type: 'diagnostic-line', id, script, line })
      onDiagnostic?.(line)
    })
    void running.leaving.then(() => {
      this.#hasLeft = true
    })
    void running.ending.then((ending) => {
      this.#ending = ending
      observe({ type: 'program-ended', id, script, ending })
    })
  }

  /** It writes no more. */
  get hasLeft(): boolean {
    return this.#hasLeft
  }

  /** The end of what it has written to standard error. */
  get stderrTail(): string {
    return this.#diagnostics.tail
  }

  async readHead(maxBytes: number): Promise<HeadResult> {
    try {
      let head = await this.#readOneHead(maxBytes)
      // RFC 9110 15.2: interim answers of an NPH script come before the final one.
      while (typeof head === 'object' && 'status' in head && head.status < 200) head = await this.#readOneHead(maxBytes)
      if ('kind' in head && 'status' in head) return { kind: 'head', head }
      return await this.#failed(head)
    } catch (error) {
      if (error instanceof HeadError) {
        const { fault, line } = error
        return this.#failed({ kind: 'bad-head', fault, line, exitCode: null, signal: null })
      }
      return this.#failed(failureOf(error))
    }
  }

  /** The body, as the script gives it. Throws FailureError where it was killed, or its chunks end, in the middle. */
  async *body(): AsyncGenerator<Uint8Array> {
    let sent = 0
    try {
      for (let chunk: Uint8Array | undefined = this.#rest; chunk !== undefined; chunk = await this.#next()) {
        for (const part of this.#decode(chunk, sent)) {
          sent += part.length
          yield part
        }
      }
      // RFC 9112 8: without its last chunk a body is not whole.
      if (this.#chunked?.done === false) throw cutShort(sent, await this.killedBy())
    } catch (error) {
      if (!this.#isDismissed) throw error
    } finally {
      await this.#output.return?.()
    }
  }

  /** The signal that killed the script, if one did, as far as that is known soon after its output's end. */
  async killedBy(): Promise<string | undefined> {
    if (this.#isDismissed) return undefined
    // Whoever leaves of itself is not killed.
    if (!this.#hasLeft) await within(endingWaitMs, this.#running.leaving)
    return knownSignal(this.#ending) ?? undefined
  }

  #decode(chunk: Uint8Array, sent: number): readonly Uint8Array[] {
    if (this.#chunked === undefined) return chunk.length === 0 ? [] : [chunk]
    try {
      return this.#chunked.push(chunk)
    } catch (error) {
      throw error instanceof ProtocolError ? cutShort(sent) : error
    }
  }

  /** Undefined: it goes on. */
  async endedWithin(ms: number): Promise<Ending | undefined> {
    return this.#ending ?? within(ms, this.#running.ending)
  }

  /** Nobody wants more of it: it is ended, and that is no failure. */
  dismiss(): void {
    this.#isDismissed = true
    this.end()
  }

  /** Whatever it is doing. `fault`: because of its request's body. */
  end(fault?: BodyError): void {
    this.#fault ??= fault
    this.#running.end()
  }

  /** Of its request's body, for which it was ended. */
  get fault(): BodyError | undefined {
    return this.#fault
  }

  async #readOneHead(maxBytes: number): Promise<ResponseHead | GatewayFailure> {
    const decoder = new ResponseHeadDecoder(maxBytes)
    for (let chunk: Uint8Array | undefined = this.#rest; chunk !== undefined; chunk = await this.#next()) {
      if (this.#outputStart.length < 1024) this.#outputStart += byteStringOf(chunk.subarray(0, 1024))
      const raw = decoder.push(chunk)
      if (raw === undefined) continue
      this.#rest = raw.rest
      const { form } = this.#identity
      const isHttp = form === 'nph' || (form === 'either' && raw.statusLine !== undefined)
      const head = isHttp ? readNphHead(raw) : readResponseHead(raw)
      if (head.chunked) this.#chunked = new ChunkedDecoder()
      return head
    }
    const ending = await this.endedWithin(endingWaitMs)
    const [exitCode, signal] = [ending?.exitCode ?? null, knownSignal(ending)]
    if (!decoder.started) return { kind: 'no-response', exitCode, signal }
    const { fault, line } = decoder.endFault()
    return { kind: 'bad-head', fault, line, exitCode, signal }
  }

  async #next(): Promise<Uint8Array | undefined> {
    const result = await this.#output.next()
    return result.done === true ? undefined : result.value
  }

  async #failed(failure: GatewayFailure): Promise<HeadResult> {
    if (failure.kind !== 'timed-out') await within(lastWordsMs, this.#diagnostics.ended)
    // Not awaited: a script that stands still is ended by the caller, and then this resolves.
    void this.#output.return?.()
    return {
      kind: 'failed',
      failure,
      stderrTail: this.#diagnostics.tail,
      outputStart: this.#outputStart.slice(0, 1024),
    }
  }
}

/** Where nobody could wait for a program, how it ended is not known, and nothing is made of it. */
function knownSignal(ending: Ending | undefined): string | null {
  return ending === undefined || ending.signal === 'unknown' ? null : ending.signal
}

function cutShort(sent: number, signal: string | null = null): FailureError {
  return new FailureError({ kind: 'body-cut-short', sent, announced: undefined, signal })
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<undefined>((resolve) => {
    // What came while the event loop stood still is heard before that, and is not late.
    timer = setTimeout(() => setImmediate(() => resolve(undefined)), ms)
  })
  const result = await Promise.race([promise, limit])
  clearTimeout(timer)
  return result
}
