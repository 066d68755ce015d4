// One launcher: its process, its control socket, and the workers that it has forked (launchers/README.md).

import { closeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { byteStringOf, byteStringOfText, type ByteString, type Bytes } from '../../bytes/byte-string.ts'
import type { Ending } from '../../events/events.ts'
import { encodeLauncherLine, LauncherReportDecoder, type LauncherReport } from '../../protocol/launcher/lines.ts'
import { launchersFolder } from '../launcher-files.ts'
import type { Native } from '../native.ts'
import type { ProgramProcess, Spawner } from '../program-process.ts'
import { readWaitStatus } from '../reaper.ts'
import type { Interpreter, Language } from './interpreters.ts'
import { watchOrphan } from './orphan.ts'

/** A process that waits for one request, or runs it. */
export interface Worker {
  readonly pid: number
  /** Our end of its socket, until the request is sent. */
  readonly socket: number
  readonly ending: Promise<Ending>
}

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

/** What its owner is told; `idle` and `unforked` answer one `fork` each. */
export interface LauncherEvents {
  report(report: LauncherReport): void
  idle(): void
  unforked(code: string): void
  /** A worker died that had not been given anything. */
  idleDied(): void
  /** Its words on standard output and error, a line at a time. */
  complaint(line: ByteString): void
  /** It has ended, or never came to life; the cause is a short text. */
  gone(cause: string): void
}

interface Forked extends Worker {
  state: 'idle' | 'busy'
  end(ending: Ending): void
}

const controlDescriptor = 63

const programs: Readonly<Record<Language, (folder: string) => readonly string[]>> = {
  python: (folder) => [join(folder, 'python', 'importlib_bootstrap_launcher.py')],
  perl: (folder) => [`-I${join(folder, 'perl')}`, '-MPostern::Launcher', '/dev/null'],
}

export class Launcher {
  readonly #options: LauncherOptions
  readonly #events: LauncherEvents
  readonly #reports = new LauncherReportDecoder()
  /** Our ends of sockets whose workers are being forked. */
  readonly #forking = new Map<number, number>()
  readonly #workers = new Map<number, Forked>()
  readonly #idle: Forked[] = []
  #forks = 0
  #busy = 0
  #control: Socket | undefined
  #controlFd = -1
  #folder: string | undefined
  #state: 'starting' | 'ready' | 'retiring' | 'gone' = 'starting'
  #process: ProgramProcess | undefined

  constructor(options: LauncherOptions, events: LauncherEvents) {
    this.#options = options
    this.#events = events
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  get idle(): number {
    return this.#idle.length
  }

  get forking(): number {
    return this.#forking.size
  }

  /** Never rejects: what goes wrong is told by `gone`. */
  async start(): Promise<void> {
    const { native, spawner, interpreter, environment, modules, preload } = this.#options
    try {
      this.#folder = await mkdtemp(join(tmpdir(), 'postern-launcher-'))
      if (this.#state === 'gone') return void this.#removeFolder()
      const { ours, theirs } = native.socketPair()
      this.#controlFd = ours
      const control = new Socket({ fd: ours, readable: true, writable: true })
      this.#control = control
      control.unref()
      control.on('data', (chunk) => this.#take(chunk))
      control.on('error', () => control.destroy())
      control.on('close', () => this.#gone('its control socket closed'))
      const asked = preload.map((name) => `+${name}`)
      control.write(encodeLauncherLine(['preload', byteStringOfText(this.#folder), ...asked, ...modules]))
      try {
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
    } catch (error) {
      this.#gone(error instanceof Error ? error.message : String(error))
    }
  }

  /** Asks for one more worker. */
  fork(): void {
    const { native } = this.#options
    const id = ++this.#forks
    let pair: ReturnType<Native['socketPair']>
    try {
      pair = native.socketPair()
    } catch {
      return this.#events.unforked('EMFILE')
    }
    const line = encodeLauncherLine(['fork', String(id)])
    const message = Buffer.allocUnsafeSlow(line.length)
    message.set(line)
    const sent = native.sendWithDescriptors(this.#controlFd, message, [pair.theirs])
    closeSync(pair.theirs)
    if (sent === message.length) {
      this.#forking.set(id, pair.ours)
      return
    }
    closeSync(pair.ours)
    this.#events.unforked('EAGAIN') // It stands still: its socket takes nothing.
  }

  /** Gives the request to an idle worker; undefined where none is left that takes it. */
  give(message: Buffer, descriptors: readonly number[]): Worker | undefined {
    for (let worker = this.#idle.pop(); worker !== undefined; worker = this.#idle.pop()) {
      worker.state = 'busy'
      const sent = this.#options.native.sendWithDescriptors(worker.socket, message, descriptors)
      if (sent <= 0) {
        closeSync(worker.socket) // It has died, and that will be reported.
        continue
      }
      if (sent === message.length) closeSync(worker.socket)
      else new Socket({ fd: worker.socket, readable: false }).on('error', () => {}).end(message.subarray(sent))
      if (++this.#busy === 1) this.#control?.ref()
      return worker
    }
    return undefined
  }

  /** Ends so many idle workers, the longest idle first. */
  endIdle(count: number): void {
    for (const worker of this.#idle.splice(0, count)) {
      worker.state = 'busy'
      closeSync(worker.socket)
    }
  }

  /** Takes no more requests; ends when the running ones have. */
  retire(): void {
    if (this.#state === 'gone') return
    this.#state = 'retiring'
    this.endIdle(this.#idle.length)
    if (this.#busy === 0) this.#gone('retired')
  }

  /** Ends it now; workers that run a request go on. Resolves when its process has ended. */
  async end(): Promise<void> {
    this.#gone('ended')
    await this.#process?.ending
  }

  #take(chunk: Uint8Array): void {
    try {
      for (const report of this.#reports.push(chunk)) this.#hear(report)
    } catch (error) {
      this.#gone(error instanceof Error ? error.message : String(error))
    }
  }

  #hear(report: LauncherReport): void {
    if (this.#state === 'gone') return
    switch (report.kind) {
      case 'ready':
        if (this.#state === 'starting') this.#state = 'ready'
        break
      case 'forked':
        return this.#forked(report.id, report.pid)
      case 'unforked':
        this.#closeForking(report.id)
        return this.#events.unforked(report.code)
      case 'ended': {
        const { pid, status, cpuMs, maxRssBytes } = report
        return this.#ended(pid, { ...readWaitStatus(status), cpuMs, maxRssBytes })
      }
      default:
    }
    this.#events.report(report)
  }

  #forked(id: number, pid: number): void {
    const socket = this.#forking.get(id)
    if (socket === undefined) return
    this.#forking.delete(id)
    let end: (ending: Ending) => void = () => {}
    const ending = new Promise<Ending>((resolve) => {
      end = resolve
    })
    const worker: Forked = { pid, socket, ending, end, state: 'idle' }
    this.#workers.set(pid, worker)
    this.#idle.push(worker)
    if (this.#state === 'retiring') this.endIdle(1)
    else this.#events.idle()
  }

  #ended(pid: number, ending: Ending): void {
    const worker = this.#workers.get(pid)
    if (worker === undefined) return
    this.#workers.delete(pid)
    const at = this.#idle.indexOf(worker)
    if (at !== -1) {
      this.#idle.splice(at, 1)
      closeSync(worker.socket)
      this.#events.idleDied()
    }
    this.#settle(worker, ending)
  }

  #settle(worker: Forked, ending: Ending): void {
    worker.end(ending)
    if (worker.state === 'idle' || --this.#busy > 0) return
    this.#control?.unref()
    if (this.#state === 'retiring') this.#gone('retired')
  }

  #closeForking(id: number): void {
    const socket = this.#forking.get(id)
    if (socket !== undefined) closeSync(socket)
    this.#forking.delete(id)
  }

  #watch(process: ProgramProcess): void {
    for (const stream of [process.stdout, process.stderr]) {
      stream.watchQuietly()
      void this.#listen(stream)
    }
    void process.ending.then(({ exitCode, signal }) => {
      this.#gone(signal === null ? `it ended with exit code ${exitCode}` : `it was ended by ${signal}`)
    })
  }

  async #listen(stream: Bytes): Promise<void> {
    for await (const chunk of stream) {
      for (const line of byteStringOf(chunk).split('\n')) if (line !== '') this.#events.complaint(line)
    }
  }

  #gone(cause: string): void {
    if (this.#state === 'gone') return
    this.#state = 'gone'
    this.#control?.destroy()
    for (const id of this.#forking.keys()) this.#closeForking(id)
    this.endIdle(this.#idle.length)
    // Those that run a request go on; who would have reaped them is no more.
    for (const worker of this.#workers.values()) void watchOrphan(worker.pid).then((ending) => worker.end(ending))
    this.#workers.clear()
    this.#removeFolder()
    this.#events.gone(cause)
  }

  #removeFolder(): void {
    if (this.#folder !== undefined) void rm(this.#folder, { recursive: true, force: true }).catch(() => {})
  }
}
