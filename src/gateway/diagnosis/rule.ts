// The shape of a rule: a stable name, and a look at what is known that finds the cause and the mend, or nothing.

import type { Diagnosis } from '../../events/events.ts'
import type { GatewayFailure } from '../../events/failures.ts'
import type { Evidence } from './evidence.ts'
import type { ScriptFacts } from './inspect-script.ts'

/** `cause`: one or two sentences that name the thing. `mend`: what to do, with commands between backticks. */
export type Finding = Pick<Diagnosis, 'cause' | 'mend'>

/** Judges a file by looking at it; no run is needed. */
export interface FileRule {
  readonly rule: string
  readonly find: (facts: ScriptFacts) => Finding | undefined
}

/** Judges a failed run. */
export interface FailureRule {
  readonly rule: string
  readonly find: (evidence: Evidence, facts: ScriptFacts) => Finding | undefined
  /** It judges whether the file can be started. */
  readonly isOfFile?: true
}

/** Judges what a script wrote to standard error. */
export interface StderrRule {
  readonly rule: string
  readonly pattern: RegExp
  readonly find: (match: RegExpExecArray, facts: ScriptFacts, evidence: Evidence) => Finding | undefined
}

export type FailureOf<Kind extends GatewayFailure['kind']> = Extract<GatewayFailure, { kind: Kind }>

export function onFile({ rule, find }: FileRule): FailureRule {
  return { rule, find: (_, facts) => find(facts), isOfFile: true }
}

export function onStderr({ rule, pattern, find }: StderrRule): FailureRule {
  return {
    rule,
    find: (evidence, facts) => {
      const match = pattern.exec(evidence.stderrTail)
      return match === null ? undefined : find(match, facts, evidence)
    },
  }
}

/** What a script said last: the last of several tracebacks ("During handling of …"), else the last lines. */
export function onLastWords({ rule, find }: FailureRule): FailureRule {
  return { rule, find: (evidence, facts) => find({ ...evidence, stderrTail: lastWords(evidence.stderrTail) }, facts) }
}

function lastWords(stderrTail: string): string {
  const traceback = stderrTail.lastIndexOf('Traceback (most recent call last):')
  return traceback === -1 ? stderrTail.split('\n').slice(-25).join('\n') : stderrTail.slice(traceback)
}

/** The exit code and signal, where the failure knows them. */
export function endingOf(failure: GatewayFailure): { exitCode: number | undefined; signal: string | undefined } {
  const exitCode = 'exitCode' in failure ? failure.exitCode : null
  const signal = 'signal' in failure ? failure.signal : null
  return { exitCode: exitCode ?? undefined, signal: signal ?? undefined }
}
