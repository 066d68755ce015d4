// Rules over how a script ended by itself: without a word, or with a body of another length than it announced.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { FailureRule, Finding } from './rule.ts'
import { shellWord, visible, visibleBytes } from './show.ts'

const lengthMend =
  'Leave Content-Length out, the server counts by itself; or count bytes, not characters: `len(body.encode())`, `bytes::length`, `strlen`.'

export const lengthRules: readonly FailureRule[] = [
  {
    rule: 'body-shorter-than-announced',
    find: ({ failure }) =>
      failure.kind === 'body-cut-short' && failure.announced !== undefined
        ? {
            cause: `The script announced Content-Length: ${failure.announced} and wrote ${failure.sent} bytes of body, ${failure.announced - failure.sent} too few.`,
            mend: lengthMend,
          }
        : undefined,
  },
  {
    rule: 'body-longer-than-announced',
    find: ({ failure }) =>
      failure.kind === 'body-too-long'
        ? {
            cause: `The script announced Content-Length: ${failure.announced} and wrote more than that; the rest was cut off.`,
            mend: lengthMend,
          }
        : undefined,
  },
]

/** Without output, and nothing else is known: after all other rules. */
export const silenceRules: readonly FailureRule[] = [
  {
    rule: 'failed-with-message',
    find: ({ failure, script, stderrTail }) => {
      const last = stderrTail.trimEnd().split('\n').at(-1)?.trim() ?? ''
      if (failure.kind !== 'no-response' || failure.exitCode === 0 || last === '') return undefined
      const ended = failure.exitCode === null ? 'has not ended yet' : `ended with exit code ${failure.exitCode}`
      return {
        cause: `${visibleBytes(script)} ${ended} and printed nothing. Its last line on standard error is "${visible(last)}".`,
        mend: 'Read what it wrote to standard error, in the log.',
      }
    },
  },
  {
    rule: 'no-output',
    find: ({ failure, script }) => (failure.kind === 'no-response' ? silence(failure.exitCode, script) : undefined),
  },
]

function silence(exitCode: number | null, script: ByteString): Finding {
  const where = visibleBytes(script)
  const alone = `Run it by hand and look: \`REQUEST_METHOD=GET QUERY_STRING= ${shellWord(script)} </dev/null\`.`
  if (exitCode === null) {
    const cause = `${where} closed its output without printing anything, and had not ended soon after.`
    return { cause, mend: `Print a head before going on in the background. ${alone}` }
  }
  const cause = `${where} printed nothing at all and ended with exit code ${exitCode}, ${meanings[exitCode] ?? 'without a word'}.`
  return {
    cause,
    mend: exitCode === 0 ? `Let it print at least \`Status: 204 No Content\` and a blank line. ${alone}` : alone,
  }
}

const meanings: Readonly<Record<number, string>> = {
  0: 'as if all were well',
  126: 'with which a shell says that a program is there and cannot be executed',
  127: 'with which a shell says that a program was not found on PATH',
}
