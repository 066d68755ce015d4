// Rules over authorizers (authorize.ts) that end badly after they said yes.

import type { FailureRule } from './rule.ts'
import { visible, visibleBytes } from './show.ts'

export const authorizerRules: readonly FailureRule[] = [
  {
    rule: 'authorizer-died',
    find: ({ failure, script }) => {
      if (failure.kind !== 'authorizer-died') return undefined
      const { exitCode, signal } = failure
      const how = signal === null ? `exit code ${exitCode ?? 'unknown'}` : `signal ${visible(signal)}`
      return {
        cause: `The authorizer ${visibleBytes(script)} said 200 and then ended with ${how}, so nobody was let pass.`,
        mend: 'Let it write its head when it has decided, and end with exit code 0; what it wrote to standard error is in the log.',
      }
    },
  },
]
