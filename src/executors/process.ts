// The process executor: a fresh program for every request, which is plain CGI (RFC 3875 section 7.2).
// The request's body goes in while the answer comes out, so that neither side waits for the other for ever.

import { pipeline } from 'node:stream/promises'
import type { ByteString } from '../bytes/byte-string.ts'
import type { GatewayFailure } from '../events/failures.ts'
import { endProcessGroup } from '../transport/process-group.ts'
import { StartError, type ProgramProcess, type ProgramStart, type Spawner } from '../transport/program-process.ts'
import { SpooledFile } from '../transport/spool.ts'
import type { Cancellation, Executor, GatewayRequest, Program, Started } from './executor.ts'

export interface ProcessExecutorOptions {
  readonly spawner: Spawner
  /** What every program finds in its environment beside the meta-variables, which win. */
  readonly environment: ReadonlyMap<string, ByteString>
  /** Milliseconds from TERM to KILL. */
  readonly killGraceMs: number
  /** Milliseconds without output after the program's end, before a background child's hold on its output is given up. */
  readonly backgroundGraceMs: number
}

const outOfResources = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'])

export class ProcessExecutor implements Executor {
  readonly #options: ProcessExecutorOptions
  /** As `NAME=value`. */
  readonly #environment: ReadonlyMap<string, ByteString>
  readonly #running = new Set<ProgramProcess>()
  /** A program is told to end once, however many have a reason. */
  readonly #ends = new WeakMap<ProgramProcess, Promise<void>>()
  #isDisposed = false

  constructor(options: ProcessExecutorOptions) {
    this.#options = options
    this.#environment = new Map([...options.environment].map(([name, value]) => [name, `${name}=${value}`]))
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    const { program } = request
    if (program === undefined) throw new TypeError('the process executor needs a program')
    if (signal.aborted) return failed({ kind: 'client-gone' })
    let started: ProgramProcess
    try {
      started = await this.#options.spawner.start(this.#describe(request, program))
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      return failed(startFailure(program.path, error.code))
    }
    this.#watch(started, signal)
    if (started.stdin !== undefined && !(request.body instanceof Uint8Array)) {
      // A script need not read its input: EPIPE, and an iteration broken off, are no failure of the request.
      pipeline(request.body, started.stdin).catch(() => started.stdin?.destroy())
    }
    const { pid, isWarm, stdout, stderr, leaving, ending } = started
    const end = (): void => void this.#end(started)
    return { kind: 'running', running: { pid, isWarm, output: stdout, diagnostics: stderr, leaving, ending, end } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    await Promise.all([...this.#running].map((process) => this.#end(process)))
  }

  #describe({ variables, ofRequestAlone, body, bodyLength }: GatewayRequest, program: Program): ProgramStart {
    const environment: ByteString[] = []
    for (const [name, entry] of this.#environment) if (!variables.has(name)) environment.push(entry)
    for (const [name, value] of variables) environment.push(`${name}=${value}`)
    return {
      path: program.path,
      argv: [program.path, ...program.words],
      environment,
      ofRequestAlone,
      cwd: program.folder,
      backgroundGraceMs: this.#options.backgroundGraceMs,
      stdin: bodyLength === 0 ? 'empty' : body instanceof Uint8Array || body instanceof SpooledFile ? body : 'pipe',
    }
  }

  #watch(started: ProgramProcess, signal: Cancellation): void {
    this.#running.add(started)
    const onAbort = (): void => void this.#end(started)
    signal.addEventListener('abort', onAbort, { once: true })
    // It may have been left, or all may have been ended, while it was being started.
    if (signal.aborted || this.#isDisposed) onAbort()
    void started.ending.then(() => {
      this.#running.delete(started)
      signal.removeEventListener('abort', onAbort)
      started.stdin?.destroy()
    })
  }

  #end(started: ProgramProcess): Promise<void> {
    const end = this.#ends.get(started) ?? this.#endOnce(started)
    this.#ends.set(started, end)
    return end
  }

  async #endOnce(started: ProgramProcess): Promise<void> {
    await endProcessGroup(started.pid, started.ending, this.#options.killGraceMs)
    started.stdin?.destroy()
    started.stdout.destroy()
    started.stderr.finish()
  }
}

function startFailure(program: ByteString, code: string): GatewayFailure {
  return { kind: outOfResources.has(code) ? 'out-of-resources' : 'cannot-start', program, code }
}

function failed(failure: GatewayFailure): Started {
  return { kind: 'failed', failure }
}
