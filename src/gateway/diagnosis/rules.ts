// The rule book: for every kind of failure, the rules in order of precedence. The first that finds something has it.

import type { FailureKind } from '../../events/failures.ts'
import { lengthRules, silenceRules } from './ending-rules.ts'
import { authorizerRules } from './authorizer-rules.ts'
import { fastCgiProgramRules } from './fastcgi-program-rules.ts'
import { formatRules } from './format-rules.ts'
import { headRules } from './head-rules.ts'
import { headSpellingRules, headTextRules } from './head-text-rules.ts'
import { interpreterRules } from './interpreter-rules.ts'
import { languageRules } from './language-rules.ts'
import { lastRules } from './last-rules.ts'
import { limitRules } from './limit-rules.ts'
import { perlRules } from './perl-rules.ts'
import { presenceRules } from './presence-rules.ts'
import { pythonRules } from './python-rules.ts'
import { onFile, onLastWords, onStderr, type FailureRule, type FileRule } from './rule.ts'
import { sendfileRules } from './sendfile-rules.ts'
import { shellRules } from './shell-rules.ts'
import { signalRules } from './signal-rules.ts'
import { hintRules, sourceRules } from './source-rules.ts'
import { startRules } from './start-rules.ts'
import { systemRules } from './system-rules.ts'
import { wsgiRules } from './wsgi-rules.ts'
import { upstreamRules } from './upstream-rules.ts'

/** Rules over what will stop a script, found without running it, in the order in which the system stumbles. */
export const problemRules: readonly FileRule[] = [...presenceRules, ...formatRules, ...interpreterRules, ...sourceRules]

const stderrRules = [
  ...[...systemRules, ...pythonRules].map(onStderr).map(onLastWords),
  ...[...perlRules, ...shellRules, ...languageRules].map(onStderr),
]

/** What a file can be blamed for although its run began: an interpreter, or a shell in its place, could not go on. */
const afterStartRules = [...presenceRules.filter(({ rule }) => rule === 'not-readable'), ...interpreterRules].map(
  onFile,
)

export const rulesFor: Readonly<Record<FailureKind, readonly FailureRule[]>> = {
  'cannot-start': [
    ...startRules,
    ...[...presenceRules, ...formatRules, ...interpreterRules].map(onFile),
    ...stderrRules,
    ...fastCgiProgramRules,
    ...lastRules,
  ],
  'application-not-loaded': wsgiRules,
  'application-raised': [
    ...[...pythonRules]
      .filter(({ rule }) => rule === 'python-exception')
      .map(onStderr)
      .map(onLastWords),
    ...wsgiRules,
  ],
  'interpreter-missing': [...fastCgiProgramRules, ...lastRules],
  'out-of-resources': [...startRules, ...lastRules],
  'no-response': [...formatRules.map(onFile), ...stderrRules, ...signalRules, ...afterStartRules, ...silenceRules],
  'bad-head': [
    ...headSpellingRules,
    ...[...stderrRules, ...signalRules].map(whenCutOff),
    ...headTextRules,
    ...headRules,
  ],
  'worker-ended': wsgiRules,
  'timed-out': [...wsgiRules, ...upstreamRules, ...limitRules],
  'queue-full': limitRules,
  'queue-timed-out': limitRules,
  unreachable: upstreamRules,
  overloaded: upstreamRules,
  'unknown-role': upstreamRules,
  'upstream-closed': [...stderrRules, ...upstreamRules],
  'upstream-fault': upstreamRules,
  'variables-too-large': upstreamRules,
  'bad-sendfile': sendfileRules,
  'authorizer-died': [...stderrRules, ...authorizerRules],
  'too-many-redirects': limitRules,
  'body-cut-short': [...signalRules, ...lengthRules, ...lastRules],
  'body-too-long': lengthRules,
  'failed-after-answer': [...signalRules, ...lastRules],
  'shutting-down': lastRules,
  'client-gone': lastRules,
  internal: lastRules,
}

/** Every rule's name, once. */
export const ruleNames: readonly string[] = [
  ...new Set([...Object.values(rulesFor).flat(), ...problemRules, ...hintRules].map(({ rule }) => rule)),
]

/** A head that was cut off was cut off by something; one that is wrong is wrong whatever came after it. */
function whenCutOff({ rule, find }: FailureRule): FailureRule {
  return {
    rule,
    find: (evidence, facts) => {
      const { failure } = evidence
      return failure.kind === 'bad-head' && failure.fault === 'no-blank-line' ? find(evidence, facts) : undefined
    },
  }
}
