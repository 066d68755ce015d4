// Executors of FastCGI programs that we start ourselves: of files that are such programs (`.fcgi`), and of php-cgi, which
// runs other files. Each program has its pool, which is made when it is first asked for.

import { byteStringOfText, type ByteString } from '../bytes/byte-string.ts'
import { FastCgiProgramPool, type FastCgiProgramPoolOptions } from '../transport/fastcgi-programs/pool.ts'
import type { ProgramGuard } from '../transport/fastcgi-programs/guard.ts'
import type { Cancellation, Executor, GatewayRequest, Started } from './executor.ts'
import { FastCgiExecutor } from './fastcgi.ts'

/** What all programs of a destination share. */
export type FastCgiProgramSettings = Omit<FastCgiProgramPoolOptions, 'start'> & {
  readonly environment: ReadonlyMap<string, ByteString>
}

/** Pools of files; those used longest ago end first. */
const mostPools = 32

interface Running {
  readonly pool: FastCgiProgramPool
  readonly executor: FastCgiExecutor
}

function run(
  settings: FastCgiProgramSettings,
  path: ByteString,
  words: readonly ByteString[],
  folder: ByteString,
): Running {
  const { environment, ...options } = settings
  const entries = [...environment].map(([name, value]) => `${name}=${value}`)
  const pool = new FastCgiProgramPool({ ...options, start: { path, words, folder, environment: entries } })
  return {
    pool,
    executor: new FastCgiExecutor({ source: pool, role: 'responder', keepsConnections: true }),
  }
}

/** A pool for each file that a request resolves to. */
export class FastCgiFilesExecutor implements Executor {
  readonly #settings: FastCgiProgramSettings
  readonly #guard: ProgramGuard
  readonly #words: readonly ByteString[]
  /** By path, the one used last at the end. */
  readonly #running = new Map<ByteString, Running>()
  readonly #ending = new Set<Promise<void>>()
  #isDisposed = false

  /** `words`: arguments of every program. */
  constructor(settings: FastCgiProgramSettings, words: readonly ByteString[] = []) {
    this.#settings = settings
    this.#guard = settings.guard
    this.#words = words
  }

  run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    const { program } = request
    if (program === undefined) throw new TypeError('this executor needs a program')
    if (this.#isDisposed) return Promise.resolve({ kind: 'failed', failure: { kind: 'shutting-down' } })
    const running = this.#running.get(program.path) ?? run(this.#settings, program.path, this.#words, program.folder)
    this.#running.delete(program.path)
    this.#running.set(program.path, running)
    if (this.#running.size > mostPools) this.#endOldest(running)
    return running.executor.run(request, signal)
  }

  async restart(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ pool }) => pool.restart()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    await Promise.all([...this.#running.values()].map(({ executor }) => executor[Symbol.asyncDispose]()))
    await Promise.all(this.#ending)
    await this.#guard[Symbol.asyncDispose]()
  }

  #endOldest(except: Running): void {
    for (const [path, running] of this.#running) {
      const { pool, executor } = running
      if (running === except || !pool.isIdle) continue
      this.#running.delete(path)
      const ending = executor[Symbol.asyncDispose]().finally(() => this.#ending.delete(ending))
      this.#ending.add(ending)
      return
    }
  }
}

export interface PhpExecutorOptions {
  readonly settings: FastCgiProgramSettings
  /** Looks for php-cgi; undefined: there is none now. */
  readonly find: () => string | undefined
  /** What it is called where it is missing. */
  readonly name: string
  /** `-d name=value` of the settings. Security: CVE-2012-1823, CVE-2024-4577: no other argument is ever given to it. */
  readonly words: readonly ByteString[]
}

/** All scripts go to one pool of php-cgi. */
export class PhpExecutor implements Executor {
  readonly #options: PhpExecutorOptions
  #running: Running | undefined
  #isDisposed = false

  constructor(options: PhpExecutorOptions) {
    this.#options = options
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    if (this.#isDisposed) return { kind: 'failed', failure: { kind: 'shutting-down' } }
    if (this.#running === undefined) {
      const { find, name, settings, words } = this.#options
      const path = find()
      if (path === undefined) return { kind: 'failed', failure: { kind: 'interpreter-missing', interpreter: name } }
      this.#running = run(phpSettings(settings), byteStringOfText(path), words, '/')
    }
    return this.#running.executor.run(request, signal)
  }

  async restart(): Promise<void> {
    await this.#running?.pool.restart()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    await this.#running?.executor[Symbol.asyncDispose]()
    await this.#options.settings.guard[Symbol.asyncDispose]()
  }
}

/** The pool counts processes and requests itself; php-cgi would fork, and end after 500. */
function phpSettings(settings: FastCgiProgramSettings): FastCgiProgramSettings {
  const environment = new Map(settings.environment)
  environment.delete('PHP_FCGI_CHILDREN')
  environment.set('PHP_FCGI_MAX_REQUESTS', '0')
  return { ...settings, environment }
}
