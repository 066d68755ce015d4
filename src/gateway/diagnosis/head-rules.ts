// Rules over a response head that was read line by line and found wrong (RFC 3875 section 6), one or two a fault.

import { posix } from 'node:path'
import { isToken } from '../../protocol/http/fields.ts'
import type { HeadFault } from '../../events/failures.ts'
import type { Evidence } from './evidence.ts'
import type { ScriptFacts } from './inspect-script.ts'
import type { FailureOf, FailureRule, Finding } from './rule.ts'
import { shellWord, visibleBytes } from './show.ts'

export type BadHead = FailureOf<'bad-head'>

export const headRules: readonly FailureRule[] = [
  headRule('empty-head', ['empty-head'], () => ({
    cause: 'The first line of the output is blank, so the head ends before it begins; what follows would be the body.',
    mend: 'Print `Content-Type: text/html; charset=utf-8` and a blank line before anything else; look for a blank line or a print before that.',
  })),
  headRule('folded-line', ['folded-line'], ({ line }) => ({
    cause: `A line of the head begins with white space: "${visibleBytes(line)}". HTTP no longer knows lines that go on in the next (RFC 9112 5.2).`,
    mend: 'Begin every line of the head at the very left, also in a text of several lines (`"""`, here-document), and write each field in one line.',
  })),
  headRule('carriage-return-in-head', ['control-character'], ({ line }) =>
    line.includes('\r')
      ? {
          cause: `A line of the head has a CR that ends no line: "${visibleBytes(line)}". Lines end in LF or CR LF; CR alone, or CR CR LF, ends none.`,
          mend: 'Print `\\n` at the end of a line, or `\\r\\n` with output in binary mode; text mode on top of `\\r\\n` doubles the CR.',
        }
      : undefined,
  ),
  headRule('control-character', ['control-character'], ({ line }) => ({
    cause: `A line of the head has a control character: "${visibleBytes(line)}". It is not passed on, because such characters split answers.`,
    mend: 'Take control characters out of values before printing them, above all out of those that came from the request.',
  })),
  headRule('head-too-large', ['too-large'], ({ line }) => ({
    cause: `The head did not end within its limit. The last line that was read is "${visibleBytes(line, 60)}".`,
    mend: 'If the body already began there, print a blank line between head and body. If not, set fewer or smaller fields (cookies?), or allow more: `--max-response-head`.',
  })),
  headRule('status-line-without-nph', ['status-line'], ({ line }, { script }) => {
    const status = /^HTTP\/\S+ +(.*)$/.exec(line)?.[1] ?? '200 OK'
    return {
      cause: `The output begins with "${visibleBytes(line)}", an HTTP status line. Only a script whose name begins with "nph-" speaks HTTP itself (RFC 3875 5).`,
      mend: `Print \`Status: ${visibleBytes(status)}\` instead, or rename it: \`mv ${shellWord(script)} ${shellWord(posix.join(posix.dirname(script), `nph-${posix.basename(script)}`))}\`.`,
    }
  }),
  headRule('nph-without-status-line', ['bad-status-line'], ({ line }, { script }) => ({
    cause: `The script's name begins with "nph-", so its output must begin with a status line of HTTP; it begins with "${visibleBytes(line)}".`,
    mend: `Print \`HTTP/1.1 200 OK\` first, or rename it: \`mv ${shellWord(script)} ${shellWord(posix.join(posix.dirname(script), posix.basename(script).replace(/^nph-/, '')))}\`.`,
  })),
  headRule('bad-status', ['bad-status'], ({ line }) => ({
    cause: `"${visibleBytes(line)}" is no status: ${whyNoStatus(line)}.`,
    mend: 'Print three digits from 200 to 599 and a reason, such as `Status: 404 Not Found`.',
  })),
  headRule('repeated-field', ['repeated-field'], ({ line }) => ({
    cause: `The head has ${visibleBytes(line.split(':')[0] ?? '')} twice, with different values; the second is "${visibleBytes(line)}".`,
    mend: 'Print it once; look for a framework or an error handler that prints a head of its own.',
  })),
  headRule('bad-content-length', ['bad-content-length'], ({ line }) => ({
    cause: `"${visibleBytes(line)}" is no length: it takes one number of bytes, in digits.`,
    mend: 'Leave Content-Length out, the server counts by itself; or print the number of bytes of the encoded body.',
  })),
  headRule('transfer-encoding-set', ['transfer-encoding'], ({ line }) => ({
    cause: `The script prints "${visibleBytes(line)}". How an answer is framed is the server's business (RFC 3875 6.3.3).`,
    mend: 'Leave Transfer-Encoding out and print the body as it is, without chunks.',
  })),
  headRule('empty-location', ['bad-location'], ({ line }) =>
    /^location:\s*$/i.test(line)
      ? {
          cause: 'The script prints a Location without an address.',
          mend: 'Print where to go, `Location: /path` or `Location: https://host/path`; is a variable empty?',
        }
      : undefined,
  ),
  headRule('location-with-space', ['bad-location'], ({ line }) => ({
    cause: `The address in "${visibleBytes(line)}" has white space in it, which no address has.`,
    mend: 'Encode it: `urllib.parse.quote(path)` in Python, `uri_escape` of URI::Escape in Perl, `rawurlencode` in PHP; a space is `%20`.',
  })),
  headRule('no-content-type', ['no-content-type'], ({ line }) => ({
    cause: `The script sends a body and does not say of which type it is. Its head is "${visibleBytes(line)}".`,
    mend: 'Print `Content-Type: text/html; charset=utf-8` before the blank line; it is not guessed, for safety. Or let such answers go out as plain text: `--untyped plain`.',
  })),
]

/** A rule over some faults of the head. */
export function headRule(
  rule: string,
  faults: readonly HeadFault[],
  find: (failure: BadHead, evidence: Evidence, facts: ScriptFacts) => Finding | undefined,
): FailureRule {
  return {
    rule,
    find: (evidence, facts) => {
      const { failure } = evidence
      return failure.kind === 'bad-head' && faults.includes(failure.fault) ? find(failure, evidence, facts) : undefined
    },
  }
}

/** Whether the output begins as a head should. */
export function beginsWithField(outputStart: string): boolean {
  const line = outputStart.split('\n')[0] ?? ''
  return line.includes(':') && isToken(line.slice(0, line.indexOf(':')))
}

function whyNoStatus(line: string): string {
  const value = line.replace(/^status:\s*/i, '')
  if (value === '') return 'it is empty'
  if (value.startsWith('HTTP/')) return 'the HTTP version does not belong there'
  if (/^1\d\d\b/.test(value)) return 'a status from 100 to 199 only announces an answer'
  if (/^\d+\b/.test(value)) return 'there is no such number'
  return 'the number is missing'
}
