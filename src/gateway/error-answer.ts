// Answers that the gateway gives itself: refusals, failures, redirects. In production a client sees a status and an id.

import type { ByteString } from '../bytes/byte-string.ts'
import type { Diagnosis } from '../events/events.ts'
import { statusOf, type GatewayFailure } from '../events/failures.ts'
import type { Field } from '../protocol/http/fields.ts'
import { proxyStatus } from '../protocol/http/proxy-status.ts'
import { errorPage, type ErrorPage } from './error-page.ts'
import { plainField } from './response-policy.ts'

/** An answer before it is bound to its exchange (gateway.ts). */
export interface Answer {
  readonly status: number
  readonly reason?: string | undefined
  readonly fields: readonly Field[]
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined
  /** Undefined: not known, or none. */
  readonly bodyLength: number | undefined
  readonly script?: ByteString | undefined
}

export interface FailureReport {
  readonly failure: GatewayFailure
  readonly diagnosis: Diagnosis
  readonly script: ByteString
  readonly stderrTail: string
  readonly outputStart: ByteString
  readonly variables: ReadonlyMap<string, ByteString>
}

export class ErrorAnswers {
  readonly #development: boolean

  constructor(development: boolean) {
    this.#development = development
  }

  /** `detail` may be read by the client; `cause` and `mend` are for development alone. */
  refusal(id: string, status: number, { detail, cause, mend, fields = [] }: RefusalText): Answer {
    const diagnosis =
      cause === undefined
        ? undefined
        : { rule: 'refused', cause: `${capital(cause)}.`, mend: mend ?? 'See the log for this id.' }
    const development = this.#development && diagnosis !== undefined ? { diagnosis } : undefined
    return page(status, fields, { status, id, detail, development })
  }

  failure(id: string, report: FailureReport, retryAfterSeconds: number): Answer {
    const { failure, diagnosis } = report
    const status = statusOf[failure.kind]
    const fields: Field[] = []
    const forMachines = proxyStatus(failure, this.#development ? diagnosis.cause : undefined)
    if (forMachines !== undefined) fields.push(['Proxy-Status', forMachines])
    if (status === 503) fields.push(['Retry-After', String(retryAfterSeconds)])
    const development = this.#development ? report : undefined
    return { ...page(status, fields, { status, id, failure: failure.kind, development }), script: report.script }
  }

  redirect(id: string, location: string): Answer {
    const detail = `It is at ${location}`
    return page(301, [['Location', plainField(location)]], { status: 301, id, detail })
  }
}

export interface RefusalText {
  readonly detail?: string | undefined
  readonly cause?: string | undefined
  readonly mend?: string | undefined
  readonly fields?: readonly Field[]
}

function page(status: number, fields: readonly Field[], content: ErrorPage): Answer {
  const body = errorPage(content)
  return {
    status,
    fields: [
      ...fields,
      ['Content-Type', 'text/html; charset=utf-8'],
      ['Cache-Control', 'no-store'],
      ['X-Content-Type-Options', 'nosniff'],
      ['Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'"],
    ],
    body,
    bodyLength: body.length,
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
