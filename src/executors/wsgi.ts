// The WSGI executor (PEP 3333): Python workers that have loaded an application answer, each thread one request at a time.
// Limits of time are kept here, because a thread that is stuck cannot be ended: its process is, once it has said where it
// stands.

import type { Bytes } from '../bytes/byte-string.ts'
import { bytesOf, byteStringOfText } from '../bytes/byte-string.ts'
import type { Ending } from '../events/events.ts'
import { FailureError, failureOf, type GatewayFailure } from '../events/failures.ts'
import { encodeRequest, type AnswerEnd } from '../protocol/application/frames.ts'
import { ByteQueue } from '../transport/byte-queue.ts'
import type { ApplicationLease, ApplicationPool } from '../transport/applications/pool.ts'
import type { AnswerListener } from '../transport/applications/worker-connection.ts'
import { DeadlineClock, expiryOf, type Expiry } from './deadline-clock.ts'
import type { Deadlines } from './deadlines.ts'
import { ProtocolError } from '../protocol/errors.ts'
import type { Answered, Cancellation, Executor, GatewayRequest, Running, Started } from './executor.ts'

export interface WsgiExecutorOptions {
  /** Opens the pool; called at once, and after it has failed with the next request. */
  readonly open: () => Promise<ApplicationPool>
  readonly deadlines: Deadlines
  /** After the pool. */
  readonly dispose: () => Promise<void>
}

/** Output that nobody has taken; past it the connection is paused. */
const heldBytes = 256 * 1024

export class WsgiExecutor implements Executor {
  readonly #options: WsgiExecutorOptions
  #opening: Promise<ApplicationPool> | undefined
  readonly #clock: DeadlineClock<ApplicationExchange>
  #pool: ApplicationPool | undefined
  #isDisposed = false

  constructor(options: WsgiExecutorOptions) {
    this.#options = options
    this.#opened().catch(() => {}) // Each request hears of it.
    this.#clock = new DeadlineClock(options.deadlines)
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    if (this.#isDisposed) return { kind: 'failed', failure: { kind: 'shutting-down' } }
    let pool: ApplicationPool
    let lease: ApplicationLease
    try {
      pool = this.#pool ?? (await this.#opened())
      lease = await pool.lease(signal)
    } catch (error) {
      return { kind: 'failed', failure: failureOf(error) }
    }
    // Nobody may want it any more, now that a thread is free.
    if (signal.aborted) {
      pool.release(lease)
      return { kind: 'failed', failure: { kind: 'client-gone' } }
    }
    return new Promise((resolve) => {
      const exchange = new ApplicationExchange(pool, lease, request, resolve, (over) => {
        this.#clock.delete(over)
        signal.removeEventListener('abort', onAbort)
      })
      const onAbort = (): void => exchange.clientLeft()
      this.#clock.add(exchange)
      signal.addEventListener('abort', onAbort, { once: true })
      exchange.begin()
    })
  }

  /** New workers first; no request is lost. */
  async restart(): Promise<void> {
    const pool = await this.#opened()
    await pool.restart()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    for (const exchange of this.#clock.running) exchange.leave()
    const pool = await this.#opening?.catch(() => undefined)
    await pool?.[Symbol.asyncDispose]()
    await this.#options.dispose()
  }

  #opened(): Promise<ApplicationPool> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  async #open(): Promise<ApplicationPool> {
    try {
      this.#pool = await this.#options.open()
      return this.#pool
    } catch (error) {
      this.#opening = undefined
      throw error
    }
  }
}

const done: Ending = { exitCode: 0, signal: null, cpuMs: undefined, maxRssBytes: undefined }
const raised: Ending = { ...done, exitCode: 1 }
/** As a program that was told to end. */
const left: Ending = { ...done, exitCode: null, signal: 'SIGTERM' }

class ApplicationExchange implements AnswerListener {
  readonly #pool: ApplicationPool
  readonly #lease: ApplicationLease
  readonly #request: GatewayRequest
  readonly #onOver: (exchange: ApplicationExchange) => void
  readonly #resolveStarted: (started: Started) => void
  /** Until it is known whether the answer is whole at once. */
  #pieces: Uint8Array[] | undefined = []
  readonly #early: Uint8Array[] = []
  #open: OpenAnswer | undefined
  readonly #startedAt = performance.now()
  /** When something last happened that was the application's doing, or was done for it. */
  #movedAt = this.#startedAt
  #sent = 0
  #isHeld = false
  #isWaitingForBody = false
  /** Whole, and given away; the application may still be at work. */
  #isAnswered = false
  /** What happens then, and who takes it. */
  #late: Running | undefined
  #takeLate: ((running: Running) => void) | undefined
  #isOver = false
  #isLate = false

  constructor(
    pool: ApplicationPool,
    lease: ApplicationLease,
    request: GatewayRequest,
    resolveStarted: (started: Started) => void,
    onOver: (exchange: ApplicationExchange) => void,
  ) {
    this.#pool = pool
    this.#lease = lease
    this.#request = request
    this.#resolveStarted = resolveStarted
    this.#onOver = onOver
  }

  begin(): void {
    const { variables, body } = this.#request
    const isWhole = body instanceof Uint8Array
    const kind = isWhole ? (body.length === 0 ? 'none' : 'whole') : 'streamed'
    this.#lease.connection.begin(encodeRequest(variables, kind), isWhole ? body : 'streamed', this)
    // Its sender may fail, and whoever looks after that waits for a run.
    if (!isWhole) this.#openAnswer()
  }

  /** Nobody wants the answer any more, unless he has it. */
  clientLeft(): void {
    if (!this.#isAnswered) this.leave()
  }

  /** Nobody wants to hear of it any more. */
  leave(): void {
    if (this.#isOver) return
    if (this.#isAnswered) return this.#finish(left, undefined)
    this.#finish(left, { kind: 'body-cut-short', sent: this.#sent, announced: undefined, signal: null })
    this.#pool.forsake(this.#lease)
  }

  look(now: number, deadlines: Deadlines): void {
    if (this.#isOver || this.#isLate) return
    // A slow client is not the application's fault.
    const movedAt = this.#isHeld || this.#isWaitingForBody ? undefined : this.#movedAt
    const expiry = expiryOf({ startedAt: this.#startedAt, movedAt, hasBegun: this.#sent > 0 }, now, deadlines)
    if (expiry !== undefined) void this.#expire(expiry)
  }

  wantsBody(): void {
    const end = (how: 'whole' | 'broken'): void => {
      // Security: the end of this body is none of a request that the thread has begun since (CWE-444).
      if (!this.#isOver) this.#lease.connection.endBody(how)
    }
    this.#sendBody().then(
      () => end('whole'),
      () => end('broken'), // Its sender failed, and whoever owns it was told.
    )
  }

  output(bytes: Uint8Array): void {
    if (this.#isOver) return
    if (this.#isAnswered) throw new ProtocolError('application', 'output after all of it')
    this.#movedAt = performance.now()
    this.#sent += bytes.length
    if (this.#pieces !== undefined) return void this.#pieces.push(bytes)
    const { output } = this.#openAnswer()
    output.push(bytes)
    if (output.bytes <= heldBytes || this.#isHeld) return
    this.#isHeld = true
    this.#lease.connection.hold()
  }

  /** Where some of it is under way already, it ends with the application. */
  allSent(): void {
    if (this.#isOver || this.#pieces === undefined) return
    this.#movedAt = performance.now()
    this.#isAnswered = true
    this.#give(this.#pieces, (take) => {
      this.#takeLate = take
      if (this.#late !== undefined) take(this.#late)
    })
  }

  diagnostics(bytes: Uint8Array): void {
    if (this.#isOver) return
    if (this.#pieces === undefined) this.#openAnswer().diagnostics.push(bytes)
    else this.#early.push(bytes)
  }

  /** What comes later comes to an answer under way. */
  pause(): void {
    if (!this.#isAnswered && (this.#sent > 0 || this.#early.length > 0)) this.#openAnswer()
  }

  end(how: AnswerEnd, exception: string | undefined): void {
    this.#pool.release(this.#lease)
    if (how === 'whole' && this.#pieces !== undefined) {
      this.#give(this.#pieces, undefined)
      this.#over()
    } else if (how === 'whole') this.#finish(done, undefined)
    else if (how === 'raised' || this.#isAnswered) this.#finish(raised, { kind: 'application-raised', exception })
    else this.#finish(raised, { kind: 'body-cut-short', sent: this.#sent, announced: undefined, signal: null })
  }

  gone(fault: string | undefined): void {
    // Where it is late or forsaken, that is told elsewhere.
    if (this.#isOver || this.#isLate) return
    if (fault === undefined) return void this.#died()
    this.#finish(left, { kind: 'upstream-fault', address: 'a worker', protocol: 'application', fault })
  }

  /** Its process has ended: os._exit, a signal, no memory left. */
  async #died(): Promise<void> {
    const ending = await this.#pool.endOf(this.#lease)
    const { exitCode = null, signal = null } = ending ?? {}
    if (this.#sent === 0 || this.#isAnswered) {
      this.#finish(ending ?? left, { kind: 'worker-ended', exitCode, signal })
    } else {
      this.#finish(ending ?? left, { kind: 'body-cut-short', sent: this.#sent, announced: undefined, signal })
    }
  }

  async #expire({ phase, afterMs }: Expiry): Promise<void> {
    this.#isLate = true
    const stack = await this.#pool.endStuck(this.#lease)
    if (this.#isOver) return
    const lines = stack.map((frame) => `  ${frame}\n`).join('')
    this.#openAnswer()
    if (lines !== '') this.diagnostics(bytesOf(byteStringOfText(`It stood here, the innermost call first:\n${lines}`)))
    this.#finish(left, { kind: 'timed-out', phase, afterMs })
  }

  async #sendBody(): Promise<void> {
    const { connection } = this.#lease
    const { body } = this.#request
    if (body instanceof Uint8Array) throw new TypeError('a whole body is sent with its request')
    for await (const part of withPauses(body, (isPause) => this.#waitsForBody(isPause))) {
      if (this.#isOver) return
      await connection.sendPart(part)
      if (this.#isOver) return
    }
  }

  #waitsForBody(isPause: boolean): void {
    this.#isWaitingForBody = isPause
    this.#movedAt = performance.now()
  }

  #taken(): void {
    if (!this.#isHeld || this.#openAnswer().output.bytes > heldBytes) return
    this.#isHeld = false
    this.#movedAt = performance.now()
    if (!this.#isOver) this.#lease.connection.release()
  }

  /** A whole answer. */
  #give(pieces: readonly Uint8Array[], onLate: Answered['onLate']): void {
    const [only] = pieces
    const output = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
    this.#pieces = undefined
    this.#resolveStarted({ kind: 'answered', answered: { output, diagnostics: this.#early.splice(0), onLate } })
  }

  #over(): void {
    this.#isOver = true
    this.#onOver(this)
  }

  /** From now on whoever has asked takes what comes. */
  #openAnswer(): OpenAnswer {
    if (this.#open !== undefined) return this.#open
    const open = new OpenAnswer()
    this.#open = open
    open.output.onTaken = () => this.#taken()
    open.output.onLeft = () => this.leave()
    for (const piece of this.#pieces ?? []) open.output.push(piece)
    for (const piece of this.#early) open.diagnostics.push(piece)
    this.#pieces = undefined
    const { output, diagnostics, ending } = open
    const end = (): void => this.leave()
    const running = { pid: undefined, isWarm: true, output, diagnostics, leaving: ending, ending, end }
    if (this.#isAnswered) {
      this.#late = running
      this.#takeLate?.(running)
    } else this.#resolveStarted({ kind: 'running', running })
    return open
  }

  #finish(ending: Ending, failure: GatewayFailure | undefined): void {
    if (this.#isOver) return
    // Whoever has the answer hears of what is worth a line, and of nothing else.
    if (!this.#isAnswered || this.#open !== undefined || failure !== undefined) this.#openAnswer().end(ending, failure)
    this.#over()
  }
}

/** An answer of which more is to come. */
class OpenAnswer {
  readonly output = new ByteQueue()
  readonly diagnostics = new ByteQueue()
  readonly ending: Promise<Ending>
  #resolveEnding: (ending: Ending) => void = () => {}

  constructor() {
    this.ending = new Promise((resolve) => {
      this.#resolveEnding = resolve
    })
  }

  end(ending: Ending, failure: GatewayFailure | undefined): void {
    this.output.end(failure === undefined ? undefined : new FailureError(failure))
    this.diagnostics.end()
    this.#resolveEnding(ending)
  }
}

/** The parts of a body, and whether we wait for one. */
async function* withPauses(body: Bytes, onPause: (isPause: boolean) => void): AsyncGenerator<Uint8Array> {
  onPause(true)
  try {
    for await (const part of body) {
      onPause(false)
      yield part
      onPause(true)
    }
  } finally {
    onPause(false)
  }
}
