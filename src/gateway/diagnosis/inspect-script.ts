// A script's file as facts, for the rules that judge it. Looks, never runs; what cannot be looked at is a fact too.

import { userInfo } from 'node:os'
import { posix } from 'node:path'
import type { ByteString } from '../../bytes/byte-string.ts'
import { fileKind, foreignProgram, type FileKind } from './file-kind.ts'
import { findProgram, languageOf, versionByName, type FoundProgram, type Language } from './interpreter.ts'
import { linkTarget, readStart, refusal, statusOfFile, type FileType } from './look.ts'
import { byteOrderMark, lateShebangLine, readShebang, type Shebang } from '../../protocol/cgi/shebang.ts'
import { guessLanguage, readSource, type SourceFacts } from './source-facts.ts'
import { inspectSurroundings, type Surroundings } from './surroundings.ts'

/** What the file's first bytes say. */
interface Content {
  readonly kind: FileKind
  /** What it is, if it is a program that cannot run here. */
  readonly foreign: string | undefined
  readonly byteOrderMark: boolean
  readonly shebang: Shebang | undefined
  /** The line of a `#!` that does not stand at the very beginning. */
  readonly lateShebangLine: number | undefined
  /** What the #! line names, or the loader that a compiled program asks for. */
  readonly interpreter: FoundProgram | undefined
  readonly envProgram: FoundProgram | undefined
  /** Of its interpreter; without one, a guess. */
  readonly language: Language | undefined
  /** As far as it is known without asking the interpreter. */
  readonly interpreterVersion: string | undefined
  readonly source: SourceFacts
}

export interface ScriptFacts extends Surroundings, Content {
  readonly path: ByteString
  /** The system's code where it cannot even be looked at, such as ENOENT or EACCES. */
  readonly lookError: string | undefined
  /** Where it leads, if it is a symbolic link. */
  readonly linkTo: ByteString | undefined
  /** Of what a link leads to; undefined where it cannot be looked at. */
  readonly type: FileType | undefined
  readonly size: number
  readonly mode: number
  readonly ownerId: number
  /** By this process. */
  readonly executable: boolean
  readonly readable: boolean
  /** The user that this process runs as, in words. */
  readonly runsAs: string
  /** Modules that the interpreter did not find; undefined: it was not asked. */
  readonly missingModules: readonly string[] | undefined
}

const lookedAtBytes = 65_536

export const defaultSearchPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Never throws. `searchPath` is the PATH with which the script will run. */
export function inspectScript(
  path: ByteString,
  searchPath: string = process.env['PATH'] ?? defaultSearchPath,
): ScriptFacts {
  const looked = statusOfFile(path)
  const status = typeof looked === 'string' ? undefined : looked
  const start = status?.type === 'file' ? readStart(path, lookedAtBytes) : undefined
  return {
    path,
    lookError: typeof looked === 'string' ? looked : undefined,
    linkTo: linkTarget(path),
    type: status?.type,
    size: status?.size ?? 0,
    mode: status?.mode ?? 0,
    ownerId: status?.ownerId ?? -1,
    executable: refusal(path, 'execute') === undefined,
    readable: refusal(path, 'read') === undefined,
    runsAs: ourUser(),
    ...readContent(path, start ?? '', searchPath),
    missingModules: undefined,
    ...inspectSurroundings(path),
  }
}

function readContent(path: ByteString, start: ByteString, searchPath: string): Content {
  const kind = fileKind(start)
  const shebang = readShebang(start)
  const named = shebang === undefined ? kind.loader : shebang.interpreter
  // A name without a slash at its front counts from the working folder, which is the script's own.
  const interpreter =
    named === undefined || named === '' ? undefined : findProgram(posix.resolve(posix.dirname(path), named), searchPath)
  const envProgram = shebang?.envProgram === undefined ? undefined : findProgram(shebang.envProgram, searchPath)
  const reader = envProgram ?? (shebang === undefined ? undefined : interpreter)
  const language = reader === undefined ? guessLanguage(path, start) : languageOf(reader.name)
  return {
    kind,
    foreign: foreignProgram(kind, process.platform, process.arch),
    byteOrderMark: start.startsWith(byteOrderMark),
    shebang,
    lateShebangLine: kind.form === 'text' ? lateShebangLine(start) : undefined,
    interpreter,
    envProgram,
    language,
    interpreterVersion: reader?.path === undefined ? undefined : versionByName(reader.path),
    source: readSource(kind.form === 'text' ? start : '', language),
  }
}

function ourUser(): string {
  try {
    return userInfo().username
  } catch {
    return `user number ${process.getuid?.() ?? 'unknown'}` // A user without an entry, as containers have them.
  }
}
