// A fetch function as the handler: the Request that it gets, and its Response as an answer.

import { bytesOf } from '../bytes/byte-string.ts'
import { asItIs, checkHead, isResponse, type SaidResponse } from '../executors/function-parts.ts'
import { requestOf } from '../executors/function-request.ts'
import { urlPath } from '../protocol/http/url-path.ts'
import { hearingLeave } from '../executors/left-early.ts'
import { boundBody, mayHaveBody, mayHaveLength } from '../gateway/response-policy.ts'
import { hopByHopFields, type Field } from '../protocol/http/fields.ts'
import { StreamChunks } from '../transport/web-streams.ts'
import type { Call, Callee, HandlerAnswer } from './call.ts'
import { gather, type Gathered } from './gather.ts'
import type { FetchFunction } from './handler.ts'

export class FetchCallee implements Callee {
  readonly #handler: FetchFunction

  constructor(handler: FetchFunction) {
    this.#handler = handler
  }

  answer(call: Call): Promise<HandlerAnswer> {
    const answer: Answering['answer'] = (request) => this.#handler(request, call.context)
    return answerBy(call, { answer, say: asItIs, leave: () => {} }).catch((error: unknown) => {
      if (isForListener(error)) call.context.diagnostics('A listener (req, res) is served by listener(handler).')
      throw error
    })
  }
}

/** It took the context for a response of node:http. */
function isForListener(error: unknown): boolean {
  return (
    error instanceof TypeError && /\b(?:end|write|writeHead|setHeader|send|json) is not a function$/.test(error.message)
  )
}

export interface Answering {
  answer(request: Request): Response | Promise<Response>
  say(response: Response): SaidResponse
  /** Nothing more of the request can be of use. */
  leave(): void
}

export async function answerBy(call: Call, answering: Answering): Promise<HandlerAnswer> {
  const { method, fields, body, bodyLength, context } = call
  const url = `${call.scheme}://${call.authority}${urlPath(call.target)}`
  const made = requestOf({ method, url, fields, body, bodyLength }, context.signal)
  const leave = (): void => {
    if (!('status' in made)) made.leave()
    answering.leave()
  }
  try {
    if ('status' in made) {
      leave()
      return unspeakable(made.status, made.why)
    }
    const response: unknown = await answering.answer(made.request)
    if (!isResponse(response)) {
      throw new TypeError(
        `the handler answered with ${shown(response)}, and not with a Response; a listener (req, res) is served by listener()`,
      )
    }
    return await answerOf(method, response, answering.say(response), context.signal, leave)
  } catch (error) {
    leave()
    throw error
  }
}

/** `leave` is called when nothing more of the request's body can be of use. */
async function answerOf(
  method: string,
  response: Response,
  said: SaidResponse,
  signal: AbortSignal,
  leave: () => void,
): Promise<HandlerAnswer> {
  const { status, statusText } = response
  const fields: Field[] = []
  // Set-Cookie comes once for each cookie (the fetch standard).
  for (const [name, value] of said.fields) {
    if (name !== 'status' && name !== 'content-length' && !hopByHopFields.has(name)) fields.push([name, value])
  }
  checkHead(response, fields)
  const announced = readLength(response.headers.get('content-length') ?? null)
  const add = (length: number | undefined): readonly Field[] =>
    length === undefined || !mayHaveLength(status) ? fields : [...fields, ['content-length', String(length)]]
  const reason = statusText === '' ? undefined : statusText
  const stream = said.body === null ? undefined : new StreamChunks(said.body)
  if (stream === undefined || !mayHaveBody(method, status)) {
    void stream?.return()
    leave()
    const length = stream === undefined && method !== 'HEAD' ? 0 : announced
    return { status, reason, fields: add(length), body: undefined }
  }
  const body = await gather(stream, signal)
  if (body instanceof Uint8Array) {
    leave()
    if (announced === undefined || announced === body.length) return { status, reason, fields: add(body.length), body }
    throw new TypeError(`the handler announced ${announced} bytes, and gave ${body.length}`)
  }
  return { status, reason, fields: add(announced), body: leaving(body, announced, leave) }
}

function leaving(body: Gathered, announced: number | undefined, leave: () => void): HandlerAnswer['body'] {
  const bounded = announced === undefined ? body : boundBody(body, announced, () => {})
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* bounded
    } finally {
      leave()
    }
  }
  return hearingLeave(chunks(), () => {
    body.leave()
    leave()
  })
}

function readLength(value: string | null): number | undefined {
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

function shown(answer: unknown): string {
  return answer === null || answer === undefined ? String(answer) : `something of the type ${typeof answer}`
}

function unspeakable(status: number, why: string): HandlerAnswer {
  const body = bytesOf(`This request cannot be answered: ${why}.\n`)
  const fields: readonly Field[] = [
    ['content-type', 'text/plain'],
    ['content-length', String(body.length)],
  ]
  return { status, reason: undefined, fields, body }
}
