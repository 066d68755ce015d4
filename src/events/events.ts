// What the gateway tells its observers: one union, so that a log, a metric or an inspector can be exhaustive.

import type { ByteString } from '../bytes/byte-string.ts'
import type { GatewayFailure } from './failures.ts'

/** How a program ended. Exactly one of `exitCode` and `signal` is not null. */
export interface Ending {
  readonly exitCode: number | null
  /** `unknown` where somebody else waited for the program, or nobody could. */
  readonly signal: string | null
  /** CPU time of the program and the children that it waited for, in milliseconds; undefined where the system does not say. */
  readonly cpuMs: number | undefined
  /** Its largest resident set, in bytes; undefined where the system does not say. */
  readonly maxRssBytes: number | undefined
}

export interface RequestLine {
  readonly id: string
  readonly method: string
  /** As it stood on the request line. */
  readonly target: ByteString
  readonly protocol: string
  readonly remoteAddress: string
  readonly remoteUser: string | undefined
  readonly referer: ByteString | undefined
  readonly userAgent: ByteString | undefined
}

export interface Diagnosis {
  /** A stable name, such as `crlf-shebang`. */
  readonly rule: string
  readonly cause: string
  readonly mend: string
}

/** One step of a launcher's start. The last one, `ready`, is the time of all of them. */
export interface LauncherStep {
  readonly name: ByteString
  readonly ms: number
}

export type GatewayEvent =
  | {
      readonly type: 'program-started'
      readonly id: string
      readonly script: ByteString
      readonly pid: number
      readonly startMs: number
      /** Whether its interpreter had been started before there was a request (docs/guides/warm.md). */
      readonly isWarm: boolean
    }
  | { readonly type: 'diagnostic-line'; readonly id: string; readonly script: ByteString; readonly line: ByteString }
  | { readonly type: 'field-dropped'; readonly id: string; readonly name: ByteString; readonly why: string }
  | { readonly type: 'request-refused'; readonly id: string; readonly status: number; readonly why: string }
  | {
      readonly type: 'script-failed'
      readonly id: string
      readonly script: ByteString
      readonly failure: GatewayFailure
      readonly diagnosis: Diagnosis
    }
  | { readonly type: 'program-ended'; readonly id: string; readonly script: ByteString; readonly ending: Ending }
  /** An interpreter waits, with modules loaded, to run scripts without their start (docs/guides/warm.md). */
  | {
      readonly type: 'launcher-ready'
      /** As on the `#!` line. */
      readonly interpreter: ByteString
      readonly steps: readonly LauncherStep[]
      /** Modules that scripts use and that are not loaded ahead, and why. */
      readonly left: readonly { readonly module: ByteString; readonly reason: ByteString }[]
    }
  /** Something worth a line once: what cannot be had here, and what serves instead. */
  | {
      readonly type: 'notice'
      readonly text: string
      /** Lines that belong to it, such as a traceback. */
      readonly details?: string
    }
  | {
      readonly type: 'request-ended'
      readonly request: RequestLine
      readonly status: number
      /** Bytes of the answer's body that were handed to the client's connection. */
      readonly bodyBytes: number
      readonly startedAt: number
      readonly durationMs: number
      readonly clientGone: boolean
      readonly script: ByteString | undefined
    }

export type Observer = (event: GatewayEvent) => void
