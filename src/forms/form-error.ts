// What can be wrong with a form, as one error with a status: the message is for the log, the response for the client.

import { formLimits, type FormLimitName, type FormLimits } from './limits.ts'

export type FormErrorKind =
  /** The body is no form, or of an encoding that is not read here: 415. */
  | 'not-a-form'
  /** The body breaks RFC 7578 or RFC 2046, or can be read in two ways: 400. */
  | 'malformed'
  /** More than a limit allows: 413. */
  | 'limit'
  /** The client went away before the end: 400, which nobody may read. */
  | 'broken-off'
  /** A file could not be stored: 507 where the disk is full, else 500. */
  | 'storage'

type FormStatus = 400 | 413 | 415 | 500 | 507

const clientTexts: Readonly<Record<FormErrorKind, string>> = {
  'not-a-form': 'This is not a form that can be read here',
  malformed: 'The form cannot be read',
  limit: 'The form is too large',
  'broken-off': 'The form did not arrive whole',
  storage: 'The files of the form could not be stored',
}

export class FormError extends Error {
  override readonly name = 'FormError'
  readonly kind: FormErrorKind
  readonly status: FormStatus
  /** Which limit it was, for `kind` limit alone. */
  readonly limit: FormLimitName | undefined
  readonly #toClient: string

  constructor(
    kind: FormErrorKind,
    status: FormStatus,
    message: string,
    {
      limit,
      cause,
      toClient = clientTexts[kind],
    }: { readonly limit?: FormLimitName; readonly cause?: unknown; readonly toClient?: string } = {},
  ) {
    super(message, cause === undefined ? {} : { cause })
    this.kind = kind
    this.status = status
    this.limit = limit
    this.#toClient = toClient
  }

  /** A short answer in plain text. Security: it repeats nothing that the client sent, and nothing of this machine. */
  toResponse(): Response {
    return new Response(`${this.#toClient}.\n`, {
      status: this.status,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    })
  }
}

export function malformed(what: string): FormError {
  return new FormError('malformed', 400, `the form cannot be read: ${what}`)
}

/** Says which limit, its value, and how to raise it. */
export function tooLarge(limit: FormLimitName, limits: FormLimits): FormError {
  const excess = `more than ${limits[limit]} ${formLimits[limit].about}`
  return new FormError(
    'limit',
    413,
    `the form has ${excess}; where that is meant, raise ${limit}: readForm(request, { ${limit}: … })`,
    { limit, toClient: `${clientTexts.limit}: it has ${excess.replace(/,.*/, '')}` },
  )
}

export function brokenOff(cause: unknown): FormError {
  return new FormError('broken-off', 400, 'the client broke the form off', { cause })
}

export function notStored(folder: string, cause: unknown): FormError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const isFull = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
  const reason = cause instanceof Error ? cause.message : String(cause)
  const mend = isFull ? 'there is no more room' : 'readForm() can be given another folder'
  return new FormError(
    'storage',
    isFull ? 507 : 500,
    `a file of the form could not be stored in ${folder}: ${reason} (${mend})`,
    { cause },
  )
}
