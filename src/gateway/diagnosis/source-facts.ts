// What the text of a script says, read line by line without understanding it. No I/O.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { Language } from './interpreter.ts'

export interface SourceLine {
  readonly number: number
  /** The module's name, or the statement. */
  readonly text: ByteString
}

export interface SourceFacts {
  /** Modules that the script cannot do without: an indented import may stand in a `try` or a function. */
  readonly imports: readonly SourceLine[]
  /** `print "…"`, which is Python 2. */
  readonly printStatement: SourceLine | undefined
  readonly carriageReturns: boolean
}

export function readSource(start: ByteString, language: Language | undefined): SourceFacts {
  const lines = start.split('\n')
  return {
    imports: lines.flatMap((line, index) =>
      importsOf(line, language).map((module) => ({ number: index + 1, text: module })),
    ),
    printStatement: language === 'python' ? printStatement(lines) : undefined,
    carriageReturns: lines.some((line) => line.endsWith('\r')),
  }
}

/** By the file's name, then by words that only one language has. */
export function guessLanguage(path: ByteString, start: ByteString): Language | undefined {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  const byExtension = extensions[extension]
  if (byExtension !== undefined) return byExtension
  if (/^\s*<\?php/.test(start)) return 'php'
  if (/^\s*use (?:strict|warnings|CGI)\b.*;/m.test(start)) return 'perl'
  if (/^(?:import \w+|from \w+ import )/m.test(start) && !start.includes(';\n')) return 'python'
  if (/\brequire\(['"]|^import .* from ['"]/m.test(start)) return 'node'
  return /^(?:echo|printf|cat|exit) /m.test(start) ? 'shell' : undefined
}

const extensions: Readonly<Record<string, Language>> = {
  py: 'python',
  pl: 'perl',
  pm: 'perl',
  php: 'php',
  rb: 'ruby',
  js: 'node',
  mjs: 'node',
  cjs: 'node',
  sh: 'shell',
  bash: 'shell',
}

function importsOf(line: ByteString, language: Language | undefined): ByteString[] {
  if (language === 'perl') {
    const module = /^use ([A-Z]\w*(?:::\w+)*)\b/.exec(line)?.[1]
    return module === undefined ? [] : [module]
  }
  if (language !== 'python') return []
  const from = /^from ([A-Za-z_]\w*)[\w.]* import\b/.exec(line)?.[1]
  if (from !== undefined) return [from]
  const list = /^import ([A-Za-z_][\w., ]*)/.exec(line)?.[1] ?? ''
  return list.split(',').flatMap((item) => /^\s*(\w+)/.exec(item)?.[1] ?? [])
}

function printStatement(lines: readonly ByteString[]): SourceLine | undefined {
  const index = lines.findIndex((line) => /^\s*print\s+(?:u|r|b)?["']/.test(line))
  const line = lines[index]
  return line === undefined ? undefined : { number: index + 1, text: line.trim() }
}
