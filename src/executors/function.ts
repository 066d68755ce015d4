// The function executor: a handler in this process answers, fetch style. It has no process of its own: what it does
// besides waiting holds up everybody, and its end is a request for it, by its signal.

import { bytesOf, byteStringOfText, type ByteString, type Bytes } from '../bytes/byte-string.ts'
import { FailureError, textOfError } from '../events/failures.ts'
import type { Ending } from '../events/events.ts'
import { hopByHopFields, type Field } from '../protocol/http/fields.ts'
import { StreamChunks } from '../transport/web-streams.ts'
import type { Cancellation, Executor, GatewayRequest, Running, Started } from './executor.ts'
import { checkHead, isResponse, playPart, type PartHandlers, type ResponderContext } from './function-parts.ts'
import { functionRequest, type Unspeakable } from './function-request.ts'
import { hearingLeave } from './left-early.ts'

export interface FunctionContext {
  /** RFC 3875 4.1: SCRIPT_NAME, PATH_INFO, REMOTE_ADDR, REMOTE_USER and the others; one character is one byte. */
  readonly variables: ReadonlyMap<string, ByteString>
  /** A line of the log, as standard error is for a program. */
  readonly diagnostics: (line: string) => void
  /** Aborted when nobody wants the answer any more: the client has gone, or a limit of time was passed. */
  readonly signal: AbortSignal
}

export type FunctionHandler = (
  request: Request,
  context: FunctionContext & ResponderContext,
) => Response | Promise<Response>

/** Functions that play FastCGI's other parts. */
export type FunctionParts = PartHandlers<FunctionContext>

export class FunctionExecutor implements Executor {
  readonly #handler: FunctionHandler
  readonly #parts: FunctionParts
  readonly #running = new Set<FunctionRun>()
  #isDisposed = false

  constructor(handler: FunctionHandler, parts: FunctionParts = {}) {
    this.#handler = handler
    this.#parts = parts
  }

  run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    if (this.#isDisposed) return Promise.resolve({ kind: 'failed', failure: { kind: 'shutting-down' } })
    if (signal.aborted) return Promise.resolve({ kind: 'failed', failure: { kind: 'client-gone' } })
    const run = new FunctionRun(this.#handler, this.#parts, request)
    this.#running.add(run)
    const onAbort = (): void => run.end()
    signal.addEventListener('abort', onAbort, { once: true })
    void run.ending.then(() => {
      this.#running.delete(run)
      signal.removeEventListener('abort', onAbort)
    })
    return Promise.resolve({ kind: 'running', running: run.running() })
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    for (const run of this.#running) run.end()
    return Promise.resolve()
  }
}

class FunctionRun {
  readonly ending: Promise<Ending>
  readonly #gone = new AbortController()
  readonly #diagnostics = new DiagnosticLines()
  readonly #answer: Promise<Response | Unspeakable | undefined>
  #leaveRequest: () => void = () => {}
  #fields: Iterable<Field> = []
  #body: StreamChunks | undefined
  #settle: (ending: Ending) => void = () => {}
  #isOver = false

  constructor(handler: FunctionHandler, parts: FunctionParts, request: GatewayRequest) {
    this.ending = new Promise((resolve) => {
      this.#settle = resolve
    })
    // A handler that never answers cannot be stopped, but neither can it hold the request beyond its end.
    this.#answer = Promise.race([this.#call(handler, parts, request), this.ending.then(() => undefined)])
  }

  running(): Running {
    const { ending } = this
    return {
      pid: undefined,
      isWarm: false,
      output: hearingLeave(this.#output(), () => this.end()),
      diagnostics: this.#diagnostics,
      leaving: ending,
      ending,
      end: () => this.end(),
    }
  }

  end(): void {
    if (this.#isOver) return
    // As a program that was told to end, which the gateway knows not to take for one that was ready.
    this.#finish({ exitCode: null, signal: 'SIGTERM' })
    this.#gone.abort(new Error('the request was ended'))
  }

  async #call(
    handler: FunctionHandler,
    parts: FunctionParts,
    request: GatewayRequest,
  ): Promise<Response | Unspeakable | undefined> {
    try {
      const made = functionRequest(request, this.#gone.signal)
      if ('status' in made) return made
      const played = playPart(request.part, handler, parts)
      this.#leaveRequest = () => {
        made.leave()
        played.leave()
      }
      const diagnostics = (line: string): void => this.#diagnostics.write(line)
      const answer: unknown = await played.call(made.request, {
        variables: request.variables,
        diagnostics,
        signal: this.#gone.signal,
      })
      if (!isResponse(answer)) throw new TypeError('the function answered with something that is no Response')
      const { fields, body } = played.say(answer)
      checkHead(answer, fields)
      this.#fields = fields
      if (body !== null) this.#body = new StreamChunks(body)
      if (this.#isOver) void this.#body?.return()
      return answer
    } catch (error) {
      this.#threw(error)
      return undefined
    }
  }

  async *#output(): AsyncGenerator<Uint8Array> {
    let sent = 0
    try {
      const answer = await this.#answer
      if (answer === undefined || this.#isOver) return
      if ('why' in answer) {
        yield bytesOf(
          `Status: ${answer.status}\nContent-Type: text/plain\n\nThis request cannot be answered: ${answer.why}.\n`,
        )
      } else {
        yield encodeHead(answer, this.#fields)
        for await (const chunk of this.#body ?? []) {
          sent += chunk.length
          yield chunk
        }
      }
      this.#finish({ exitCode: 0, signal: null })
    } catch (error) {
      if (this.#isOver) return
      this.#threw(error)
      throw new FailureError({ kind: 'body-cut-short', sent, announced: undefined, signal: null })
    } finally {
      // Whoever leaves its output does not want the rest.
      this.end()
    }
  }

  #threw(error: unknown): void {
    if (this.#isOver) return
    this.#diagnostics.write(textOfError(error))
    this.#finish({ exitCode: 1, signal: null })
  }

  #finish(how: Pick<Ending, 'exitCode' | 'signal'>): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#diagnostics.end()
    this.#leaveRequest()
    void this.#body?.return()
    this.#settle({ ...how, cpuMs: undefined, maxRssBytes: undefined })
  }
}

/** RFC 3875 6.3. The fields of a connection are not the function's (RFC 9110 7.6.1), and Status is no field of HTTP. */
function encodeHead({ status, statusText }: Response, fields: Iterable<Field>): Uint8Array {
  let head = `Status: ${status}${statusText === '' ? '' : ` ${statusText}`}\n`
  // Set-Cookie comes once for each cookie (the fetch standard).
  for (const [name, value] of fields) {
    if (name !== 'status' && !hopByHopFields.has(name)) head += `${name}: ${value}\n`
  }
  return bytesOf(`${head}\n`)
}

/** What a handler says for the log. Once it is over, nobody listens. */
class DiagnosticLines implements Bytes {
  readonly #lines: Uint8Array[] = []
  #isOver = false
  #wake: () => void = () => {}

  write(line: string): void {
    if (this.#isOver) return
    this.#lines.push(bytesOf(byteStringOfText(line.endsWith('\n') ? line : `${line}\n`)))
    this.#wake()
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      yield* this.#lines.splice(0)
      if (this.#isOver && this.#lines.length === 0) return
      if (this.#lines.length > 0) continue
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
