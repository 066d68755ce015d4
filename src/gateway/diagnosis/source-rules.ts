// Rules over the text of a script and its folder: what is known to fail before it runs, and what is only a hint.

import type { ScriptFacts } from './inspect-script.ts'
import { isPythonName } from '../../protocol/cgi/shebang.ts'
import { broughtModules, python2Modules, removedModuleMend, removedModules } from './python-modules.ts'
import type { FileRule } from './rule.ts'
import { shellWord, visibleBytes } from './show.ts'
import type { SourceLine } from './source-facts.ts'

/** What will stop the script, as far as reading it tells. */
export const sourceRules: readonly FileRule[] = [
  {
    rule: 'python-module-removed',
    find: (facts) => {
      const lines = removedImports(facts, 'gone').filter(({ text }) => !isBrought(facts, text))
      return lines.length === 0 ? undefined : { cause: removedCause(facts, lines), mend: removedMend(lines) }
    },
  },
  {
    rule: 'python-2-script',
    find: (facts) => {
      const { path, source, interpreterVersion } = facts
      if (facts.language !== 'python' || (interpreterVersion ?? '3').startsWith('2')) return undefined
      const statement = source.printStatement
      if (statement !== undefined)
        return python2(facts, `Line ${statement.number} is "${visibleBytes(statement.text, 60)}"`)
      const module = source.imports.find(({ text }) => python2Modules.has(text))
      if (module === undefined) return undefined
      return python2(facts, `Line ${module.number} of ${visibleBytes(path)} imports "${module.text}"`)
    },
  },
  {
    rule: 'python-module-missing',
    find: ({ path, language, missingModules }) => {
      const missing = (missingModules ?? []).filter((name) => !removedModules.has(name))
      const [module] = missing
      if (language !== 'python' || module === undefined) return undefined
      return {
        cause: `${visibleBytes(path)} imports ${listed(missing)}, which its Python does not have.`,
        mend: `Install what has it, for all users: \`python3 -m pip install ${module}\` (the package may have another name).`,
      }
    },
  },
  {
    rule: 'perl-module-missing',
    find: ({ path, language, missingModules }) => {
      const [module] = missingModules ?? []
      if (language !== 'perl' || module === undefined) return undefined
      const note = module === 'CGI' ? ' CGI.pm is not a part of Perl since 5.22.' : ''
      return {
        cause: `${visibleBytes(path)} uses ${listed(missingModules ?? [])}, which its Perl does not have.${note}`,
        mend: `Install it: \`cpan ${module}\`, or \`apt install ${debianPackage(module)}\` on Debian.`,
      }
    },
  },
]

/** What deserves a look, and stops nothing today. */
export const hintRules: readonly FileRule[] = [
  {
    rule: 'python-module-leaving',
    find: (facts) => {
      const lines = removedImports(facts, 'there')
      return lines.length === 0 ? undefined : { cause: removedCause(facts, lines), mend: removedMend(lines) }
    },
  },
  {
    rule: 'python-cgi-brought',
    find: (facts) => {
      const lines = removedImports(facts, 'gone').filter(({ text }) => isBrought(facts, text))
      if (lines.length === 0) return undefined
      return {
        cause: `${removedCause(facts, lines)} Postern brings modules of these names, and the script runs with them.`,
        mend: 'Nothing has to be done, unless scripts are run with --python-cgi off.',
      }
    },
  },
  {
    rule: 'php-command-line',
    find: ({ path, language, shebang, interpreter, envProgram }) =>
      language === 'php' && shebang !== undefined && !(envProgram ?? interpreter)?.name.includes('php-cgi')
        ? {
            cause: `${visibleBytes(path)} is run by PHP's command-line program, which writes no head and does not know the request.`,
            mend: `Let php-cgi run it: \`sed -i '1s|.*|#!/usr/bin/env php-cgi|' ${shellWord(path)}\`.`,
          }
        : undefined,
  },
  {
    rule: 'carriage-returns',
    find: ({ path, language, shebang, source }) =>
      language === 'shell' && source.carriageReturns && shebang?.carriageReturn === false
        ? {
            cause: `Some lines of ${visibleBytes(path)} end in CR and LF; a shell takes the CR for a part of the last word.`,
            mend: `Make its line ends LF: \`sed -i 's/\\r$//' ${shellWord(path)}\`.`,
          }
        : undefined,
  },
  {
    rule: 'world-writable-script',
    find: ({ path, type, mode }) =>
      type === 'file' && (mode & 0o002) !== 0
        ? {
            cause: `Everybody on this machine may write to ${visibleBytes(path)}, and so let the server run what they like.`,
            mend: `Take that right away: \`chmod o-w ${shellWord(path)}\`.`,
          }
        : undefined,
  },
  {
    rule: 'world-writable-folder',
    find: ({ path, openFolder }) =>
      openFolder === undefined
        ? undefined
        : {
            cause: `Everybody on this machine may put another file in the place of ${visibleBytes(path)}, because ${visibleBytes(openFolder)} is writable for all.`,
            mend: `Take that right away: \`chmod o-w ${shellWord(openFolder)}\`.`,
          },
  },
]

/** Modules that Python has lost: those that this script's Python lacks, or those that it still has. Each once. */
function removedImports(facts: ScriptFacts, which: 'gone' | 'there'): SourceLine[] {
  if (facts.language !== 'python') return []
  const { imports } = facts.source
  return imports.filter(
    ({ text }, index) =>
      removedModules.has(text) &&
      isGone(facts, text) === (which === 'gone') &&
      imports.findIndex((other) => other.text === text) === index,
  )
}

function removedCause({ path }: ScriptFacts, lines: readonly SourceLine[]): string {
  const sentences = lines.map(({ number, text }, index) => {
    const where = index === 0 ? ` of ${visibleBytes(path)}` : ''
    return `Line ${number}${where} imports "${text}", which Python ${removedModules.get(text)} removed.`
  })
  return sentences.join(' ')
}

function removedMend(lines: readonly SourceLine[]): string {
  const [first] = lines
  if (first !== undefined && lines.length === 1) return removedModuleMend(first.text)
  return lines.map(({ text }) => `For "${text}": ${removedModuleMend(text)}`).join(' ')
}

/** Whether the script finds Postern's own module: not where the #! line makes Python leave PYTHONPATH alone. */
function isBrought({ shebang }: ScriptFacts, module: string): boolean {
  if (!broughtModules.has(module) || shebang === undefined) return false
  const program = shebang.envProgram ?? shebang.interpreter
  return isPythonName(program) && !/(?:^|\s)-[a-zA-Z]*[EI]/.test(shebang.argument ?? '')
}

/** An interpreter that was asked knows best; otherwise its version tells. */
function isGone({ interpreterVersion, missingModules }: ScriptFacts, module: string): boolean {
  if (missingModules !== undefined) return missingModules.includes(module)
  const minor = Number(/^3\.(\d+)/.exec(interpreterVersion ?? '')?.[1] ?? '0')
  return minor >= Number(removedModules.get(module)?.slice(2) ?? 'Infinity')
}

function python2({ path, language }: ScriptFacts, seen: string): { cause: string; mend: string } | undefined {
  if (language !== 'python') return undefined
  return {
    cause: `${visibleBytes(path)} is written for Python 2, and Python 3 runs it. ${seen}.`,
    mend: `Translate it: \`2to3 -w ${shellWord(path)}\` does most of it (a part of Python until 3.12).`,
  }
}

function listed(names: readonly string[]): string {
  return names
    .slice(0, 5)
    .map((name) => `"${name}"`)
    .join(', ')
}

function debianPackage(module: string): string {
  return `lib${module.toLowerCase().replaceAll('::', '-')}-perl`
}
