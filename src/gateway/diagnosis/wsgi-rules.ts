// Rules over WSGI applications: one that cannot be loaded, and one that raises.

import type { FailureRule } from './rule.ts'
import { visible } from './show.ts'

/** What the executor says before a stack (executors/wsgi.ts). */
const stood = /^It stood here, the innermost call first:\n((?: {2}File "[^\n]*\n?)+)/m

/** The innermost call of the application's own code. */
function ownFrame(stack: string): string {
  const frames = stack
    .trim()
    .split('\n')
    .map((line) => line.trim())
  const own = frames.find((line) => !/\/(?:lib\/python|site-packages|dist-packages)/.test(line)) ?? frames[0] ?? ''
  return visible(own.replace(/^File /, ''))
}

export const wsgiRules: readonly FailureRule[] = [
  {
    rule: 'application-stuck',
    find: ({ failure, stderrTail }) => {
      if (failure.kind !== 'timed-out') return undefined
      const [, stack] = stood.exec(stderrTail) ?? []
      if (stack === undefined) return undefined
      const own = ownFrame(stack)
      const time = `${failure.afterMs / 1000} s`
      return {
        cause: `The application did not go on within ${time}. It stood at ${own}. Its worker was ended, and another one takes its place.`,
        mend: `Let that be quicker, or give up by itself (a timeout of its own); or allow more time: \`--${failure.phase}-timeout\`.`,
      }
    },
  },
  {
    rule: 'worker-ended',
    find: ({ failure }) => {
      if (failure.kind !== 'worker-ended') return undefined
      const { exitCode, signal } = failure
      const how = signal ?? (exitCode === null ? 'nobody knows how' : `exit code ${exitCode}`)
      return {
        cause: `The worker that had this request ended in the middle of it: ${visible(how)}. Another one takes its place.`,
        mend:
          signal === 'SIGKILL'
            ? 'See whether memory ran out: `journalctl -k | grep -i "out of memory"`; `--max-memory` replaces workers before that.'
            : 'Look for `os._exit` and for compiled modules that crash; a signal such as SIGSEGV is told more of by `python3 -X faulthandler`.',
      }
    },
  },
  {
    rule: 'application-loads-too-long',
    find: ({ failure, stderrTail }) => {
      if (failure.kind !== 'application-not-loaded' || failure.afterMs === undefined) return undefined
      const [, stack] = stood.exec(stderrTail) ?? []
      const where = stack === undefined ? '' : ` It stood at ${ownFrame(stack)}.`
      return {
        cause: `The application was not loaded within ${Math.round(failure.afterMs / 100) / 10} s.${where}`,
        mend: 'See what its modules wait for as they are imported: a lock, or an address where nobody answers. Do that with the first request, or with a timeout; or allow more time: `--load-timeout`, and `--queue-timeout` for the requests that wait.',
      }
    },
  },
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
