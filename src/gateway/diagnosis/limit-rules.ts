// Rules over limits that were reached: of time, of programs at once, of redirects.

import { posix } from 'node:path'
import type { FailureRule } from './rule.ts'
import { visible, visibleBytes } from './show.ts'

export const limitRules: readonly FailureRule[] = [
  {
    rule: 'head-unfinished-in-time',
    find: ({ failure, outputStart, stderrTail }) =>
      failure.kind === 'timed-out' &&
      failure.phase !== 'first-byte' &&
      outputStart !== '' &&
      !/\n\r?\n/.test(outputStart)
        ? {
            cause: `The script began a head, "${visibleBytes(outputStart, 80)}", and did not end it with a blank line within ${seconds(failure.afterMs)}.${lastWords(stderrTail)}`,
            mend: `Print the blank line right after the last field, or allow more time: \`--${failure.phase}-timeout\`.`,
          }
        : undefined,
  },
  {
    rule: 'first-byte-timeout',
    find: ({ failure, stderrTail }) =>
      failure.kind === 'timed-out' && failure.phase === 'first-byte'
        ? {
            cause: `The script printed nothing within ${seconds(failure.afterMs)}. It may be slow, wait for something that does not come, or hold its output back in a buffer.${lastWords(stderrTail)}`,
            mend: 'Read no more than CONTENT_LENGTH bytes of standard input, flush the output after the head (`$| = 1`, `flush=True`), or allow more time: `--first-byte-timeout`.',
          }
        : undefined,
  },
  {
    rule: 'idle-timeout',
    find: ({ failure, stderrTail }) =>
      failure.kind === 'timed-out' && failure.phase === 'idle'
        ? {
            cause: `The script began its answer and then printed nothing for ${seconds(failure.afterMs)}.${lastWords(stderrTail)}`,
            mend: 'Let it print something now and then and flush it, end it when it is done, or allow longer pauses: `--idle-timeout`.',
          }
        : undefined,
  },
  {
    rule: 'total-timeout',
    find: ({ failure, stderrTail }) =>
      failure.kind === 'timed-out'
        ? {
            cause: `The script was not done after ${seconds(failure.afterMs)}.${lastWords(stderrTail)}`,
            mend: 'Do long work outside of the request, or allow more time: `--total-timeout`.',
          }
        : undefined,
  },
  {
    rule: 'queue-full',
    find: ({ failure }) =>
      failure.kind === 'queue-full'
        ? {
            cause: `All programs that may run at once are running, and ${failure.waiting} requests wait already.`,
            mend: 'Let the scripts be faster, or allow more: `--max-running` for programs at once (`--workers` and `--threads` for an application), `--max-queue` for requests that wait.',
          }
        : undefined,
  },
  {
    rule: 'queue-timeout',
    find: ({ failure }) =>
      failure.kind === 'queue-timed-out'
        ? {
            cause: `The request waited ${seconds(failure.afterMs)} for its turn, and no running program ended.`,
            mend: 'Let the scripts be faster, or allow more: `--max-running` for programs at once, `--queue-timeout` for the wait.',
          }
        : undefined,
  },
  {
    rule: 'redirect-to-itself',
    find: ({ failure, script }) =>
      failure.kind === 'too-many-redirects' &&
      script !== '' &&
      pathOf(failure.location).split('/').includes(posix.basename(script))
        ? {
            cause: `${visibleBytes(script)} sends the request to itself: "Location: ${visibleBytes(failure.location)}", ${failure.limit} times over.`,
            mend: 'Name another place, or the whole address (`Location: https://host/path`), with which the browser asks anew.',
          }
        : undefined,
  },
  {
    rule: 'too-many-redirects',
    find: ({ failure }) =>
      failure.kind === 'too-many-redirects'
        ? {
            cause: `Scripts passed the request on more than ${failure.limit} times, last with "Location: ${visibleBytes(failure.location)}". Two that name each other, or one that names itself, never end.`,
            mend: 'Name the last place at once, allow more (`--max-local-redirects`), or the whole address (`Location: https://host/path`), with which the browser asks anew.',
          }
        : undefined,
  },
]

function seconds(ms: number): string {
  return ms === 1000 ? 'one second' : `${ms / 1000} seconds`
}

function pathOf(location: string): string {
  return location.split('?')[0] ?? ''
}

function lastWords(stderrTail: string): string {
  const last = stderrTail.trimEnd().split('\n').at(-1)?.trim() ?? ''
  return last === '' ? '' : ` Its last line on standard error is "${visible(last)}".`
}
