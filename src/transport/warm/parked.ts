// One parked Node: a process with pipes of its own, started in the ordinary way before there is a request for it, and
// the control socket on which it says that it waits and is given its request (launchers/README.md).

import { closeSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { byteStringOf, byteStringOfText, type ByteString } from '../../bytes/byte-string.ts'
import { ParkedReportDecoder, type ParkedReport } from '../../protocol/launcher/parked-request.ts'
import { launchersFolder } from '../launcher-files.ts'
import type { Native } from '../native.ts'
import { endProcessGroup } from '../process-group.ts'
import { StartError, type ProgramProcess, type Spawner } from '../program-process.ts'

export interface ParkedOptions {
  readonly native: Native
  readonly spawner: Spawner
  /** As the kernel starts it for such a `#!` line, without the script. */
  readonly command: readonly [ByteString, ...ByteString[]]
  /** `NAME=value` */
  readonly environment: readonly ByteString[]
  /** Built-in modules to load, and `fetch`. */
  readonly modules: readonly string[]
  readonly backgroundGraceMs: number
}

export interface ParkedEvents {
  /** It waits for a request. */
  ready(loadMs: number): void
  /** The last event, unless it has been given a request; `cause` is a short text. */
  gone(cause: string): void
}

const controlDescriptor = 63
/** For an answer, of one that waited and is given a request: it may have been stopped. Then it is ended, not waited for. */
const longestAnswerMs = 2000
/** From TERM to KILL. */
const endGraceMs = 500
/** Of what it says on standard error before it fails. */
const longestWordsBytes = 300

export class Parked {
  readonly #options: ParkedOptions
  readonly #events: ParkedEvents
  readonly #reports = new ParkedReportDecoder()
  #state: 'starting' | 'waiting' | 'asked' | 'taken' | 'gone' = 'starting'
  #control: Socket | undefined
  #process: ProgramProcess | undefined
  #started: Promise<void> = Promise.resolve()
  #tidied: Promise<void> = Promise.resolve()
  #cpuMs = 0
  #answer: ((hasTaken: boolean) => void) | undefined

  constructor(options: ParkedOptions, events: ParkedEvents) {
    this.#options = options
    this.#events = events
  }

  /** What goes wrong is told by `gone`. */
  start(): void {
    this.#started = this.#begin().catch((error: unknown) => {
      void this.#gone(error instanceof StartError ? error.code : String(error))
    })
  }

  /**
   * The process, where it has taken the request; what it has used before is not counted. Undefined: it is no more, and
   * has done nothing of it. `stdin` is what it reads, where that is its pipe.
   */
  async give(message: Buffer, stdin: 'pipe' | Uint8Array | undefined): Promise<ProgramProcess | undefined> {
    const [control, process] = [this.#control, this.#process]
    if (this.#state !== 'waiting' || control === undefined || process === undefined) return undefined
    this.#state = 'asked'
    control.ref()
    const late = setTimeout(() => signalGroup(process.pid), longestAnswerMs)
    const hasTaken = await new Promise<boolean>((resolve) => {
      this.#answer = resolve
      control.write(message)
    })
    clearTimeout(late)
    if (!hasTaken) return undefined
    if (stdin instanceof Uint8Array) process.stdin?.end(stdin)
    else if (stdin === undefined) process.stdin?.destroy()
    process.stdout.watchQuietly()
    process.stderr.watchQuietly()
    const ending = process.ending.then((how) => ({
      ...how,
      cpuMs: how.cpuMs === undefined ? undefined : Math.max(0, how.cpuMs - this.#cpuMs),
    }))
    const { pid, stdout, stderr } = process
    return {
      pid,
      isWarm: true,
      stdin: stdin === 'pipe' ? process.stdin : undefined,
      stdout,
      stderr,
      leaving: ending,
      ending,
    }
  }

  /** Ends it, unless it has been given a request. Resolves when nothing of it is left. */
  async end(): Promise<void> {
    if (this.#state === 'starting' || this.#state === 'waiting') await this.#gone('ended')
    await this.#tidied
  }

  async #begin(): Promise<void> {
    const { native, spawner, command, environment, modules, backgroundGraceMs } = this.#options
    const { ours, theirs } = native.socketPair()
    try {
      const control = new Socket({ fd: ours, readable: true, writable: true })
      this.#control = control
      control.unref()
      control.on('data', (chunk) => this.#take(chunk))
      control.on('error', () => control.destroy())
      control.on('close', () => this.#closed())
      const launcher = byteStringOfText(join(launchersFolder(), 'node', 'parked.cjs'))
      this.#process = await spawner.start({
        path: command[0],
        argv: [...command, '-r', launcher, '/dev/null', ...modules],
        environment,
        cwd: '/',
        stdin: 'pipe',
        backgroundGraceMs,
        extra: { fd: theirs, as: controlDescriptor },
        keepsAlive: false,
      })
    } finally {
      closeSync(theirs)
    }
  }

  #take(chunk: Uint8Array): void {
    try {
      for (const report of this.#reports.push(chunk)) this.#hear(report)
    } catch {
      void this.#gone('it is another program')
    }
  }

  #hear(report: ParkedReport): void {
    if (report.kind === 'ready' && this.#state === 'starting') {
      this.#state = 'waiting'
      this.#cpuMs = report.cpuMs
      this.#events.ready(report.loadMs)
    } else if (report.kind === 'taken' && this.#state === 'asked') {
      this.#state = 'taken'
      this.#control?.destroy()
      this.#answer?.(true)
    }
  }

  /** All that it said has been heard by now. */
  #closed(): void {
    if (this.#state !== 'taken') void this.#gone(undefined)
  }

  async #gone(cause: string | undefined): Promise<void> {
    if (this.#state === 'gone' || this.#state === 'taken') return
    const before = this.#state
    this.#state = 'gone'
    this.#control?.destroy()
    const tidied = this.#tidy()
    this.#tidied = tidied.then(() => {})
    const words = await tidied
    // Not before: until it has ended, it might still be about to say that it has taken the request.
    if (before === 'asked') this.#answer?.(false)
    else this.#events.gone(cause ?? words)
  }

  /** What it ended with. */
  async #tidy(): Promise<string> {
    const alive = setInterval(() => {}, endGraceMs) // Whoever waits for this is told, even when nothing else is left to do.
    await this.#started
    const process = this.#process
    const words = process === undefined ? 'it could not be started' : await endOf(process)
    clearInterval(alive)
    return words
  }
}

async function endOf(process: ProgramProcess): Promise<string> {
  await endProcessGroup(process.pid, process.ending, endGraceMs)
  process.stdin?.destroy()
  process.stdout.destroy()
  const { exitCode, signal } = await process.ending
  const how = signal === null ? `it ended with exit code ${exitCode}` : `it was ended by ${signal}`
  return [how, await lastWords(process)].filter(Boolean).join(': ')
}

async function lastWords({ stderr }: ProgramProcess): Promise<string> {
  let words = ''
  stderr.finish()
  for await (const chunk of stderr) words += byteStringOf(chunk)
  return words.trim().split('\n').slice(0, 3).join(' ').slice(0, longestWordsBytes)
}

function signalGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // It has ended this moment.
  }
}
