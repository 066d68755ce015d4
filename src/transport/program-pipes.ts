// The pipes of a program in the making: real ones as its descriptors 0, 1 and 2 (so that /dev/stdin, /dev/stdout and
// /dev/stderr work), and our ends of them. Whoever starts the program hands over its ends and then closes ours of them.

import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { LRUCache } from 'lru-cache'
import type { ByteString } from '../bytes/byte-string.ts'
import type { Native } from './native.ts'
import { PipeReader, type Heard } from './pipe-reader.ts'
import { StartError, type ProgramProcess, type ProgramStart } from './program-process.ts'

/** How long a program that is known to be quick may run unwatched; the more run at once, the longer each takes. */
const patienceMs = 25
const patienceForEachMs = 3
/** What is heard so soon after somebody began to listen had been there before. */
const waitedMs = 3
/** A program that writes more has to wait for who reads it. */
const pipeBytes = 64 * 1024

interface Run {
  /** What came while its output was watched; it still grows when the program has left. */
  readonly heard: Heard | undefined
  /** When somebody began to watch; undefined where that was from its start, or never. */
  readonly watchedAt: number | undefined
  readonly leftAt: number
}

/** Which programs were silent until their end the last time: they will probably be so again, and nobody need watch. */
export class QuickPrograms {
  /** The last run of each; undefined for one that takes long at present. */
  readonly #last = new LRUCache<ByteString, { readonly run: Run | undefined }>({ max: 1024 })
  #running = 0

  watchUnlessQuick(path: ByteString, stdout: PipeReader, stderr: PipeReader, leaving: Promise<unknown>): void {
    const besideIt = this.#running++
    const isQuick = wasQuick(this.#last.get(path)?.run)
    if (!isQuick) stdout.watch()
    let watchedAt: number | undefined
    const patience = setTimeout(
      () => {
        if (isQuick) watchedAt = performance.now()
        this.#last.set(path, { run: undefined })
        stdout.watch()
        stderr.watch()
      },
      patienceMs + patienceForEachMs * besideIt,
    )
    void leaving.then(() => {
      this.#running--
      clearTimeout(patience)
      this.#last.set(path, { run: { heard: stdout.heard, watchedAt, leftAt: performance.now() } })
    })
  }
}

/** How long it took is no matter: where it says nothing before its end, nobody has missed anything. */
function wasQuick(run: Run | undefined): boolean {
  if (run === undefined) return false
  const { heard, watchedAt, leftAt } = run
  if (heard === undefined) return true
  const hasWaited = watchedAt !== undefined && heard.firstAt - watchedAt < waitedMs
  return !hasWaited && heard.bytes <= pipeBytes && leftAt - heard.firstAt <= patienceMs
}

type Leaver = Pick<ProgramProcess, 'pid' | 'leaving' | 'ending'>

interface Stdin {
  /** The program's end. */
  readonly fd: number
  readonly ownsFd: boolean
  readonly writer: Socket | undefined
}

interface Ends {
  readonly readEnd: number
  readonly writeEnd: number
}

let nullDevice: number | undefined

export class ProgramPipes {
  readonly #native: Native
  readonly #stdin: Stdin
  readonly #stdout: Ends
  readonly #stderr: Ends
  #areTheirsOpen = true

  /** Throws StartError where the system has no more descriptors; then nothing is left open. */
  constructor(native: Native, stdin: ProgramStart['stdin']) {
    this.#native = native
    const opened: number[] = []
    const open = (): Ends => {
      const ends = openPipe(native)
      opened.push(ends.readEnd, ends.writeEnd)
      native.doNotBlock(ends.readEnd)
      return ends
    }
    try {
      this.#stdout = open()
      this.#stderr = open()
      this.#stdin = openStdin(native, stdin)
    } catch (error) {
      for (const fd of opened) closeSync(fd)
      throw error
    }
  }

  /** What become the program's descriptors 0, 1 and 2. */
  get programEnds(): readonly [stdin: number, stdout: number, stderr: number] {
    return [this.#stdin.fd, this.#stdout.writeEnd, this.#stderr.writeEnd]
  }

  /** The program has its ends, or will never have them. */
  closeProgramEnds(): void {
    if (!this.#areTheirsOpen) return
    this.#areTheirsOpen = false
    closeSync(this.#stdout.writeEnd)
    closeSync(this.#stderr.writeEnd)
    if (this.#stdin.ownsFd) closeSync(this.#stdin.fd)
  }

  /** There will be no program. */
  abandon(): void {
    this.closeProgramEnds()
    closeSync(this.#stdout.readEnd)
    closeSync(this.#stderr.readEnd)
    this.#stdin.writer?.destroy()
  }

  /** The program runs: from now on the pipes belong to what is returned. */
  attach(
    { path, backgroundGraceMs, keepsAlive }: ProgramStart,
    quick: QuickPrograms,
    { pid, leaving, ending }: Leaver,
    isWarm: boolean,
  ): ProgramProcess {
    this.closeProgramEnds()
    const stdout = new PipeReader(this.#stdout.readEnd, this.#native)
    const stderr = new PipeReader(this.#stderr.readEnd, this.#native)
    // What nobody waits for lasts, and is watched by whoever started it.
    if (keepsAlive !== false) quick.watchUnlessQuick(path, stdout, stderr, leaving)
    void leaving.then(() => {
      stderr.writerEnded(backgroundGraceMs)
      stdout.writerEnded(backgroundGraceMs)
    })
    return { pid, isWarm, stdin: this.#stdin.writer, stdout, stderr, leaving, ending }
  }
}

function openPipe(native: Native): Ends {
  try {
    return native.pipe()
  } catch {
    throw new StartError('EMFILE')
  }
}

function openStdin(native: Native, stdin: ProgramStart['stdin']): Stdin {
  if (stdin === 'empty') {
    nullDevice ??= openSync('/dev/null', constants.O_RDONLY)
    return { fd: nullDevice, ownsFd: false, writer: undefined }
  }
  if (typeof stdin === 'object' && 'fd' in stdin) return { fd: stdin.fd, ownsFd: false, writer: undefined }
  const { readEnd, writeEnd } = openPipe(native)
  // The socket also makes our end, and only ours, non-blocking.
  const writer = new Socket({ fd: writeEnd, readable: false, writable: true })
  writer.on('error', () => writer.destroy())
  if (stdin === 'pipe') return { fd: readEnd, ownsFd: true, writer }
  const written = writeWhatFits(writeEnd, stdin)
  if (written === stdin.length) {
    writer.destroy()
    return { fd: readEnd, ownsFd: true, writer: undefined }
  }
  writer.end(stdin.subarray(written))
  return { fd: readEnd, ownsFd: true, writer }
}

/** A pipe takes 64 KiB at once unless the user has very many of them. */
function writeWhatFits(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes)
  } catch {
    return 0 // EAGAIN: it takes nothing now; the socket waits for it.
  }
}
