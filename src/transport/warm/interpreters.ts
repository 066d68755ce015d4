// Which programs a launcher can run: those whose `#!` line names Python or Perl with options that a launcher can be
// started with too. Everything else is started afresh, and where people would expect otherwise the reason is given.

import { statSync } from 'node:fs'
import { bytesOf, type ByteString } from '../../bytes/byte-string.ts'
import { isOfRequest } from '../../protocol/cgi/variable-names.ts'
import { isPythonName } from '../../protocol/cgi/shebang.ts'
import { identityOf } from '../file-identity.ts'
import type { ProgramLook } from '../shebang-cache.ts'

export type Language = 'python' | 'perl'

export interface Interpreter {
  readonly language: Language
  /** As the kernel starts it for such a `#!` line, without the script. */
  readonly command: readonly [ByteString, ...ByteString[]]
}

/** With a reason: it could have been, but for that. */
export type InterpreterChoice = Interpreter | { readonly reason: string } | undefined

/** Those that end a word take the rest of it. A folder from the root: others depend on where the script lies. */
const perlSwitches = String.raw`-(?=\w)(?:[wWXtT]|l[0-7]*|0(?:[0-7]+|x[\da-fA-F]+)?)*(?:C[IOEioSDALa\d]*|I/\S+)?`

/** Options that mean the same for a launcher as for a script. */
const options: Readonly<Record<Language, RegExp>> = {
  python: /^-(?:[bBdEIOPqRsSu]+|W[\w:.]+)$/,
  perl: new RegExp(`^${perlSwitches}(?: +${perlSwitches})*$`),
}

/** Variables that make an interpreter do more at its start or end than a launcher, or a process that waits, can hide. */
const unfit: Readonly<Record<Language | 'node', RegExp>> = {
  python: /^PYTHON(?:INSPECT|VERBOSE|DEBUG|PROFILEIMPORTTIME|DUMPREFS\w*|MALLOCSTATS|STARTUP|TRACEMALLOC|DEVMODE)=./,
  perl: /^PERL5(?:OPT|DB)=./,
  node: /^NODE_(?:OPTIONS|V8_COVERAGE|DEBUG|DEBUG_NATIVE|COMPILE_CACHE|CHANNEL_FD|UNIQUE_ID|USE_ENV_PROXY|REDIRECT_WARNINGS|ICU_DATA|TEST_CONTEXT)=./,
}

const setId = 0o6000

export function chooseInterpreter({ shebang, mode }: ProgramLook): InterpreterChoice {
  if (shebang === undefined || shebang.carriageReturn) return undefined
  const { interpreter, argument, envProgram } = shebang
  const language = languageOf(envProgram ?? interpreter)
  if (language === undefined || !interpreter.startsWith('/')) return undefined
  if ((mode & setId) !== 0) return { reason: 'it is set-user-ID or set-group-ID' }
  if (argument === undefined) return { language, command: [interpreter] }
  if (envProgram !== undefined) {
    return argument === envProgram
      ? { language, command: [interpreter, envProgram] }
      : { reason: `its #! line gives env more than a name: ${argument}` }
  }
  return options[language].test(argument)
    ? { language, command: [interpreter, argument] }
    : { reason: `its #! line has the option ${argument}` }
}

function languageOf(program: ByteString): Language | undefined {
  if (isPythonName(program)) return 'python'
  return /(?:^|\/)perl(?:5[\d.]*)?$/.test(program) ? 'perl' : undefined
}

/** The variables that the interpreter finds at its start, whatever the request; or the one that forbids a launcher. */
export function launcherEnvironment(
  language: Language | 'node',
  environment: readonly ByteString[],
  ofRequestAlone?: ReadonlySet<string>,
): { readonly environment: readonly ByteString[] } | { readonly reason: string } {
  const lasting: ByteString[] = []
  for (const entry of environment) {
    const name = entry.slice(0, entry.indexOf('='))
    if (isOfRequest(name) || ofRequestAlone?.has(name) === true) continue
    if (unfit[language].test(entry)) return { reason: `${name} is set` }
    if (language === 'python' && name === 'PYTHONPATH' && hasRelativeFolder(entry.slice(name.length + 1))) {
      return { reason: 'PYTHONPATH has a folder that is not absolute, and so another one for each script' }
    }
    lasting.push(entry)
  }
  return { environment: lasting }
}

function hasRelativeFolder(path: ByteString): boolean {
  return path !== '' && path.split(':').some((folder) => !folder.startsWith('/'))
}

/** The file that would run, as it is at present: something else after each change, and when it comes or goes. */
export function identifyInterpreter(
  { command }: Interpreter | Pick<Interpreter, 'command'>,
  environment: readonly ByteString[],
): string {
  const [program, ofEnv] = command
  if (!program.endsWith('/env') || ofEnv === undefined) return identify(program)
  const path = environment.find((entry) => entry.startsWith('PATH='))?.slice(5) ?? ''
  return path
    .split(':')
    .map((folder) => identify(`${folder}/${ofEnv}`))
    .join()
}

function identify(path: ByteString): string {
  try {
    return identityOf(statSync(bytesOf(path), { bigint: true }))
  } catch {
    return 'missing'
  }
}
