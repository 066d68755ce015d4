// Rules over output that is no head at all, or a head that runs into its body: something else was printed there.

import type { HeadFault } from '../../events/failures.ts'
import type { FailureRule } from './rule.ts'
import { beginsWithField, headRule } from './head-rules.ts'
import { byteOrderMark } from '../../protocol/cgi/shebang.ts'
import { shellWord, visible, visibleBytes } from './show.ts'

const unreadable: readonly HeadFault[] = [
  'not-a-field',
  'no-blank-line',
  'control-character',
  'too-large',
  'empty-head',
]

/** One wrong character spoils a head, whatever else happened. */
export const headSpellingRules: readonly FailureRule[] = [
  headRule('byte-order-mark-in-output', unreadable, ({ line }, { outputStart, script }) =>
    outputStart.startsWith(byteOrderMark) || line.startsWith(byteOrderMark)
      ? {
          cause:
            'The output begins with a byte order mark (EF BB BF), which makes the name of the first field unreadable.',
          mend: `Save the script and the files that it includes as UTF-8 without it: \`sed -i '1s/^\\xEF\\xBB\\xBF//' ${shellWord(script)}\`.`,
        }
      : undefined,
  ),
  headRule('literal-newline', ['no-blank-line', 'not-a-field', 'folded-line'], ({ line }, { outputStart }) => {
    const first = [line, outputStart.split('\n')[0] ?? ''].find((text) => /^[\w-]+:.*\\n/.test(text))
    return first === undefined
      ? undefined
      : {
          cause: `The script prints a backslash and an "n" where it should end a line: "${visibleBytes(first)}".`,
          mend: "In a shell use `printf 'Content-Type: text/html\\n\\n'` instead of echo; in Perl and PHP use double quotes around `\\n`.",
        }
  }),
]

export const headTextRules: readonly FailureRule[] = [
  headRule('traceback-before-head', ['not-a-field', 'folded-line'], ({ line }, { outputStart }) => {
    const error =
      /Traceback \(most recent call last\)|^panic: |Exception in thread|(?:Fatal|Parse) error(?:<\/b>)?:|Uncaught [\w\\]*(?:Error|Exception)/m
    const found = outputStart.split('\n').find((text) => error.test(text)) ?? (error.test(line) ? line : undefined)
    return found === undefined
      ? undefined
      : {
          cause: `The script failed, and printed why in place of a head: "${visible(lastWords(outputStart, found))}".`,
          mend: 'Mend what it says there. Print the head first, and send messages to standard error, not to standard output.',
        }
  }),
  headRule('warning-before-head', ['not-a-field', 'empty-head', 'folded-line'], ({ line }, { outputStart }) => {
    const warning =
      /^(?:<br \/>)?(?:<b>)?(?:PHP )?(?:Warning|Notice|Deprecated|Strict Standards|WARNING|warning)(?:<\/b>)?\b.*|.*\b\w*Warning: .*/m
    const found = warning.exec(line) ?? (beginsWithField(outputStart) ? null : warning.exec(outputStart))
    return found === null
      ? undefined
      : {
          cause: `A warning was printed where the head should be: "${visibleBytes(found[0].replaceAll(/<[^>]*>/g, ''))}".`,
          mend: 'Mend its cause, and send warnings to standard error: `display_errors=stderr` in php.ini, `>&2` in a shell.',
        }
  }),
  headRule('php-command-line', ['not-a-field', 'empty-head', 'no-blank-line'], (_, { script, outputStart }, facts) => {
    const program = (facts.envProgram ?? facts.interpreter)?.name ?? ''
    if (facts.language !== 'php' || program.includes('cgi') || beginsWithField(outputStart)) return undefined
    return {
      cause: `PHP's command-line program, ${visibleBytes(program)}, runs the script. It writes no head and does not know the request.`,
      mend: `Let php-cgi run it: \`sed -i '1s|.*|#!/usr/bin/env php-cgi|' ${shellWord(script)}\`.`,
    }
  }),
  headRule('misspelt-content-type', ['not-a-field'], ({ line }) =>
    /^content[ _-]?type\b/i.test(line)
      ? {
          cause: `The line "${visibleBytes(line)}" is meant to be a Content-Type, and is not written like one.`,
          mend: 'Write it with a hyphen and a colon right behind the name: `Content-Type: text/html; charset=utf-8`.',
        }
      : undefined,
  ),
  headRule('space-in-field-name', ['not-a-field'], ({ line }) =>
    /^[A-Z][A-Za-z-]*(?: [A-Z][a-z]+)* ?:\s/.test(line)
      ? {
          cause: `The name of the field in "${visibleBytes(line)}" has a space in it or behind it.`,
          mend: `Write it without: \`${visibleBytes(line.replace(/^[^:]*/, (name) => name.trim().replaceAll(' ', '-')))}\`.`,
        }
      : undefined,
  ),
  headRule('no-blank-line', ['no-blank-line', 'not-a-field'], ({ line, fault }, { outputStart }) => {
    if (fault === 'not-a-field' && !beginsWithField(outputStart)) return undefined
    return {
      cause:
        fault === 'not-a-field'
          ? `The body begins without a blank line after the head: after the fields comes "${visibleBytes(line)}".`
          : `The output ended within the head, after "${visibleBytes(line)}", without the blank line that ends it.`,
      mend: 'Print an empty line after the last field: `print()` in Python, `print "\\n";` in Perl, `echo` in a shell.',
    }
  }),
  headRule('html-before-head', ['not-a-field', 'too-large'], ({ line }) =>
    /^\s*<[!?A-Za-z]/.test(line)
      ? {
          cause: `The output begins with HTML, without a head before it: "${visibleBytes(line)}".`,
          mend: 'Print the head first: `print("Content-Type: text/html; charset=utf-8\\n")` in Python, `printf \'Content-Type: text/html\\n\\n\'` in a shell.',
        }
      : undefined,
  ),
  headRule('binary-before-head', ['not-a-field', 'control-character', 'too-large'], ({ line }, { outputStart }) =>
    !beginsWithField(outputStart) && /[\x00-\x08\x0e-\x1f]/.test(line.slice(0, 64))
      ? {
          cause: `The output begins with data that is no text: "${visibleBytes(line, 40)}".`,
          mend: "Print the head first and flush it, such as `printf 'Content-Type: image/png\\n\\n'`; in Python call `sys.stdout.flush()` before writing to `sys.stdout.buffer`.",
        }
      : undefined,
  ),
  headRule('text-before-head', ['not-a-field'], ({ line }) => ({
    cause: `The output begins with "${visibleBytes(line)}", which is no line of a head.`,
    mend: 'Print `Content-Type: text/plain; charset=utf-8` and a blank line before anything else; send messages of your own to standard error.',
  })),
]

/** Of a traceback on standard output the last line says what happened. */
function lastWords(output: string, found: string): string {
  const lines = output.slice(output.indexOf(found)).split('\n')
  const message = lines.slice(1).find((line) => /^[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit)\b/.test(line))
  return (message ?? found).replaceAll(/<[^>]*>/g, '')
}
