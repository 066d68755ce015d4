// What is said where no other rule knows more: what happened, and where to look next.

import type { FailureKind } from '../../events/failures.ts'
import type { Evidence } from './evidence.ts'
import type { FailureOf, FailureRule, Finding } from './rule.ts'
import { shellWord, visible, visibleBytes } from './show.ts'

export const lastRules: readonly FailureRule[] = [
  last('cannot-start', ({ code }, { script }) => ({
    cause: `The system refused to start ${visibleBytes(script)}: ${visible(code)}.`,
    mend: `Start it by hand, as the server's user: \`${shellWord(script)}\`. If that works, see what a security module says: \`journalctl -k | grep -iE "denied|audit"\`.`,
  })),
  last('out-of-resources', ({ code }, { script }) => ({
    cause: `The system had nothing left to start ${visibleBytes(script)} with: ${visible(code)}.`,
    mend: 'Run fewer programs at once (`--max-running`), or allow more; see `ulimit -a` and `free -h`.',
  })),
  last('body-cut-short', ({ sent }) => ({
    cause: `The body ended too early, after ${sent} bytes.`,
    mend: 'Read what the script wrote to standard error, in the log.',
  })),
  last('failed-after-answer', () => ({
    cause: 'The script failed after its whole answer: what it was still to do may not be done.',
    mend: 'Read what the script wrote to standard error, in the log.',
  })),
  last('shutting-down', () => ({
    cause: 'The server is on its way down: it starts no more programs, and ends those that run.',
    mend: 'Ask again when it is back.',
  })),
  last('client-gone', () => ({
    cause: 'The client closed its connection before the answer was complete.',
    mend: 'Nothing needs mending, unless the answer took longer than people wait.',
  })),
  last('internal', ({ message }) => ({
    cause: `The server itself failed: ${visible(message)}.`,
    mend: 'Please report it, with the lines of the log for this id.',
  })),
]

function last<Kind extends FailureKind>(
  kind: Kind,
  tell: (failure: FailureOf<Kind>, evidence: Evidence) => Finding,
): FailureRule {
  const isKind = (failure: { kind: FailureKind }): failure is FailureOf<Kind> => failure.kind === kind
  return {
    rule: kind,
    find: (evidence) => (isKind(evidence.failure) ? tell(evidence.failure, evidence) : undefined),
  }
}
