// The seam: what every executor takes and gives. Frontends and the gateway know nothing else of them.

import type { ByteString, Bytes } from '../bytes/byte-string.ts'
import type { Cancellation } from '../events/cancellation.ts'
import type { Ending } from '../events/events.ts'
import type { GatewayFailure } from '../events/failures.ts'

/** A file that a request resolved to, and how it is to be run. */
export interface Program {
  /** Absolute. */
  readonly path: ByteString
  /** The words after the program's own name (RFC 3875 4.4). */
  readonly words: readonly ByteString[]
  /** Its working folder. */
  readonly folder: ByteString
}

export type { Cancellation } from '../events/cancellation.ts'

/** FastCGI 6.4: the file that a filter is given. */
export interface FilterData {
  /** Bytes. */
  readonly length: number
  readonly lastModified: Date
  /** Exactly `length` bytes, or an iteration that fails. It is read at most once. */
  readonly body: Bytes
}

/** FastCGI 6: the part that is to be played, where it is not a responder's. */
export type Part = { readonly role: 'authorizer' } | { readonly role: 'filter'; readonly data: FilterData }

export interface GatewayRequest {
  /** Meta-variables in the order of RFC 3875 4.1; one character is one byte. */
  readonly variables: ReadonlyMap<string, ByteString>
  /** Names of variables that differ from request to request, though their names do not tell (variable-names.ts). */
  readonly ofRequestAlone?: ReadonlySet<string>
  /** A body already whole need not become a stream. */
  readonly body: Uint8Array | Bytes
  readonly bodyLength: number
  /** Undefined: the other side knows (an upstream). */
  readonly program: Program | undefined
  /** Absent: a responder's. Only executors of destinations that have it in their `parts` are asked for it. */
  readonly part?: Part | undefined
}

export interface Running {
  readonly pid: number | undefined
  /** Whether its interpreter had been started before there was a request. */
  readonly isWarm: boolean
  /** The output as it comes, head and body. A failure that strikes in the middle is thrown as FailureError. */
  readonly output: Bytes
  /** Standard error. It must be read, or the program stands still. */
  readonly diagnostics: Bytes
  /** Resolves when it has nothing more to do but to end, of itself, or has ended: all its output is there. */
  readonly leaving: Promise<unknown>
  readonly ending: Promise<Ending>
  /** Ends it and all that it started, whatever it is doing; its output ends too. More than once does no harm. */
  end(): void
}

/** A whole answer: nothing of it is left to come. */
export interface Answered {
  readonly output: Uint8Array
  readonly diagnostics: readonly Uint8Array[]
  /**
   * What answered may still be at work, as in a `close()`. Where it then has something to say, or fails, `take` is called with
   * a run that has no output, which is for the log alone. Absent: it is over.
   */
  readonly onLate?: ((take: (running: Running) => void) => void) | undefined
}

export type Started =
  | { readonly kind: 'running'; readonly running: Running }
  /** It has run, and this is all. Only from executors that start no program of their own for a request. */
  | { readonly kind: 'answered'; readonly answered: Answered }
  | { readonly kind: 'failed'; readonly failure: GatewayFailure }

/** An executor holds processes or connections; disposing of it ends them. Executors nest: limits are executors too. */
export interface Executor extends AsyncDisposable {
  /** Resolves when the program runs or cannot. An abort of the signal ends it, whatever the reason. */
  run(request: GatewayRequest, signal: Cancellation): Promise<Started>
}
