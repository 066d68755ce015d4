// One FastCGI program that we have started: its process, its listening socket, and the one connection to it. It takes one
// request at a time, as php-cgi, libfcgi and Perl's FCGI do.

import { byteStringOf, byteStringOfText, textOf, type ByteString } from '../../bytes/byte-string.ts'
import { unlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ending } from '../../events/events.ts'
import { connect } from '../connect.ts'
import { FastCgiConnection } from '../fastcgi/connection.ts'
import type { Native } from '../native.ts'
import type { ProgramProcess, Spawner } from '../program-process.ts'
import { endAwake, type ProgramGuard } from './guard.ts'
import { listenAt } from './listening-socket.ts'

/** What is started; the same for every process of a pool. */
export interface FastCgiProgramStart {
  /** Absolute. */
  readonly path: ByteString
  readonly words: readonly ByteString[]
  /** `NAME=value`. No meta-variables: those come with each request. */
  readonly environment: readonly ByteString[]
  readonly folder: ByteString
}

export interface FastCgiProgramOptions {
  readonly start: FastCgiProgramStart
  readonly spawner: Spawner
  readonly native: Native | undefined
  readonly guard: ProgramGuard
  readonly killGraceMs: number
  /** Words on descriptors 1 and 2 while no request is served. */
  readonly onWords: (chunk: Uint8Array) => void
}

/** Its socket listens before it has begun, so that connecting to it never waits for it. */
const connectMs = 5000
/** From the end of its connection to that of its process. */
const endMs = 1000
/** From the end of its process to that of its words, where a child of its own holds them. */
const wordsMs = 200
/** Kept of its words, for the diagnosis. */
const tailBytes = 8 * 1024

export class FastCgiProgram {
  readonly #options: FastCgiProgramOptions
  readonly #process: ProgramProcess
  readonly #socketPath: string
  readonly #words: Promise<unknown>
  readonly #onWords: (chunk: Uint8Array) => void
  #connection: FastCgiConnection | undefined
  #end: Promise<void> | undefined
  #tail: ByteString = ''
  /** Requests that it has answered. */
  served = 0
  state: 'idle' | 'busy' | 'leaving' = 'busy'
  /** While it serves a request. */
  onWords: ((chunk: Uint8Array) => void) | undefined
  idleTimer: NodeJS.Timeout | undefined

  constructor(options: FastCgiProgramOptions, process: ProgramProcess, socketPath: string) {
    this.#options = options
    this.#process = process
    this.#socketPath = socketPath
    this.#onWords = options.onWords
    this.#words = Promise.all([process.stdout, process.stderr].map((stream) => this.#listen(stream)))
    options.guard.add(process.pid)
    void process.ending.then(() => {
      options.guard.remove(process.pid)
      // The system closes it, and then it says whether all was read; but a child of the program may hold it.
      setTimeout(() => this.#connection?.close(), endMs).unref()
      void unlink(socketPath).catch(() => {}) // The folder may have gone before it.
    })
  }

  get ending(): Promise<Ending> {
    return this.#process.ending
  }

  get lastWords(): string {
    return textOf(this.#tail)
  }

  /** Somebody has had a connection to it. */
  get wasUsed(): boolean {
    return this.#connection !== undefined
  }

  /** Throws FailureError where it takes none. */
  async connection(name: string): Promise<FastCgiConnection> {
    if (this.#connection?.isClosed === false) return this.#connection
    const socket = await connect({ kind: 'unix', path: this.#socketPath }, connectMs, never)
    const connection = new FastCgiConnection(socket, name)
    this.#connection = connection
    return connection
  }

  set keepsServerAlive(keeps: boolean) {
    if (this.#connection !== undefined) this.#connection.keepsProcessAlive = keeps
  }

  /** The next request finds another one. */
  closeConnection(): void {
    this.#connection?.close()
  }

  /** How it has ended, where it does so soon; its last words have come then. */
  async endSoon(): Promise<Ending | undefined> {
    const patience = new AbortController()
    const ending = await Promise.race([this.ending, sleep(endMs, undefined, { signal: patience.signal })]).catch(
      () => undefined,
    )
    patience.abort()
    if (ending !== undefined) await Promise.race([this.#words, sleep(wordsMs)])
    return ending
  }

  /** TERM to all of its group, a time of grace, KILL. More than once does no harm. */
  end(): Promise<void> {
    this.state = 'leaving'
    clearTimeout(this.idleTimer)
    this.#connection?.close()
    this.#end ??= endAwake(this.#process, this.#options.killGraceMs)
    return this.#end
  }

  async #listen(stream: ProgramProcess['stdout']): Promise<void> {
    stream.watchQuietly()
    for await (const chunk of stream) {
      this.#tail = (this.#tail + byteStringOf(chunk)).slice(-tailBytes)
      const tell = this.onWords ?? this.#onWords
      tell(chunk)
    }
  }
}

const never = new AbortController().signal

/** Throws StartError. */
export async function startFastCgiProgram(options: FastCgiProgramOptions): Promise<FastCgiProgram> {
  const { start, spawner, native, guard } = options
  const socketPath = await guard.socketPath()
  const socket = await listenAt(native, byteStringOfText(socketPath))
  try {
    const process = await spawner.start({
      path: start.path,
      argv: [start.path, ...start.words],
      environment: start.environment,
      cwd: start.folder,
      stdin: { fd: socket.fd },
      backgroundGraceMs: wordsMs,
      keepsAlive: false,
    })
    return new FastCgiProgram(options, process, socketPath)
  } catch (error) {
    await unlink(socketPath).catch(() => {}) // What is wrong is the start, and that is told.
    throw error
  } finally {
    socket.close()
  }
}
