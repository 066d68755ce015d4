// Python 3.13 dropped the modules `cgi` and `cgitb`. A spawner around another that lends a script stand-ins for them
// (launchers/python-cgi), where its interpreter is a Python that lacks them. It changes PYTHONPATH and nothing else.

import { execFile } from 'node:child_process'
import { statSync, type BigIntStats } from 'node:fs'
import { join, posix } from 'node:path'
import { LRUCache } from 'lru-cache'
import { byteStringOfText, bytesOf, textOf, type ByteString } from '../bytes/byte-string.ts'
import { isPythonName, type Shebang } from '../protocol/cgi/shebang.ts'
import { identityOf } from './file-identity.ts'
import { launchersFolder } from './launcher-files.ts'
import type { ProgramProcess, ProgramStart, Spawner } from './program-process.ts'
import type { ShebangCache } from './shebang-cache.ts'

/** Whether an interpreter lacks the modules; undefined: it did not say. */
type AskPython = (interpreter: ByteString) => Promise<boolean | undefined>

interface Parts {
  readonly inner: Spawner
  readonly shebangs: ShebangCache
  readonly ask?: AskPython
}

/** How long an interpreter that did not answer is not asked again. */
const retryMs = 60_000

export class PythonCgiSpawner implements Spawner {
  readonly #inner: Spawner
  readonly #shebangs: ShebangCache
  readonly #ask: AskPython
  readonly #folder = byteStringOfText(join(launchersFolder(), 'python-cgi'))
  /** By the interpreter's path and what lies there. The path is not resolved: a virtual environment is a link. */
  readonly #lacking = new LRUCache<string, Promise<boolean>>({ max: 256 })

  constructor({ inner, shebangs, ask = askPython }: Parts) {
    this.#inner = inner
    this.#shebangs = shebangs
    this.#ask = ask
  }

  async start(program: ProgramStart): Promise<ProgramProcess> {
    const shebang = this.#shebangs.look(program.path)?.shebang
    const interpreter = shebang === undefined ? undefined : pythonOf(shebang, program)
    const isLacking = interpreter !== undefined && (await this.#lacks(interpreter))
    return this.#inner.start(isLacking ? this.#lent(program) : program)
  }

  #lent(program: ProgramStart): ProgramStart {
    const before = valueOf(program.environment, 'PYTHONPATH')
    const rest = program.environment.filter((entry) => !entry.startsWith('PYTHONPATH='))
    // An empty entry would be the working folder.
    const folders = before === undefined || before === '' ? this.#folder : `${before}:${this.#folder}`
    return { ...program, environment: [...rest, `PYTHONPATH=${folders}`] }
  }

  #lacks(interpreter: ByteString): Promise<boolean> {
    const status = statusOf(interpreter)
    if (status === undefined) return Promise.resolve(false)
    const key = `${identityOf(status)} ${interpreter}`
    const known = this.#lacking.get(key)
    if (known !== undefined) return known
    const asked = this.#ask(interpreter).then((answer) => {
      if (answer === undefined) this.#lacking.set(key, Promise.resolve(false), { ttl: retryMs })
      return answer ?? false
    })
    this.#lacking.set(key, asked)
    return asked
  }
}

/** The path of the Python that a #! line names. */
function pythonOf({ interpreter, envProgram, unsplit }: Shebang, program: ProgramStart): ByteString | undefined {
  const named = envProgram ?? interpreter
  if (unsplit || !isPythonName(named)) return undefined
  // What names a path counts from the working folder; `env` looks for all else on PATH.
  if (envProgram === undefined || named.includes('/')) return posix.resolve(program.cwd, named)
  const folders = (valueOf(program.environment, 'PATH') ?? '').split(':')
  return folders.map((folder) => posix.resolve(program.cwd, folder, named)).find(isFile)
}

/** What cannot be looked at cannot be started either, and then says so itself. */
function statusOf(path: ByteString): BigIntStats | undefined {
  try {
    return statSync(bytesOf(path), { bigint: true })
  } catch {
    return undefined
  }
}

/** As env(1) looks: a folder that may not be entered, or a link without end, is passed over. */
function isFile(path: ByteString): boolean {
  try {
    const status = statSync(bytesOf(path))
    return status.isFile() && (status.mode & 0o111) !== 0
  } catch {
    return false
  }
}

function valueOf(environment: readonly ByteString[], name: string): ByteString | undefined {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1)
}

// Python 2 must be able to read it. Packages that bring the modules back count: then nothing is lacking.
const question = `import sys
if sys.version_info >= (3, 13):
    sys.path[:1] = []
    import importlib.util
    print("lacking" if not all(map(importlib.util.find_spec, ("cgi", "cgitb"))) else "whole")
else:
    print("whole")`

const answerMs = 10_000

/** Security: this starts no program that the script itself would not be run by, as the same user. */
function askPython(interpreter: ByteString): Promise<boolean | undefined> {
  const path = process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'
  const options = {
    cwd: '/',
    env: { PATH: path },
    timeout: answerMs,
    killSignal: 'SIGKILL',
    maxBuffer: 65_536,
  } as const
  return new Promise((resolve) => {
    const child = execFile(textOf(interpreter), ['-E', '-c', question], options, (error, output) => {
      resolve(error === null ? output.trim() === 'lacking' : undefined)
    })
    child.stdin?.end()
  })
}
