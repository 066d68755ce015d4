// Rules over what a shell, or `env`, wrote to standard error. `NAME: 12: …` is dash, `NAME: line 12: …` is bash.

import { posix } from 'node:path'
import type { ByteString } from '../../bytes/byte-string.ts'
import type { ScriptFacts } from './inspect-script.ts'
import type { Finding, StderrRule } from './rule.ts'
import { shellWord, textWord, visible, visibleBytes } from './show.ts'

export const shellRules: readonly StderrRule[] = [
  {
    rule: 'env-several-arguments',
    pattern: /env: use -\[v\]S to pass options in shebang lines/,
    find: (_, { path, shebang }) =>
      shebang?.unsplit === true
        ? {
            cause: `The #! line of ${visibleBytes(path)} gives env several words, "${visibleBytes(shebang.argument ?? '')}". They arrive as one.`,
            mend: `Let env split them: \`#!${visibleBytes(shebang.interpreter)} -S ${visibleBytes(shebang.argument ?? '')}\`.`,
          }
        : undefined,
  },
  {
    rule: 'env-program-missing',
    pattern: /(?:^|\/)env: (?:can't execute )?[‘'"]?([^\n]*?)[’'"]?: No such file or directory/m,
    find: ([, name = ''], { envProgram }) =>
      // With a CR in its name, or as the #! line says it, a look at the file knows more.
      /\\r|\r/.test(name) || (envProgram !== undefined && envProgram.path === undefined)
        ? undefined
        : {
            cause: `env looked for the interpreter "${visible(name)}" on PATH and did not find it.`,
            mend: `Install it, or name an interpreter that is there; \`command -v ${textWord(name)}\` tells where it is. The server's PATH need not be yours.`,
          },
  },
  {
    rule: 'carriage-returns',
    pattern: /\r: (?:command )?not found|\$'[^'\n]*\\r'|[Ss]yntax error/,
    find: (_, facts) =>
      facts.source.carriageReturns
        ? {
            cause: `Lines of ${visibleBytes(facts.path)} end in CR and LF, as on Windows; the shell takes the CR for a part of the last word.`,
            mend: `Make its line ends LF: \`sed -i 's/\\r$//' ${shellWord(facts.path)}\`.`,
          }
        : undefined,
  },
  {
    rule: 'shebang-several-arguments',
    pattern: /(?:Illegal option -|invalid option|bad option|Unknown option)[^\n]*/,
    find: ([message], { path, shebang }) =>
      shebang?.argument === undefined || !/[\t ]/.test(shebang.argument)
        ? undefined
        : {
            cause: `The #! line of ${visibleBytes(path)} has several options, "${visibleBytes(shebang.argument)}", which arrive as one: "${visible(message)}".`,
            mend: `Let env split them: \`#!/usr/bin/env -S ${visibleBytes(shebang.interpreter)} ${visibleBytes(shebang.argument)}\`.`,
          },
  },
  {
    rule: 'bash-script-run-by-sh',
    pattern:
      /^([^\n]*?): (\d+): ((?:\[\[|declare|function|shopt|source|pushd|local): not found|Syntax error: "\(" unexpected|Syntax error: redirection unexpected|Bad substitution)/m,
    find: ([, , line = '', message = ''], facts) =>
      runBy(facts) === 'bash'
        ? undefined
        : {
            cause: `Line ${line} of ${visibleBytes(facts.path)} is written for bash, and ${visibleBytes(runBy(facts))} runs it: "${visible(message)}".`,
            mend: `Let bash run it: \`sed -i '1s|.*|#!/bin/bash|' ${shellWord(facts.path)}\`.`,
          },
  },
  {
    rule: 'command-not-found',
    pattern: /^([^\n]*?): (?:line )?(\d+): ([^\n]*?): (?:command )?not found$/m,
    find: (match) =>
      atLine(match, (command) => ({
        cause: `calls "${visible(command)}", and no folder of PATH has such a command`,
        mend: `Install it, or write its whole path: \`command -v ${textWord(command)}\`. The server's PATH need not be yours.`,
      })),
  },
  {
    rule: 'command-forbidden',
    pattern: /^([^\n]*?): (?:line )?(\d+): ([^\n]*?): Permission denied$/m,
    find: (match, { runsAs }) =>
      match[3]?.startsWith('cannot ') === true
        ? undefined
        : atLine(match, (command) => ({
            cause: `calls ${visible(command)}, which ${runsAs}, as which the server runs, may not execute or write`,
            mend: `Look at its rights, and give what it needs: \`ls -l ${textWord(command)}\`.`,
          })),
  },
  {
    rule: 'shell-syntax-error',
    pattern: /^([^\n]*?): (?:line )?(\d+): ([Ss]yntax error[^\n]*|unexpected EOF [^\n]*)/m,
    find: ([, script = '', line = '', message = ''], facts) => ({
      cause: `The shell cannot read ${visible(script)}. At line ${line} it says "${visible(message)}".`,
      mend: `Correct that line; \`${runBy(facts)} -n ${shellWord(facts.path)}\` tells whether it reads well.`,
    }),
  },
  {
    rule: 'variable-missing',
    pattern: /^([^\n]*?): (?:line )?(\d+): (\w+): (?:parameter not set|unbound variable)$/m,
    find: (match) =>
      atLine(match, (name) => ({
        cause: `asks for the variable ${name}, which this request does not have (set -u)`,
        mend: `Ask in a way that may find nothing: \`\${${name}:-}\`.`,
      })),
  },
]

function atLine([, script = '', line = '', word = '']: RegExpExecArray, tell: (word: string) => Finding): Finding {
  const { cause, mend } = tell(word)
  return { cause: `Line ${line} of ${visible(script)} ${cause}.`, mend }
}

function runBy({ envProgram, interpreter }: ScriptFacts): ByteString {
  return posix.basename((envProgram ?? interpreter)?.name ?? 'sh')
}
