// Rules over a file in which the system sees no program: exec(2) answers ENOEXEC.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { Language } from './interpreter.ts'
import type { FileRule } from './rule.ts'
import { shellWord, visibleBytes } from './show.ts'

const firstLines: Readonly<Record<Language, string>> = {
  python: '#!/usr/bin/env python3',
  perl: '#!/usr/bin/env perl',
  php: '#!/usr/bin/env php-cgi',
  ruby: '#!/usr/bin/env ruby',
  node: '#!/usr/bin/env node',
  shell: '#!/bin/sh',
}

export const formatRules: readonly FileRule[] = [
  {
    rule: 'empty-file',
    find: ({ path, type, size }) =>
      type === 'file' && size === 0
        ? {
            cause: `${visibleBytes(path)} is empty: 0 bytes.`,
            mend: 'Copy it to the server again; a full disk or an upload that broke off leaves an empty file.',
          }
        : undefined,
  },
  {
    rule: 'utf-16-file',
    find: ({ path, kind }) => {
      if (kind.form !== 'utf-16') return undefined
      const [from, to] = [shellWord(path), shellWord(`${path}.utf8`)]
      return {
        cause: `${visibleBytes(path)} is saved as UTF-16 ("Unicode" in some editors), in which the system finds no #! line.`,
        mend: `Save it as UTF-8 without a byte order mark: \`iconv -f UTF-16 -t UTF-8 ${from} > ${to} && cat ${to} > ${from} && rm ${to}\`.`,
      }
    },
  },
  {
    rule: 'byte-order-mark',
    find: ({ path, byteOrderMark, shebang }) =>
      byteOrderMark && shebang !== undefined
        ? {
            cause: `Before the "${visibleBytes(shebang.line)}" of ${visibleBytes(path)} stands a byte order mark (EF BB BF), so the system does not see the #!.`,
            mend: `Take the three bytes away: \`sed -i '1s/^\\xEF\\xBB\\xBF//' ${shellWord(path)}\`, and save as "UTF-8 without BOM".`,
          }
        : undefined,
  },
  {
    rule: 'foreign-program',
    find: ({ path, foreign }) =>
      foreign === undefined
        ? undefined
        : {
            cause: `${visibleBytes(path)} is ${foreign}; this is ${process.platform} on ${process.arch}.`,
            mend: `Compile it here, or fetch the build for ${process.platform} ${process.arch}; \`file ${shellWord(path)}\` tells what it is.`,
          },
  },
  {
    rule: 'not-a-program',
    find: ({ path, kind }) =>
      kind.form === 'binary'
        ? {
            cause: `${visibleBytes(path)} is neither a program of this system nor a text with a #! line.`,
            mend: `See what it is, \`file ${shellWord(path)}\`, and copy it to the server again without any conversion.`,
          }
        : undefined,
  },
  {
    rule: 'shebang-not-first',
    find: ({ path, lateShebangLine }) =>
      lateShebangLine === undefined
        ? undefined
        : {
            cause: `The #! of ${visibleBytes(path)} comes too late, in line ${lateShebangLine}: it counts only as the very first two bytes of the file.`,
            mend: `Take away what stands before it: \`sed -i '1,${lateShebangLine}{/^[[:space:]]*$/d;s/^[[:space:]]*#!/#!/}' ${shellWord(path)}\`.`,
          },
  },
  {
    rule: 'no-shebang',
    find: ({ path, type, size, kind, shebang, language, byteOrderMark }) =>
      type === 'file' && size > 0 && kind.form === 'text' && shebang === undefined
        ? {
            cause: `${visibleBytes(path)} has no #! line, so the system does not know which program is to run it.`,
            mend: `${byteOrderMark ? 'Save it without a byte order mark and put' : 'Put'} this before its first line: ${firstLine(language, path)}.`,
          }
        : undefined,
  },
  {
    rule: 'shebang-empty',
    find: ({ path, shebang, language }) =>
      shebang?.interpreter === ''
        ? {
            cause: `The first line of ${visibleBytes(path)} is "#!" and names no interpreter.`,
            mend: `Name it there: ${firstLine(language, path)}.`,
          }
        : undefined,
  },
  {
    rule: 'shebang-too-long',
    find: ({ path, shebang }) =>
      // Linux reads 256 bytes of the file (BINPRM_BUF_SIZE), the #! and the line's end among them.
      shebang !== undefined && shebang.interpreter.length > 253
        ? {
            cause: `The #! line of ${visibleBytes(path)} names an interpreter with ${shebang.interpreter.length} bytes; Linux reads 253 of them.`,
            mend: `Make a short link, \`ln -s ${shellWord(shebang.interpreter)} /usr/local/bin/interpreter\`, and name that.`,
          }
        : undefined,
  },
]

function firstLine(language: Language | undefined, path: ByteString): string {
  const line = language === undefined ? '#!/usr/bin/env NAME-OF-THE-INTERPRETER' : firstLines[language]
  return `\`${line}\`, for instance with \`sed -i '1i ${line}' ${shellWord(path)}\``
}
