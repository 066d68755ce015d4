// The answer of a script: policies before it, the run, policies after it, local redirects (RFC 3875 6.2.2).

import type { ByteString } from '../bytes/byte-string.ts'
import { FailureError, failureOf, type GatewayFailure } from '../events/failures.ts'
import type { Program } from '../executors/executor.ts'
import { baseName, folderName } from '../files/file-path.ts'
import { searchWords } from '../protocol/cgi/search-words.ts'
import type { ResponseHead } from '../protocol/cgi/response-kind.ts'
import type { Field } from '../protocol/http/fields.ts'
import type { ScriptResolution } from './destination.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import type { Answer, ErrorAnswers } from './error-answer.ts'
import type { Exchange } from './exchange.ts'
import { gatherBody } from './gather-body.ts'
import { metaVariables, variablesBytes, type Origin, type RedirectedFrom } from './meta-variables.ts'
import { StreamedBody, type PreparedBody } from './request-body.ts'
import type { AdmittedFields } from './request-policy.ts'
import { admitResponseFields, boundBody, mayHaveBody } from './response-policy.ts'
import { ScriptRun, type HeadForm } from './script-run.ts'

export interface ScriptLimits {
  readonly maxResponseHeadBytes: number
  readonly maxVariablesBytes: number
  /** What Retry-After says with 503. */
  readonly retryAfterSeconds: number
}

export interface ScriptRequest {
  readonly admitted: AdmittedFields
  readonly resolution: ScriptResolution
  readonly origin: Origin
  readonly method: string
  readonly query: ByteString
  readonly body: PreparedBody
  readonly redirectedFrom: RedirectedFrom | undefined
}

/** An answer, or the target of a local redirect for the gateway to follow. */
export type ScriptOutcome = { readonly answer: Answer } | { readonly redirectTo: ByteString }

export class ScriptAnswers {
  readonly #limits: ScriptLimits
  readonly #errors: ErrorAnswers

  constructor(limits: ScriptLimits, errors: ErrorAnswers) {
    this.#limits = limits
    this.#errors = errors
  }

  async answer(exchange: Exchange, request: ScriptRequest): Promise<ScriptOutcome> {
    const { id, facts, observe } = exchange
    const { resolution, body } = request
    const script = resolution.path
    const { admitted, origin, method, query, redirectedFrom } = request
    for (const { name, why } of admitted.dropped) observe({ type: 'field-dropped', id, name, why })
    const variables = metaVariables({
      id,
      facts,
      origin,
      resolution,
      method,
      query,
      redirectedFrom,
      fieldVariables: admitted.variables,
      bodyLength: body.length,
    })
    if (variablesBytes(variables) > this.#limits.maxVariablesBytes) {
      return this.#refuse(exchange, 431, `the meta-variables take more than ${this.#limits.maxVariablesBytes} bytes`)
    }

    const startedAt = performance.now()
    const started = await resolution.executor.run(
      {
        variables,
        body: body.body,
        bodyLength: body.length ?? 0,
        program: programOf(resolution, method, query),
      },
      facts.signal,
    )
    const isInterpreted = resolution.isInterpreted === true
    const fail = (failure: GatewayFailure, heard = '', outputStart = ''): ScriptOutcome => {
      if (started.kind === 'running') started.running.end()
      // A program that ends at its start may have said why before it was given this request.
      const stderrTail = heard === '' && failure.kind === 'cannot-start' ? (failure.lastWords ?? '') : heard
      return { answer: this.failure(exchange, { failure, script, isInterpreted, stderrTail, outputStart }, variables) }
    }
    if (started.kind === 'failed') return fail(started.failure)
    const { pid, isWarm } = started.running
    if (pid !== undefined) {
      observe({ type: 'program-started', id, script, pid, startMs: performance.now() - startedAt, isWarm })
    }

    const scriptRun = new ScriptRun(
      started.running,
      { id, script, form: headForm(resolution) },
      observe,
      facts.front?.onDiagnostic,
    )
    const streamed = body.body instanceof StreamedBody ? body.body : undefined
    if (streamed !== undefined) streamed.onFault = () => scriptRun.end()
    if (streamed?.fault !== undefined) scriptRun.end()
    const result = await scriptRun.readHead(this.#limits.maxResponseHeadBytes)
    if (result.kind === 'failed' && streamed?.fault !== undefined && !facts.signal.aborted) {
      scriptRun.end()
      return this.#refuse(exchange, streamed.fault.status, streamed.fault.message)
    }
    if (result.kind === 'failed') {
      return fail(
        facts.signal.aborted ? { kind: 'client-gone' } : result.failure,
        result.stderrTail,
        result.outputStart,
      )
    }
    const { head } = result
    if (head.kind === 'local-redirect' && head.location !== undefined) {
      await drain(scriptRun.body(), scriptRun)
      return { redirectTo: head.location }
    }
    const typed = await withContentType(head, scriptRun.body(), resolution, method)
    if ('untyped' in typed) {
      return fail({ kind: 'bad-head', fault: 'no-content-type', line: typed.untyped, exitCode: null, signal: null })
    }
    return { answer: await this.#document(exchange, request, head, typed, scriptRun) }
  }

  /** A failure as the log, the page and Proxy-Status tell it. */
  failure(
    { id, observe }: Exchange,
    evidence: Parameters<typeof diagnose>[0],
    variables: ReadonlyMap<string, ByteString>,
  ): Answer {
    const diagnosis = diagnose(evidence)
    const { failure, script } = evidence
    if (failure.kind !== 'client-gone') observe({ type: 'script-failed', id, script, failure, diagnosis })
    return this.#errors.failure(id, { ...evidence, diagnosis, variables }, this.#limits.retryAfterSeconds)
  }

  #refuse({ id, observe }: Exchange, status: number, why: string): ScriptOutcome {
    observe({ type: 'request-refused', id, status, why })
    return { answer: this.#errors.refusal(id, status, { cause: why }) }
  }

  async #document(
    exchange: Exchange,
    { resolution, method }: ScriptRequest,
    head: ResponseHead,
    { body, fields }: TypedBody,
    run: ScriptRun,
  ): Promise<Answer> {
    const { id, observe } = exchange
    const script = resolution.path
    const isInterpreted = resolution.isInterpreted === true
    const report = (failure: GatewayFailure): void => {
      const diagnosis = diagnose({ failure, script, isInterpreted, stderrTail: '', outputStart: '' })
      if (failure.kind !== 'client-gone') observe({ type: 'script-failed', id, script, failure, diagnosis })
    }
    const watched = watchBody(exchange, body, head.announcedLength, run, report)
    const { status, reason, announcedLength: bodyLength } = head
    if (!mayHaveBody(method, status)) {
      // The script may say what it likes; nobody is to hear it.
      drain(watched, run).catch(() => {}) // Already reported.
      return { status, reason, fields, body: undefined, bodyLength, script }
    }
    const gathered = await gatherBody(watched, run.hasLeft)
    const length = gathered instanceof Uint8Array ? gathered.length : bodyLength
    return { status, reason, fields, body: gathered, bodyLength: length, script }
  }
}

function programOf(
  { scriptFilename, policy }: ScriptResolution,
  method: string,
  query: ByteString,
): Program | undefined {
  if (scriptFilename === undefined) return undefined
  return {
    path: scriptFilename,
    folder: folderName(scriptFilename),
    words: policy.searchWords && /^(GET|HEAD)$/.test(method) ? searchWords(query) : [],
  }
}

function headForm({ path, answers }: ScriptResolution): HeadForm {
  if (answers !== 'nph-by-name') return answers
  return baseName(path).startsWith('nph-') ? 'nph' : 'cgi'
}

interface TypedBody {
  readonly body: AsyncIterable<Uint8Array>
  readonly fields: readonly Field[]
}

/** RFC 3875 6.3.1: a body has a Content-Type. Whether there is a body is known by its first byte. */
async function withContentType(
  head: ResponseHead,
  body: AsyncGenerator<Uint8Array>,
  { policy }: ScriptResolution,
  method: string,
): Promise<TypedBody | { readonly untyped: ByteString }> {
  const fields = admitResponseFields(head.fields)
  const isTyped = fields.some(([name]) => name.toLowerCase() === 'content-type')
  if (isTyped || !mayHaveBody(method, head.status)) return { body, fields }
  let first: IteratorResult<Uint8Array, unknown>
  try {
    first = await body.next()
  } catch (error) {
    return { body: failing(error), fields }
  }
  if (first.done === true) return { body, fields }
  const isRedirect = head.status >= 300 && head.status < 400
  if (policy.untyped === 'refuse' && !isRedirect) {
    await body.return(undefined)
    return { untyped: head.fields.map((field) => field.join(': ')).join('\n') }
  }
  // Security: CVE-2020-24553: never guessed to be HTML.
  const plain: Field[] = [
    ['Content-Type', 'text/plain'],
    ['X-Content-Type-Options', 'nosniff'],
  ]
  return { body: startingWith(first.value, body), fields: [...fields, ...plain] }
}

async function* startingWith(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}

// eslint-disable-next-line eslint/require-yield -- an iteration that fails at once
async function* failing(error: unknown): AsyncGenerator<Uint8Array> {
  throw error
}

/** The body on its way out: of the announced length, and broken off where the script was killed. */
async function* watchBody(
  { facts }: Exchange,
  body: AsyncIterable<Uint8Array>,
  announced: number | undefined,
  run: ScriptRun,
  report: (failure: GatewayFailure) => void,
): AsyncGenerator<Uint8Array> {
  let sent = 0
  let isCut = false
  const bounded =
    announced === undefined
      ? body
      : boundBody(body, announced, () => {
          isCut = true
          report({ kind: 'body-too-long', announced })
        })
  try {
    for await (const chunk of bounded) {
      sent += chunk.length
      yield chunk
    }
    const signal = isCut ? undefined : await run.killedBy()
    if (signal !== undefined) throw new FailureError({ kind: 'body-cut-short', sent, announced, signal })
  } catch (error) {
    report(facts.signal.aborted ? { kind: 'client-gone' } : failureOf(error))
    throw error
  }
}

/** How long, and how much, a script may go on writing what nobody is to hear. */
const unheardMs = 30_000
const unheardBytes = 1024 * 1024

/** A writer must not be held up by a full pipe; but HEAD of an endless answer must not keep its script for ever. */
async function drain(body: AsyncIterable<Uint8Array>, run: ScriptRun): Promise<void> {
  let bytes = 0
  const late = setTimeout(() => run.dismiss(), unheardMs)
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > unheardBytes) run.dismiss()
    }
  } finally {
    clearTimeout(late)
  }
}
