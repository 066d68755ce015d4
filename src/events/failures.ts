// The failures of a script or of the gateway on its behalf: one variant a cause, and the one table of their statuses.

import type { ByteString } from '../bytes/byte-string.ts'

/** What can be wrong with a script's response head, in the order in which RFC 3875 section 6 speaks of it. */
export type HeadFault =
  | 'no-blank-line'
  | 'not-a-field'
  | 'folded-line'
  | 'control-character'
  | 'too-large'
  | 'status-line'
  | 'bad-status-line'
  | 'bad-status'
  | 'repeated-field'
  | 'bad-content-length'
  | 'transfer-encoding'
  | 'bad-location'
  | 'no-content-type'
  | 'empty-head'

/** What can be wrong with the file that a script asks to be sent (X-Sendfile, X-Accel-Redirect). */
export type SendFileFault =
  | 'repeated'
  | 'not-absolute'
  | 'dot-segment'
  | 'control-character'
  | 'no-location'
  | 'outside'
  | 'not-a-file'
  | 'program'
  | 'unreadable'

export type TimeoutPhase = 'connect' | 'first-byte' | 'idle' | 'total'

export type GatewayFailure =
  /** The program could not be started: the code is the system's (ENOENT, EACCES, ENOEXEC, E2BIG, …). Only from `run`. */
  | {
      readonly kind: 'cannot-start'
      readonly program: ByteString
      readonly code: string
      /** What it said of itself, where it began to run and ended at once. */
      readonly lastWords?: string
    }
  /** What runs scripts of this kind is not installed. Only from `run`. */
  | { readonly kind: 'interpreter-missing'; readonly interpreter: string }
  /** The system is out of processes, memory or descriptors (EAGAIN, ENOMEM, EMFILE, ENFILE). Only from `run`. */
  | { readonly kind: 'out-of-resources'; readonly program: ByteString; readonly code: string }
  /** No worker could load the application. Only from `run`. */
  | {
      readonly kind: 'application-not-loaded'
      readonly application: string
      /** The interpreter that has tried. */
      readonly python: ByteString
      /** How it ended. */
      readonly code: string
      readonly lastWords: string
      /** Where it took too long: after so many milliseconds. */
      readonly afterMs?: number
    }
  /** The application raised an exception before it had answered; its process goes on. */
  | { readonly kind: 'application-raised'; readonly exception: string | undefined }
  /** The worker that had the request ended before it had answered: by os._exit, a signal, a crash. */
  | { readonly kind: 'worker-ended'; readonly exitCode: number | null; readonly signal: string | null }
  /** The script ended without a single byte of output. */
  | { readonly kind: 'no-response'; readonly exitCode: number | null; readonly signal: string | null }
  /** RFC 3875 6: a response head that we refuse to pass on. `line` is the line at fault or the start of the output. */
  | {
      readonly kind: 'bad-head'
      readonly fault: HeadFault
      readonly line: ByteString
      readonly exitCode: number | null
      readonly signal: string | null
    }
  | { readonly kind: 'timed-out'; readonly phase: TimeoutPhase; readonly afterMs: number }
  | { readonly kind: 'queue-full'; readonly waiting: number }
  | { readonly kind: 'queue-timed-out'; readonly afterMs: number }
  /** Nobody answers at the upstream's address: nothing of the request was sent. The code is the system's. Only from `run`. */
  | { readonly kind: 'unreachable'; readonly address: string; readonly code: string }
  /** The upstream said that it takes no more requests now (FastCGI 5.5, FCGI_OVERLOADED). */
  | { readonly kind: 'overloaded'; readonly address: string }
  /** FastCGI 5.5, FCGI_UNKNOWN_ROLE: the application does not do what it is asked for. */
  | { readonly kind: 'unknown-role'; readonly address: string; readonly role: string }
  /** The upstream closed or reset its connection before a single byte of an answer. */
  | { readonly kind: 'upstream-closed'; readonly address: string; readonly code: string | undefined }
  /** The upstream broke its protocol; nothing of its connection can be believed any more. */
  | { readonly kind: 'upstream-fault'; readonly address: string; readonly protocol: string; readonly fault: string }
  /** The meta-variables do not fit into the protocol's one packet (uwsgi: 64 KiB). Only from `run`. */
  | {
      readonly kind: 'variables-too-large'
      readonly bytes: number
      readonly limit: number
      /** The largest of them. */
      readonly variable: ByteString
    }
  /** A script asked for a file that is not to be sent. `line` is its field. */
  | { readonly kind: 'bad-sendfile'; readonly fault: SendFileFault; readonly line: ByteString }
  /** FastCGI 6.3: the authorizer said 200, and then ended in a way that nobody can take for a yes. */
  | { readonly kind: 'authorizer-died'; readonly exitCode: number | null; readonly signal: string | null }
  /** RFC 3875 6.2.2: more local redirects in one request than `maxLocalRedirects`. */
  | { readonly kind: 'too-many-redirects'; readonly limit: number; readonly location: ByteString }
  /** The body was shorter than the script's own Content-Length, or the script was killed in the middle of it. */
  | {
      readonly kind: 'body-cut-short'
      readonly sent: number
      readonly announced: number | undefined
      readonly signal: string | null
    }
  /** The script wrote more than its own Content-Length; the client got as much as was announced. Only for the log. */
  | { readonly kind: 'body-too-long'; readonly announced: number }
  /** It had given its whole answer, and was killed or failed in what it still did. Only for the log. */
  | { readonly kind: 'failed-after-answer'; readonly signal: string | null }
  | { readonly kind: 'shutting-down' }
  /** The client went away; nobody is left to be answered. */
  | { readonly kind: 'client-gone' }
  /** A bug of ours: the message is for the log alone. */
  | { readonly kind: 'internal'; readonly message: string }

export type FailureKind = GatewayFailure['kind']

/** RFC 9110 15.6. 499 is nginx's word in the log for a client that left; it is never sent. */
export const statusOf: Readonly<Record<FailureKind, 431 | 499 | 500 | 502 | 503 | 504>> = {
  'cannot-start': 502,
  'interpreter-missing': 503,
  'out-of-resources': 503,
  'application-not-loaded': 503,
  'application-raised': 500,
  'worker-ended': 502,
  'no-response': 502,
  'bad-head': 502,
  'timed-out': 504,
  'queue-full': 503,
  'queue-timed-out': 503,
  unreachable: 502,
  overloaded: 503,
  'unknown-role': 502,
  'upstream-closed': 502,
  'upstream-fault': 502,
  'variables-too-large': 431,
  'bad-sendfile': 502,
  'authorizer-died': 502,
  'too-many-redirects': 502,
  'body-cut-short': 502,
  'body-too-long': 502,
  'failed-after-answer': 502,
  'shutting-down': 503,
  'client-gone': 499,
  internal: 500,
}

/** A failure that strikes once output has begun: it ends the iteration of a body. */
export class FailureError extends Error {
  override readonly name = 'FailureError'
  readonly failure: GatewayFailure
  constructor(failure: GatewayFailure) {
    super(failure.kind)
    this.failure = failure
  }
}

/** The failure that an error carries, or `internal` for an error that carries none. */
export function failureOf(error: unknown): GatewayFailure {
  if (error instanceof FailureError) return error.failure
  return { kind: 'internal', message: textOfError(error) }
}

/** For a log: what was thrown, with its stack where it has one. Never throws, though anything may have been thrown. */
export function textOfError(error: unknown): string {
  try {
    return String(error instanceof Error ? (error.stack ?? error) : error)
  } catch {
    return 'something was thrown that cannot be written down'
  }
}
