// FastCGI 6: the parts that a function plays beside a responder's: what it is told, and how its Response is said.

import { byteStringOfText, type ByteString } from '../bytes/byte-string.ts'
import { isToken, type Field } from '../protocol/http/fields.ts'
import { lendStream, type LentStream } from '../transport/web-streams.ts'
import type { Part } from './executor.ts'

/** FastCGI 6.2: it answers a request. */
export interface ResponderContext {
  readonly role: 'responder'
}

/** FastCGI 6.3: it decides whether a request may pass: 200 lets it, every other answer is the client's. */
export interface AuthorizerContext {
  readonly role: 'authorizer'
  /**
   * With 200: a variable, such as REMOTE_USER, for whoever answers the request. The value is written as UTF-8. Throws
   * TypeError for what is no name, and for a value with a line end, or with a space at its ends.
   */
  readonly pass: (name: string, value: string) => void
}

/** FastCGI 6.4: it makes an answer of a file that the web server gives. */
export interface FilterContext {
  readonly role: 'filter'
  readonly data: {
    /** Bytes. */
    readonly length: number
    readonly lastModified: Date
    /** The file as it comes. It fails where the web server does not send all of it. */
    readonly body: LentStream['stream']
  }
}

export type PartContext = ResponderContext | AuthorizerContext | FilterContext

/** Functions that play parts; `Context` is what each is told beside its part. */
export interface PartHandlers<Context> {
  /** FastCGI 6.3. The request has no body; its URL has the path in one spelling, decoded in DOCUMENT_URI. */
  readonly authorize?:
    | ((request: Request, context: Context & AuthorizerContext) => Response | Promise<Response>)
    | undefined
  /** FastCGI 6.4. */
  readonly filter?: ((request: Request, context: Context & FilterContext) => Response | Promise<Response>) | undefined
}

/** The parts that there are handlers for. */
export function partsOf({ authorize, filter }: PartHandlers<never>): ReadonlySet<Part['role']> {
  const parts = new Set<Part['role']>()
  if (authorize !== undefined) parts.add('authorizer')
  if (filter !== undefined) parts.add('filter')
  return parts
}

/** A Response as it is said to the web server. */
export interface SaidResponse {
  readonly fields: Iterable<Field>
  /** Null: none, whatever the Response has. */
  readonly body: Response['body']
}

/** One request to somebody in a part. */
export interface PlayedPart<Context> {
  call(request: Request, context: Context): Response | Promise<Response>
  say(response: Response): SaidResponse
  /** The request is over. */
  leave(): void
}

/** Throws TypeError for a part without a handler, which nobody may be asked for. */
export function playPart<Context extends object>(
  part: Part | undefined,
  answer: (request: Request, context: Context & ResponderContext) => Response | Promise<Response>,
  { authorize, filter }: PartHandlers<Context>,
): PlayedPart<Context> {
  if (part === undefined) {
    const call = (request: Request, context: Context): Response | Promise<Response> =>
      answer(request, { ...context, role: 'responder' })
    return { call, say: asItIs, leave: () => {} }
  }
  if (part.role === 'authorizer' && authorize !== undefined) return authorizing(authorize)
  if (part.role === 'filter' && filter !== undefined) {
    const { length, lastModified, body } = part.data
    const lent = lendStream(body)
    const data = { length, lastModified, body: lent.stream }
    return {
      call: (request, context) => filter(request, { ...context, role: 'filter', data }),
      say: asItIs,
      leave: () => lent.leave(),
    }
  }
  throw new TypeError(`there is no function for the part of ${part.role}`)
}

export function asItIs({ headers, body }: Response): SaidResponse {
  return { fields: headers, body }
}

/** By its shape: programs replace the global Response, and fetch libraries bring their own. */
export function isResponse(answer: unknown): answer is Response {
  return typeof answer === 'object' && answer !== null && 'status' in answer && 'headers' in answer && 'body' in answer
}

/**
 * Throws TypeError for a status, a reason or a field that cannot be said. Security: CWE-113: an object that only looks
 * like a Response has checked none of them, and a line end in one would begin a field of somebody else's.
 */
export function checkHead({ status, statusText }: Response, fields: Iterable<Field>): void {
  if (!Number.isInteger(status) || status < 200 || status > 999) {
    throw new TypeError(`the handler answered with the status ${JSON.stringify(status)}`)
  }
  if (!isPlain(statusText)) throw new TypeError('the handler answered with a reason that holds a control character')
  for (const [name, value] of fields) {
    if (isToken(name) && isPlain(value)) continue
    throw new TypeError(`the handler answered with a field that is none: ${JSON.stringify(name)}`)
  }
}

function isPlain(text: unknown): boolean {
  return typeof text === 'string' && !/[^\t\x20-\x7e\x80-\xff]/.test(text)
}

function authorizing<Context extends object>(
  authorize: NonNullable<PartHandlers<Context>['authorize']>,
): PlayedPart<Context> {
  const passed = new Map<string, ByteString>()
  const pass = (name: string, value: string): void => {
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(name)) throw new TypeError(`pass(): ${JSON.stringify(name)} is no name`)
    if (/[\0\r\n]|^[ \t]|[ \t]$/.test(value)) {
      throw new TypeError(`pass(): ${name} holds a NUL or a line end, or begins or ends with a space`)
    }
    passed.set(name, byteStringOfText(value))
  }
  return {
    call: (request, context) => authorize(request, { ...context, role: 'authorizer', pass }),
    say: ({ status, headers, body }) => {
      if (status === 200) {
        // FastCGI 6.3: nothing else of it is anybody's.
        if (body !== null && !body.locked) body.cancel().catch(() => {}) // It has failed already.
        return { fields: variableFields(headers, passed), body: null }
      }
      // Security: what was meant for a script is not the client's to see.
      return { fields: [...headers].filter(([name]) => !name.startsWith(prefix)), body }
    },
    leave: () => {},
  }
}

/** As a Headers has it. */
const prefix = 'variable-'

/** Headers have lost the case of their names, and variables are written in capitals. */
function variableFields(headers: Headers, passed: ReadonlyMap<string, ByteString>): readonly Field[] {
  const fields: Field[] = []
  for (const [name, value] of headers) {
    const variable = name.slice(prefix.length).toUpperCase()
    if (name.startsWith(prefix) && !passed.has(variable)) fields.push([`Variable-${variable}`, value])
  }
  for (const [name, value] of passed) fields.push([`Variable-${name}`, value])
  return fields
}
