// All cases of the table, by name. What ends a process comes last.

import type { Cases } from './case.ts'
import { connections } from './cases/connections.ts'
import { environValues } from './cases/environ-values.ts'
import { environVariables } from './cases/environ-variables.ts'
import { expectations } from './cases/expectations.ts'
import { failures } from './cases/failures.ts'
import { files } from './cases/files.ts'
import { heads } from './cases/heads.ts'
import { inputs } from './cases/inputs.ts'
import { iterables } from './cases/iterables.ts'
import { lengths } from './cases/lengths.ts'
import { refusals } from './cases/refusals.ts'
import { streams } from './cases/streams.ts'
import { writes } from './cases/writes.ts'

export const cases: Cases = {
  ...environVariables,
  ...environValues,
  ...heads,
  ...refusals,
  ...writes,
  ...iterables,
  ...lengths,
  ...streams,
  ...inputs,
  ...expectations,
  ...files,
  ...connections,
  ...failures,
}
