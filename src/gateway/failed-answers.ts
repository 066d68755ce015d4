// Answers in place of what was asked for, as the log, the page and Proxy-Status tell of them.

import type { ByteString } from '../bytes/byte-string.ts'
import type { GatewayFailure } from '../events/failures.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import type { Evidence } from './diagnosis/evidence.ts'
import type { Answer, ErrorAnswers, RefusalText } from './error-answer.ts'
import type { Exchange } from './exchange.ts'

export class FailedAnswers {
  readonly #errors: ErrorAnswers
  readonly #retryAfterSeconds: number

  /** What Retry-After says with 503. */
  constructor(errors: ErrorAnswers, retryAfterSeconds: number) {
    this.#errors = errors
    this.#retryAfterSeconds = retryAfterSeconds
  }

  refuse({ id, observe }: Exchange, status: number, text: RefusalText): Answer {
    observe({ type: 'request-refused', id, status, why: text.cause ?? text.detail ?? '' })
    return this.#errors.refusal(id, status, text)
  }

  fail({ id, observe }: Exchange, evidence: Evidence, variables: ReadonlyMap<string, ByteString>): Answer {
    const diagnosis = diagnose(evidence)
    const { failure, script } = evidence
    if (failure.kind !== 'client-gone') observe({ type: 'script-failed', id, script, failure, diagnosis })
    return this.#errors.failure(id, { ...evidence, diagnosis, variables }, this.#retryAfterSeconds)
  }
}

/** For a failure that comes too late for an answer. */
export function reportFailure(
  { id, observe }: Exchange,
  { script, isInterpreted }: Pick<Evidence, 'script' | 'isInterpreted'>,
  failure: GatewayFailure,
): void {
  if (failure.kind === 'client-gone') return
  const diagnosis = diagnose({
    failure,
    script,
    ...(isInterpreted === true ? { isInterpreted } : {}),
    stderrTail: '',
    outputStart: '',
  })
  observe({ type: 'script-failed', id, script, failure, diagnosis })
}

/** What is known where there was no run. */
export function bareEvidence(failure: GatewayFailure, script: ByteString = ''): Evidence {
  return { failure, script, stderrTail: '', outputStart: '' }
}
