// Rules over WSGI applications: one that cannot be loaded, and one that raises.

import type { FailureRule } from './rule.ts'
import { visible } from './show.ts'

export const wsgiRules: readonly FailureRule[] = [
  {
    rule: 'application-module-missing',
    find: ({ failure, stderrTail }) => {
      if (failure.kind !== 'application-not-loaded') return undefined
      const [, module] = /^ModuleNotFoundError: No module named '([\w.]+)'/m.exec(stderrTail) ?? []
      if (module === undefined) return undefined
      return {
        cause: `The application imports "${module}", and its Python, ${visible(failure.python)}, does not have that.`,
        mend: 'Name the Python that has it: `--venv DIR` for a virtual environment, or `--python PATH`; or the folder where it lies, `--chdir DIR`. What is installed is told by `python3 -m pip list`.',
      }
    },
  },
  {
    rule: 'application-not-loaded',
    find: ({ failure, stderrTail }) => {
      if (failure.kind !== 'application-not-loaded') return undefined
      const last = stderrTail.trimEnd().split('\n').at(-1) ?? ''
      const said = last === '' ? '' : ` It said last: "${visible(last)}".`
      return {
        cause: `The application could not be loaded: its worker ended (${visible(failure.code)}).${said}`,
        mend: 'Read the traceback, here in development or in the log. It is loaded again after a pause; with `--reload`, with the next request.',
      }
    },
  },
  {
    rule: 'application-raised',
    find: ({ failure }) =>
      failure.kind === 'application-raised'
        ? {
            cause: `The application raised ${visible(failure.exception ?? 'an exception')}. Nobody caught it.`,
            mend: 'Read the traceback, here in development or in the log.',
          }
        : undefined,
  },
]
