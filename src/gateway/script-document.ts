// A script's answer on its way to the client (RFC 3875 6.2.1, 6.3.1): its type, its fields, its body and their bounds.

import type { ByteString } from '../bytes/byte-string.ts'
import { FailureError, failureOf, type GatewayFailure } from '../events/failures.ts'
import type { ResponseHead } from '../protocol/cgi/response-kind.ts'
import type { Field } from '../protocol/http/fields.ts'
import type { ScriptPolicy } from './destination.ts'
import type { Answer } from './error-answer.ts'
import type { Exchange } from './exchange.ts'
import { reportFailure } from './failed-answers.ts'
import { gatherBody } from './gather-body.ts'
import { admitResponseFields, boundBody, mayHaveBody } from './response-policy.ts'
import type { ScriptRun } from './script-run.ts'

export interface Document {
  readonly script: ByteString
  /** An interpreter runs it, for the diagnosis. */
  readonly isInterpreted: boolean
  readonly method: string
  readonly untyped: ScriptPolicy['untyped']
  readonly head: ResponseHead
  readonly run: ScriptRun
}

/** The answer; or a body without a type, which is refused, as the failure that it is. */
export async function documentAnswer(exchange: Exchange, document: Document): Promise<Answer | GatewayFailure> {
  const { script, method, head, run } = document
  const typed = await withContentType(document)
  if ('untyped' in typed) {
    return { kind: 'bad-head', fault: 'no-content-type', line: typed.untyped, exitCode: null, signal: null }
  }
  const { status, reason, announcedLength: bodyLength } = head
  const { fields } = typed
  const hasBody = mayHaveBody(method, status)
  // RFC 9110 8.6: with HEAD and 304 it is the length of a body that does not come.
  const watched = watchBody(exchange, typed.body, hasBody ? bodyLength : 'unheard', document)
  if (!hasBody) {
    // The script may say what it likes; nobody is to hear it.
    drain(watched, run).catch(() => {}) // Already reported.
    return { status, reason, fields, body: undefined, bodyLength, script }
  }
  const gathered = await gatherBody(watched, run.hasLeft)
  const length = gathered instanceof Uint8Array ? gathered.length : bodyLength
  return { status, reason, fields, body: gathered, bodyLength: length, script }
}

/** Lets a script go on to its end, while somebody else's answer is sent. */
export function leaveUnheard(exchange: Exchange, watched: Watched): void {
  const { run } = watched
  drain(watchBody(exchange, run.body(), 'unheard', watched), run).catch(() => {}) // Already reported.
}

/**
 * What happens after an answer that has been given whole is for the log, whether its client is still there or not. Whoever
 * runs it has limits of time for it.
 */
export async function hearOut(exchange: Exchange, { run, script, isInterpreted }: Watched): Promise<void> {
  try {
    await run.body().next() // It has no output: this is its end.
  } catch (error) {
    reportFailure(exchange, { script, isInterpreted }, failureOf(error))
  }
}

type Watched = Pick<Document, 'run' | 'script' | 'isInterpreted'>

interface TypedBody {
  readonly body: AsyncIterable<Uint8Array>
  readonly fields: readonly Field[]
}

/** RFC 3875 6.3.1: a body has a Content-Type. Whether there is a body is known by its first byte. */
async function withContentType({
  head,
  run,
  untyped,
  method,
}: Document): Promise<TypedBody | { readonly untyped: ByteString }> {
  const body = run.body()
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
  if (untyped === 'refuse' && !isRedirect) {
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
  exchange: Exchange,
  body: AsyncIterable<Uint8Array>,
  announced: number | 'unheard' | undefined,
  watched: Watched,
): AsyncGenerator<Uint8Array> {
  const { run } = watched
  let sent = 0
  let isCut = false
  const bounded =
    typeof announced !== 'number'
      ? body
      : boundBody(body, announced, () => {
          isCut = true
          reportFailure(exchange, watched, { kind: 'body-too-long', announced })
        })
  try {
    for await (const chunk of bounded) {
      sent += chunk.length
      yield chunk
    }
    const signal = isCut ? undefined : await run.killedBy()
    if (signal !== undefined) throw new FailureError({ kind: 'body-cut-short', sent, announced: undefined, signal })
  } catch (error) {
    const isWhole = announced === 'unheard' || sent === announced
    await tellBroken(exchange, watched, failureOf(error), isWhole ? 'whole' : sent)
    if (!isWhole) throw error
  }
}

/** `sent`: bytes of the body. Whoever found the failure may have counted the head too. */
async function tellBroken(
  exchange: Exchange,
  watched: Watched,
  failure: GatewayFailure,
  sent: number | 'whole',
): Promise<void> {
  const { facts, id, observe, isShuttingDown } = exchange
  const { run } = watched
  const tell = (told: GatewayFailure): void => reportFailure(exchange, watched, told)
  if (facts.signal.aborted) return
  if (failure.kind !== 'body-cut-short') return tell(failure)
  if (run.fault !== undefined) {
    const { status, message } = run.fault
    return observe({ type: 'request-refused', id, status, why: message })
  }
  if (isShuttingDown()) return sent === 'whole' ? undefined : tell({ kind: 'shutting-down' })
  // One that was killed wrote too little, whatever it had announced.
  const signal = failure.signal ?? (await run.killedBy()) ?? null
  return tell(sent === 'whole' ? { kind: 'failed-after-answer', signal } : { ...failure, sent, signal })
}

/** How long, and how much, a script may go on writing what nobody is to hear. */
const unheardMs = 30_000
const unheardBytes = 1024 * 1024

/** A writer must not be held up by a full pipe; but HEAD of an endless answer must not keep its script for ever. */
export async function drain(body: AsyncIterable<Uint8Array>, run: ScriptRun): Promise<void> {
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
