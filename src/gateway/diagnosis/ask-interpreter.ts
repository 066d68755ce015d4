// Questions to a script's interpreter that it answers without running the script: its version, whether modules are
// there, whether the script reads well. For the doctor alone; a request never waits for this.
// Security: a script names its interpreter; only one on PATH, or root's own, is started. Languages that run a part of a
// script while they read it (Perl's BEGIN) are not asked to read it.

import { execFile, type ExecFileOptionsWithStringEncoding } from 'node:child_process'
import { posix } from 'node:path'
import { byteStringOfText, textOf, type ByteString } from '../../bytes/byte-string.ts'
import { defaultSearchPath, type ScriptFacts } from './inspect-script.ts'
import type { Language } from './interpreter.ts'
import { realPath, statusOfFile } from './look.ts'

export interface Answers {
  readonly version: string | undefined
  readonly missingModules: readonly string[] | undefined
  /** What the interpreter says of a script that it cannot read. */
  readonly unreadable: { readonly exitCode: number; readonly message: string } | undefined
}

interface Questions {
  readonly version?: readonly string[]
  /** Names of modules follow; prints those that are missing, one a line. `folder` is the script's. */
  readonly modules?: (folder: string) => readonly string[]
  /** The script's path follows. */
  readonly read?: readonly string[]
}

const pythonModules = `import sys
sys.path.pop(0)
import importlib.util
sys.path.insert(0, sys.argv[1])
print("\\n".join(name for name in sys.argv[2:] if importlib.util.find_spec(name) is None))`

const perlModules = `my $folder = shift;
for my $name (@ARGV) { (my $file = "$name.pm") =~ s{::}{/}g; print "$name\\n" unless grep { -e "$_/$file" } $folder, @INC }`

const questions: Readonly<Record<Language, Questions>> = {
  python: {
    version: ['--version'],
    modules: (folder) => ['-E', '-c', pythonModules, folder],
    read: [
      '-E',
      '-c',
      'import sys; sys.path.pop(0); import ast; ast.parse(open(sys.argv[1], "rb").read(), sys.argv[1])',
    ],
  },
  perl: { version: ['-e', 'printf "Perl %vd", $^V'], modules: (folder) => ['-e', perlModules, folder] },
  php: { version: ['--version'], read: ['-l'] },
  ruby: { version: ['--version'] },
  node: { version: ['--version'], read: ['--check'] },
  shell: { read: ['-n'] },
}

const limitMs = 2000

/** Asks what can be asked; what stays unanswered is undefined. */
export async function askInterpreter(facts: ScriptFacts): Promise<Answers> {
  const { language, path, source } = facts
  const interpreter = trusted(facts)
  if (language === undefined || interpreter === undefined) return unanswered
  const { version, modules, read } = questions[language]
  const script = textOf(path)
  const names = [...new Set(source.imports.map(({ text }) => text))].filter((name) => name !== '__main__')
  const [versionRun, modulesRun, readRun] = await Promise.all([
    version === undefined ? undefined : run(interpreter, version),
    modules === undefined ? undefined : run(interpreter, [...modules(posix.dirname(script)), ...names]),
    read === undefined ? undefined : run(interpreter, [...read, script]),
  ])
  return {
    version: versionRun?.exitCode === 0 ? /\d+\.\d+(?:\.\d+)?/.exec(versionRun.output)?.[0] : undefined,
    missingModules:
      modulesRun?.exitCode === 0 ? modulesRun.output.split('\n').filter((line) => line !== '') : undefined,
    unreadable:
      readRun === undefined || readRun.exitCode === 0
        ? undefined
        : { exitCode: readRun.exitCode, message: readRun.output },
  }
}

const unanswered: Answers = { version: undefined, missingModules: undefined, unreadable: undefined }

function trusted({ envProgram, interpreter }: ScriptFacts): ByteString | undefined {
  const program = envProgram ?? interpreter
  if (program?.path === undefined || !program.executable) return undefined
  const searched = byteStringOfText(process.env['PATH'] ?? defaultSearchPath).split(':')
  if (searched.includes(posix.dirname(program.path))) return program.path
  const status = statusOfFile(realPath(program.path) ?? program.path)
  return typeof status !== 'string' && status.ownerId === 0 ? program.path : undefined
}

interface Run {
  readonly exitCode: number
  /** Standard error, then standard output. */
  readonly output: string
}

/** Undefined: it did not start, or not end in time. */
function run(program: ByteString, words: readonly string[]): Promise<Run | undefined> {
  const env = { PATH: process.env['PATH'] ?? defaultSearchPath, LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' }
  return new Promise((resolve) => {
    const options: ExecFileOptionsWithStringEncoding = {
      cwd: '/',
      env,
      timeout: limitMs,
      killSignal: 'SIGKILL',
      maxBuffer: 65_536,
      encoding: 'utf8',
    }
    const child = execFile(textOf(program), words, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code
      resolve(typeof exitCode === 'number' ? { exitCode, output: stderr + stdout } : undefined)
    })
    child.stdin?.end()
  })
}
