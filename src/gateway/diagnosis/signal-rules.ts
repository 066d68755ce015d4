// Rules over scripts that a signal ended, and over shells that say that a signal ended what they ran.

import { constants } from 'node:os'
import { endingOf, type FailureRule } from './rule.ts'
import { visibleBytes } from './show.ts'

/** What a signal means for a script, and what to do. */
type Told = readonly [cause: string, mend: string]

const crash =
  'See where: `coredumpctl info`, or run it under `gdb`. A native module that does not fit the interpreter is a common cause.'

const signals: Readonly<Record<string, Told>> = {
  SIGSEGV: ['it touched memory that is not its own, a bug in a compiled program or module', crash],
  SIGBUS: ['it touched memory that is not there, a bug, or a mapped file that shrank or a full disk', crash],
  SIGILL: ['its code has an instruction that this processor does not know, as when built for a newer one', crash],
  SIGFPE: ['it divided by zero in compiled code', crash],
  SIGABRT: [
    'it gave up by itself, as abort() and a failed assertion do',
    'Read the lines on standard error before that, in the log.',
  ],
  SIGSYS: [
    'it made a system call that a filter forbids',
    "Look at the filter: `SystemCallFilter=` of the systemd unit, or the container's seccomp profile.",
  ],
  SIGKILL: [
    'somebody killed it outright, most often the system, because memory ran out',
    'See whether it was that: `journalctl -k | grep -i "out of memory"`; then let it use less, or allow more (`MemoryMax=`).',
  ],
  SIGXCPU: [
    'it used more CPU time than its limit',
    'Let it do less at once, or allow more: `ulimit -t`, `LimitCPU=` of the systemd unit.',
  ],
  SIGXFSZ: [
    'it wrote a file larger than its limit',
    'Let it write less, or allow more: `ulimit -f`, `LimitFSIZE=` of the systemd unit.',
  ],
  SIGPIPE: [
    'it wrote to a program that had already ended',
    'Look at the pipes and programs that it starts; ignore SIGPIPE and check every write.',
  ],
  SIGTERM: [
    'somebody asked it to end; it was not this server, no limit of which had been reached',
    'Look for a `kill`, `pkill` or `timeout` in the script and on the machine.',
  ],
  SIGHUP: [
    'it was told that its terminal is gone, although it never had one',
    'Look for a `kill -HUP` in the script and on the machine.',
  ],
  SIGALRM: [
    'an alarm went off that it had set itself',
    'Look for `alarm(…)` in the script, and catch the signal or allow more time.',
  ],
}

export const signalRules: readonly FailureRule[] = [
  ...Object.entries(signals).map(killedBy),
  {
    rule: 'killed-by-signal',
    find: ({ failure, script }) => {
      const { signal } = endingOf(failure)
      if (signal === undefined) return undefined
      const when = failure.kind === 'failed-after-answer' ? 'after its whole answer' : 'before its answer was complete'
      return {
        cause: `${visibleBytes(script)} was killed by ${signal} ${when}.`,
        mend: `See what sends that signal: \`journalctl --since -5min\`.`,
      }
    },
  },
  {
    rule: 'child-killed',
    find: ({ failure, script }) => {
      const { exitCode } = endingOf(failure)
      // A shell's exit code is 128 and the number of the signal.
      const signal = Object.entries(constants.signals).find(([, number]) => exitCode === 128 + number)?.[0]
      if (signal === undefined) return undefined
      return {
        cause: `${visibleBytes(script)} ended with exit code ${exitCode}, with which a shell says that a program of its was killed by ${signal}.`,
        mend: signals[signal]?.[1] ?? 'Look at the programs that it starts.',
      }
    },
  },
]

function killedBy([signal, [what, mend]]: [string, Told]): FailureRule {
  return {
    rule: `killed-by-${signal.toLowerCase()}`,
    find: ({ failure, script }) =>
      endingOf(failure).signal === signal
        ? { cause: `${visibleBytes(script)} was killed by ${signal}: ${what}.`, mend }
        : undefined,
  }
}
