// What the tests of the rules share: evidence, and a look at what a rule found.

import assert from 'node:assert/strict'
import { byteStringOfText } from '../../../src/bytes/byte-string.ts'
import type { Diagnosis } from '../../../src/events/events.ts'
import type { GatewayFailure, HeadFault } from '../../../src/events/failures.ts'
import { diagnose, examine } from '../../../src/gateway/diagnosis/diagnose.ts'
import type { Evidence } from '../../../src/gateway/diagnosis/evidence.ts'
import { inspectScript, type ScriptFacts } from '../../../src/gateway/diagnosis/inspect-script.ts'
import { temporarySite } from '../../support/temporary-site.ts'

export interface Expected {
  readonly rule: string
  readonly cause: RegExp
  readonly mend: RegExp
}

export function assertFinding(found: Diagnosis | undefined, { rule, cause, mend }: Expected): void {
  assert.equal(found?.rule, rule, `${found?.cause}`)
  assert.match(found?.cause ?? '', cause)
  assert.match(found?.mend ?? '', mend)
}

export function evidenceOf(failure: GatewayFailure, more: Partial<Evidence> = {}): Evidence {
  return { failure, script: '/srv/cgi-bin/script', stderrTail: '', outputStart: '', ...more }
}

/** The diagnosis where the system refused to start the file with this code. */
export function startFailure(path: string, code: string, facts?: ScriptFacts): Diagnosis {
  const script = byteStringOfText(path)
  return diagnose(evidenceOf({ kind: 'cannot-start', program: script, code }, { script }), facts)
}

/** The facts of a script with this content, which is gone again. */
export function factsOf(content: string, name = 'script', mode = 0o755): ScriptFacts {
  using site = temporarySite()
  return inspectScript(byteStringOfText(site.add(name, content, mode)))
}

/** The diagnosis of a script that ended without output, having said this on standard error. */
export function afterStderr(stderrTail: string, content = '#!/bin/sh\n', exitCode = 1): Diagnosis {
  return diagnose(evidenceOf({ kind: 'no-response', exitCode, signal: null }, { stderrTail }), factsOf(content))
}

export function badHead(
  fault: HeadFault,
  line: string,
  exitCode: number | null = 0,
  signal: string | null = null,
): GatewayFailure {
  return { kind: 'bad-head', fault, line, exitCode, signal }
}

/** A traceback of Python, whose last place is line 12 of /srv/lib/b.py. */
export function pythonTraceback(message: string): string {
  return `Traceback (most recent call last):\n  File "/srv/a.py", line 3, in <module>\n    main()\n  File "/srv/lib/b.py", line 12, in main\n    go()\n    ^^^^\n${message}\n`
}

/** The problem that a look at the file finds first. */
export function firstProblem(facts: ScriptFacts): Diagnosis | undefined {
  return examine(facts).problems[0]
}

/** Root is allowed everything, so that what is forbidden cannot be tried as root. */
export const unlessRoot: string | false = process.getuid?.() === 0 ? 'root may do everything' : false
