// How workers of an application come to be: each as a process of its own.

import { byteStringOf, byteStringOfText, textOf, type ByteString } from '../../bytes/byte-string.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ending } from '../../events/events.ts'
import { FailureError, type GatewayFailure } from '../../events/failures.ts'
import { endAwake, type ProgramGuard } from '../fastcgi-programs/guard.ts'
import { IdleWords, mostLinesOfApplications } from '../fastcgi-programs/words.ts'
import { Loading, type LoadingOptions, type LoadingProcess } from './loading.ts'
import type { WorkerConnection } from './worker-connection.ts'
import { StartError, type ProgramProcess, type Spawner } from '../program-process.ts'

/** A process of the application. */
export interface WorkerProcess extends LoadingProcess {
  readonly loading: Loading
  /** Its last words are told by somebody else. */
  hush(): void
}

export interface WorkerStarter extends AsyncDisposable {
  /** Throws FailureError. */
  start(): Promise<WorkerProcess>
  /** What is started from now on loads the application as it is now. */
  afresh(): void
  /** A process of the starter's own has dialled in. */
  take(connection: WorkerConnection): void
  /** Of a process of the starter's own, before it has dialled in. */
  readonly loading: Loading | undefined
}

/** What is started. */
export interface ApplicationStart {
  /** Absolute: the interpreter. */
  readonly path: ByteString
  readonly words: readonly ByteString[]
  readonly environment: ReadonlyMap<string, ByteString>
  readonly folder: ByteString
  /** For POSTERN_APPLICATION (launchers/wsgi/README.md). */
  readonly settings: Readonly<Record<string, unknown>>
}

export interface StarterOptions {
  /** For the log: `module:name`. */
  readonly name: string
  readonly start: ApplicationStart
  readonly spawner: Spawner
  readonly guard: ProgramGuard
  readonly killGraceMs: number
  /** For loading the application; 0 is no limit. */
  readonly loadTimeoutMs: number
  /** What processes write while nobody listens. */
  readonly onLine: (line: ByteString) => void
}

/** Kept of its words, for the diagnosis. */
const tailBytes = 16 * 1024
/** From the end of a process to that of its words, where a child of its own holds them. */
const wordsMs = 200
/** Lines of a process that loads wait so long: where it fails, they are what it has failed of, and told as one. */
const heldMs = 1000

export class FreshProcess implements WorkerProcess {
  readonly #options: StarterOptions
  readonly #process: ProgramProcess
  readonly #words: Promise<unknown>
  readonly ending: Promise<Ending>
  readonly loading: Loading
  #held: ByteString[] = []
  #release: NodeJS.Timeout | undefined
  onWords: ((chunk: Uint8Array) => void) | undefined
  #tail: ByteString = ''
  #end: Promise<void> | undefined

  constructor(options: StarterOptions, process: ProgramProcess) {
    this.#options = options
    this.#process = process
    options.guard.add(process.pid)
    this.#words = Promise.all([process.stdout, process.stderr].map((stream) => this.#listen(stream)))
    this.ending = process.ending.then(async (ending) => {
      options.guard.remove(process.pid)
      await Promise.race([this.#words, sleep(wordsMs)])
      return ending
    })
    this.loading = new Loading(this, loadingOptions(options))
    this.loading.onOver = () => this.#releaseLines()
  }

  hush(): void {
    this.#held = []
  }

  get pid(): number {
    return this.#process.pid
  }

  get lastWords(): string {
    return textOf(this.#tail)
  }

  get speaker(): object {
    return this
  }

  end(): Promise<void> {
    this.#end ??= endAwake(this.#process, this.#options.killGraceMs)
    return this.#end
  }

  async #listen(stream: ProgramProcess['stdout']): Promise<void> {
    stream.watchQuietly()
    const words = new IdleWords((line) => this.#tell(line), mostLinesOfApplications)
    for await (const chunk of stream) {
      if (this.onWords !== undefined) {
        this.onWords(chunk)
        continue
      }
      this.#tail = (this.#tail + byteStringOf(chunk)).slice(-tailBytes)
      words.push(chunk)
    }
    words.end()
  }

  #tell(line: ByteString): void {
    if (this.loading.isOver) return this.#options.onLine(line)
    this.#held.push(line)
    this.#release ??= setTimeout(() => this.#releaseLines(), heldMs)
  }

  #releaseLines(): void {
    clearTimeout(this.#release)
    this.#release = undefined
    for (const line of this.#held.splice(0)) this.#options.onLine(line)
  }
}

export function loadingOptions({ name, start, loadTimeoutMs }: StarterOptions): LoadingOptions {
  return { name, python: start.path, limitMs: loadTimeoutMs }
}

/** Starts the interpreter with settings that dial in at `socketPath`. Throws FailureError. */
export async function startFresh(
  options: StarterOptions,
  socketPath: string,
  more: Readonly<Record<string, unknown>>,
): Promise<FreshProcess> {
  const { path, words, environment, folder, settings } = options.start
  const all = new Map(environment).set(
    'POSTERN_APPLICATION',
    byteStringOfText(JSON.stringify({ ...settings, ...more })),
  )
  try {
    const process = await options.spawner.start({
      path,
      argv: [path, ...words, byteStringOfText(socketPath)],
      environment: [...all].map(([name, value]) => `${name}=${value}`),
      cwd: folder,
      stdin: 'empty',
      backgroundGraceMs: wordsMs,
      keepsAlive: false,
    })
    return new FreshProcess(options, process)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    throw new FailureError(refusal(path, error.code))
  }
}

const outOfResources = new Set(['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'])

function refusal(program: ByteString, code: string): GatewayFailure {
  return { kind: outOfResources.has(code) ? 'out-of-resources' : 'cannot-start', program, code }
}

/** Each loads the application itself. */
export class FreshStarter implements WorkerStarter {
  readonly loading = undefined
  readonly #options: StarterOptions
  readonly #socketPath: string

  constructor(options: StarterOptions, socketPath: string) {
    this.#options = options
    this.#socketPath = socketPath
  }

  start(): Promise<WorkerProcess> {
    return startFresh(this.#options, this.#socketPath, {})
  }

  afresh(): void {}

  take(connection: WorkerConnection): void {
    connection.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve()
  }
}
