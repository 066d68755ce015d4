// "When it fails, it says why": the cause of a failure and its mend, and what can be said of a script before it runs.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { Diagnosis } from '../../events/events.ts'
import type { Evidence } from './evidence.ts'
import { inspectScript, type ScriptFacts } from './inspect-script.ts'
import type { FileRule } from './rule.ts'
import { problemRules, rulesFor } from './rules.ts'
import { hintRules } from './source-rules.ts'

export interface Findings {
  /** In the order in which they would stop the script. */
  readonly problems: readonly Diagnosis[]
  /** What does not stop it. */
  readonly hints: readonly Diagnosis[]
}

/** Always finds something to say. Looks at the script's file unless its facts are given. */
export function diagnose(evidence: Evidence, facts?: ScriptFacts): Diagnosis {
  const { kind } = evidence.failure
  const known = facts ?? inspectScript(evidence.script)
  for (const { rule, find, isOfFile } of rulesFor[kind]) {
    if (isOfFile === true && evidence.isInterpreted === true) continue
    const finding = find(evidence, known)
    if (finding !== undefined) return { rule, ...finding }
  }
  return { rule: kind, cause: 'No rule knows this failure.', mend: 'Read the log for this id.' }
}

/** What a look at the file finds, without running it. */
export function examine(facts: ScriptFacts): Findings {
  const problems = findAll(problemRules, facts)
  return { problems, hints: facts.lookError === undefined ? findAll(hintRules, facts) : [] }
}

/** All problems of a script's file, then the hints. */
export function inspect(path: ByteString): Diagnosis[] {
  const { problems, hints } = examine(inspectScript(path))
  return [...problems, ...hints]
}

function findAll(rules: readonly FileRule[], facts: ScriptFacts): Diagnosis[] {
  return rules.flatMap(({ rule, find }) => {
    const finding = find(facts)
    return finding === undefined ? [] : [{ rule, ...finding }]
  })
}
