// One launcher: its process and its control socket, and what it says of its workers (launchers/README.md).

import { closeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { byteStringOf, byteStringOfText, type ByteString, type Bytes } from '../../bytes/byte-string.ts'
import type { Ending } from '../../events/events.ts'
import { encodeLauncherLine, LauncherReportDecoder, type LauncherReport } from '../../protocol/launcher/lines.ts'
import { launchersFolder } from '../launcher-files.ts'
import type { Native } from '../native.ts'
import { endProcessGroup } from '../process-group.ts'
import type { ProgramProcess, Spawner } from '../program-process.ts'
import { readWaitStatus } from '../reaper.ts'
import type { Interpreter, Language } from './interpreters.ts'
import { hearLeavers } from './leavers.ts'
import { Workers, type Worker } from './workers.ts'

export interface LauncherOptions {
  readonly native: Native
  readonly spawner: Spawner
  readonly interpreter: Interpreter
  /** `NAME=value` */
  readonly environment: readonly ByteString[]
  /** Learnt. */
  readonly modules: readonly ByteString[]
  /** Asked for by the route; the site's own among them. */
  readonly preload: readonly string[]
}

/** What its owner is told; `idle` or `unforked` answers a `fork`. */
export interface LauncherEvents {
  report(report: LauncherReport): void
  idle(): void
  unforked(code: string): void
  /** A worker died that had not been given anything. */
  idleDied(): void
  /** Its words on standard output and error, a line at a time. */
  complaint(line: ByteString): void
  /** The last event. */
  gone(loss: LauncherLoss): void
}

export interface LauncherLoss {
  /** A short text. */
  readonly cause: string
  /** It never came to life, and by its own doing: the next one probably will not either. */
  readonly isUnfit: boolean
  /** It said so itself: the next one will not either. */
  readonly isCertain: boolean
}

const controlDescriptor = 63
/** As many descriptors as one message to it holds. */
const mostForksAtOnce = 16
/** From the end of its process to that of its control socket, or the other way round. */
const lossMs = 100
/** From TERM to KILL, for a launcher that does not end when its control socket does. */
const endGraceMs = 500

const programs: Readonly<Record<Language, (folder: string) => readonly string[]>> = {
  python: (folder) => [join(folder, 'python', 'importlib_bootstrap_launcher.py')],
  perl: (folder) => [`-I${join(folder, 'perl')}`, '-MPostern::Launcher', '/dev/null'],
}

export class Launcher {
  readonly #options: LauncherOptions
  readonly #events: LauncherEvents
  readonly #reports = new LauncherReportDecoder()
  readonly #workers: Workers
  #forks = 0
  #control: Socket | undefined
  #controlFd = -1
  #folder: string | undefined
  #leavers: Disposable | undefined
  #state: 'starting' | 'ready' | 'retiring' | 'gone' = 'starting'
  #isLost = false
  #process: ProgramProcess | undefined
  #ended: Ending | undefined
  #started: Promise<void> = Promise.resolve()
  #tidied: Promise<void> = Promise.resolve()

  constructor(options: LauncherOptions, events: LauncherEvents) {
    this.#options = options
    this.#events = events
    this.#workers = new Workers(options.native)
  }

  get idle(): number {
    return this.#workers.idle
  }

  get forking(): number {
    return this.#workers.forking
  }

  /** What goes wrong is told by `gone`. */
  start(): void {
    this.#started = this.#begin().catch((error: unknown) => {
      this.#gone(error instanceof Error ? error.message : String(error), true)
    })
  }

  /**
   * Asks for so many more workers, in one message: to wake the launcher is dear. There may be no answer, from one that
   * stands still or has just ended.
   */
  fork(count: number): void {
    const { native } = this.#options
    // Once Node has begun to close the socket, its number may be somebody else's.
    if (this.#state !== 'ready' || this.#isLost || this.#control?.destroyed !== false) return
    const pairs: ReturnType<Native['socketPair']>[] = []
    try {
      while (pairs.length < Math.min(count, mostForksAtOnce)) pairs.push(native.socketPair())
    } catch {
      if (pairs.length === 0) return this.#events.unforked('EMFILE')
    }
    const first = this.#forks + 1
    this.#forks += pairs.length
    const lines = Buffer.concat(pairs.map((_, index) => encodeLauncherLine(['fork', String(first + index)])))
    const message = Buffer.allocUnsafeSlow(lines.length)
    message.set(lines)
    const theirs = pairs.map((pair) => pair.theirs)
    const sent = native.sendWithDescriptors(this.#controlFd, message, theirs)
    for (const socket of theirs) closeSync(socket)
    for (const [index, { ours }] of pairs.entries()) {
      if (sent === message.length) this.#workers.expect(first + index, ours)
      else closeSync(ours)
    }
    // Nothing sent: it has ended this moment, or stands still. Both will be noticed.
    if (sent > 0 && sent < message.length) this.#gone('its control socket took half a line')
  }

  /** Gives the request to an idle worker; undefined where none is left that takes it. */
  give(message: Buffer, descriptors: readonly number[]): Worker | undefined {
    const worker = this.#workers.give(message, descriptors)
    if (worker !== undefined) this.#control?.ref()
    return worker
  }

  /** Ends so many idle workers, the longest idle first. */
  endIdle(count: number): void {
    this.#workers.endIdle(count)
  }

  /** Takes no more requests; ends when the running ones have. */
  retire(): void {
    if (this.#state === 'gone') return
    this.#state = 'retiring'
    this.#workers.endIdle()
    if (this.#workers.running === 0) this.#gone('retired')
  }

  /** Ends it now; workers that run a request go on. Resolves when nothing of it is left. */
  async end(cause = 'ended'): Promise<void> {
    this.#gone(cause)
    await this.#tidied
  }

  async #begin(): Promise<void> {
    const { native, spawner, interpreter, environment, modules, preload } = this.#options
    this.#folder = await mkdtemp(join(tmpdir(), 'postern-launcher-'))
    if (this.#state === 'gone') return
    this.#leavers = hearLeavers(native, this.#folder, (pid) => this.#workers.leaves(pid))
    const { ours, theirs } = native.socketPair()
    this.#controlFd = ours
    try {
      const control = new Socket({ fd: ours, readable: true, writable: true })
      this.#control = control
      control.unref()
      control.on('data', (chunk) => this.#take(chunk))
      control.on('error', () => control.destroy())
      control.on('close', () => void this.#lost())
      const asked = preload.map((name) => `+${name}`)
      control.write(encodeLauncherLine(['preload', byteStringOfText(this.#folder), ...asked, ...modules]))
      const words = programs[interpreter.language](launchersFolder()).map(byteStringOfText)
      this.#process = await spawner.start({
        path: interpreter.command[0],
        argv: [...interpreter.command, ...words],
        environment,
        cwd: '/',
        stdin: 'empty',
        backgroundGraceMs: 0,
        extra: { fd: theirs, as: controlDescriptor },
        keepsAlive: false,
      })
    } finally {
      closeSync(theirs)
    }
    this.#watch(this.#process)
  }

  #take(chunk: Uint8Array): void {
    try {
      for (const report of this.#reports.push(chunk)) this.#hear(report)
    } catch (error) {
      this.#gone(error instanceof Error ? error.message : String(error), true)
    }
  }

  #hear(report: LauncherReport): void {
    if (this.#state === 'gone') return
    switch (report.kind) {
      case 'hello':
        if (report.language !== this.#options.interpreter.language) return this.#gone('it is another program', true)
        break
      case 'unfit':
        return this.#gone(report.reason, true, true)
      case 'ready':
        if (this.#state === 'starting') this.#state = 'ready'
        break
      case 'forked':
        if (!this.#workers.forked(report.id, report.pid)) return
        return this.#state === 'retiring' ? this.#workers.endIdle() : this.#events.idle()
      case 'unforked':
        this.#workers.unforked(report.id)
        return this.#events.unforked(report.code)
      case 'ended': {
        const { pid, status, cpuMs, maxRssBytes } = report
        return this.#workerEnded(pid, readWaitStatus(status, cpuMs, maxRssBytes))
      }
      default:
    }
    this.#events.report(report)
  }

  #workerEnded(pid: number, ending: Ending): void {
    const state = this.#workers.ended(pid, ending)
    if (state === 'idle') this.#events.idleDied()
    if (state !== 'running' || this.#workers.running > 0) return
    this.#control?.unref()
    if (this.#state === 'retiring') this.#gone('retired')
  }

  #watch(process: ProgramProcess): void {
    for (const stream of [process.stdout, process.stderr]) {
      stream.watchQuietly()
      void this.#listen(stream)
    }
    void process.ending.then((ending) => {
      this.#ended = ending
      void this.#lost()
    })
  }

  async #listen(stream: Bytes): Promise<void> {
    for await (const chunk of stream) {
      for (const line of byteStringOf(chunk).split('\n')) if (line !== '') this.#events.complaint(line)
    }
  }

  /** Its process or its control socket has ended. The other one follows: with the cause, or with the last reports. */
  async #lost(): Promise<void> {
    if (this.#isLost || this.#state === 'gone') return
    this.#isLost = true
    this.#workers.endIdle()
    const control = this.#control
    const closed = new Promise<void>((resolve) => {
      if (control === undefined || control.closed) resolve()
      else control.once('close', () => resolve())
    })
    await Promise.race([Promise.all([closed, this.#process?.ending]), sleep(lossMs)])
    this.#gone(causeOf(this.#ended), this.#ended?.signal === null)
  }

  #gone(cause: string, isOwnDoing = false, isCertain = false): void {
    if (this.#state === 'gone') return
    const isUnfit = isOwnDoing && this.#state === 'starting'
    this.#state = 'gone'
    this.#control?.destroy()
    this.#workers.orphan()
    this.#tidied = this.#tidy()
    this.#events.gone({ cause, isUnfit, isCertain })
  }

  /** A launcher that hangs in a module's code does not hear that its control socket has ended. */
  async #tidy(): Promise<void> {
    const alive = setInterval(() => {}, lossMs) // Whoever waits for this is told, even when nothing else is left to do.
    await this.#started
    if (this.#process !== undefined) await endProcessGroup(this.#process.pid, this.#process.ending, endGraceMs)
    this.#leavers?.[Symbol.dispose]()
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true }).catch(() => {})
    clearInterval(alive)
  }
}

function causeOf(ending: Ending | undefined): string {
  if (ending === undefined) return 'its control socket closed'
  return ending.signal === null ? `it ended with exit code ${ending.exitCode}` : `it was ended by ${ending.signal}`
}
