// Rules over the #! line and the program that it names.

import { posix } from 'node:path'
import type { ByteString } from '../../bytes/byte-string.ts'
import type { ScriptFacts } from './inspect-script.ts'
import type { FileRule, Finding } from './rule.ts'
import { shellWord, visibleBytes } from './show.ts'

export const interpreterRules: readonly FileRule[] = [
  {
    rule: 'crlf-shebang',
    find: ({ path, shebang }) => {
      if (shebang?.carriageReturn !== true) return undefined
      const word = visibleBytes(`${shebang.line.split(/[\t !]+/).at(-1) ?? ''}\r`)
      return {
        cause: `The first line of ${visibleBytes(path)} ends in CR and LF, as on Windows, and the system takes the CR for a part of the last word: it looks for "${word}".`,
        mend: `Make its line ends LF: \`sed -i 's/\\r$//' ${shellWord(path)}\`.`,
      }
    },
  },
  {
    rule: 'interpreter-relative',
    find: ({ path, shebang, interpreter }) => {
      if (shebang === undefined || shebang.interpreter.startsWith('/')) return undefined
      if (interpreter === undefined || interpreter.path !== undefined) return undefined
      return {
        cause: `The #! line of ${visibleBytes(path)} is "${visibleBytes(shebang.line)}": the system does not search PATH for "${visibleBytes(shebang.interpreter)}", it needs the whole path.`,
        mend: rename(path, `#!/usr/bin/env ${posix.basename(shebang.interpreter)}`),
      }
    },
  },
  {
    rule: 'interpreter-missing',
    find: (facts) => {
      const { path, shebang, interpreter } = facts
      if (shebang?.interpreter.startsWith('/') !== true) return undefined
      if (interpreter === undefined || interpreter.path !== undefined) return undefined
      return {
        cause: `The #! line of ${visibleBytes(path)} names ${visibleBytes(interpreter.name)}, and there is no such file.`,
        mend: instead(facts, interpreter.instead, interpreter.name),
      }
    },
  },
  {
    rule: 'loader-missing',
    find: ({ path, shebang, interpreter }) =>
      shebang === undefined && interpreter !== undefined && interpreter.path === undefined
        ? {
            cause: `${visibleBytes(path)} needs the program loader ${visibleBytes(interpreter.name)}, and there is no such file: it was built for another C library or another system.`,
            mend: `Build it here, or as a static program (\`cc -static\`, \`CGO_ENABLED=0 go build\`, target \`*-linux-musl\` for Rust).`,
          }
        : undefined,
  },
  {
    rule: 'interpreter-not-executable',
    find: ({ path, interpreter, envProgram, runsAs }) => {
      const program = [interpreter, envProgram].find((one) => one?.path !== undefined && !one.executable)
      if (program?.path === undefined) return undefined
      return {
        cause: `${visibleBytes(path)} is to be run by ${visibleBytes(program.path)}, which ${runsAs} may not execute.`,
        mend: `Allow it, \`chmod 755 ${shellWord(program.path)}\`, or name another interpreter.`,
      }
    },
  },
  {
    rule: 'env-several-arguments',
    find: ({ path, shebang }) =>
      shebang?.unsplit === true && process.platform !== 'darwin'
        ? {
            cause: `The #! line of ${visibleBytes(path)} gives env several words, "${visibleBytes(shebang.argument ?? '')}". They arrive as one, and env looks for a program of that name.`,
            mend: rename(path, `#!${shebang.interpreter} -S ${shebang.argument ?? ''}`),
          }
        : undefined,
  },
  {
    rule: 'env-program-missing',
    find: (facts) => {
      const { path, envProgram } = facts
      if (envProgram === undefined || envProgram.path !== undefined) return undefined
      return {
        cause: `The #! line of ${visibleBytes(path)} asks env for "${visibleBytes(envProgram.name)}", and no folder of PATH has it.`,
        mend: instead(facts, envProgram.instead, envProgram.name),
      }
    },
  },
  {
    rule: 'shebang-several-arguments',
    find: ({ path, shebang, language }) => {
      if (shebang?.argument === undefined || shebang.envProgram !== undefined || process.platform === 'darwin')
        return undefined
      if (!/^-\S+[\t ]/.test(shebang.argument) || !/^(?:shell|python|node)$/.test(language ?? '')) return undefined
      return {
        cause: `The #! line of ${visibleBytes(path)} has several options, "${visibleBytes(shebang.argument)}". The interpreter gets them as one, spaces and all.`,
        mend: rename(path, `#!/usr/bin/env -S ${shebang.interpreter} ${shebang.argument}`),
      }
    },
  },
]

function instead({ path }: ScriptFacts, found: ByteString | undefined, name: ByteString): Finding['mend'] {
  if (found === undefined) return `Install it (\`command -v ${shellWord(name)}\` must find it), or name another one.`
  const line = /^(?:\/usr)?\/bin\//.test(found) ? `#!${found}` : `#!/usr/bin/env ${posix.basename(found)}`
  return `${visibleBytes(found)} is there. ${rename(path, line)}`
}

/** A new first line. Only lines that need no quoting become a command. */
function rename(path: ByteString, line: ByteString): string {
  if (!/^#![\w./+ =:-]+$/.test(line)) return `Make the first line of ${visibleBytes(path)}: \`${visibleBytes(line)}\`.`
  return `Make the first line \`${line}\`: \`sed -i '1s|.*|${line}|' ${shellWord(path)}\`.`
}
