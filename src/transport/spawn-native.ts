// Starts programs with posix_spawn: real pipes as descriptors 0, 1 and 2 (so that /dev/stdin, /dev/stdout and
// /dev/stderr work), no other descriptor, its own process group, default signals, its own folder. The call runs on a
// thread of libuv's pool, because it waits until the new program has been loaded.

import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { constants as osConstants } from 'node:os'
import { LRUCache } from 'lru-cache'
import type { ByteString } from '../bytes/byte-string.ts'
import type { Native } from './native.ts'
import { PipeReader } from './pipe-reader.ts'
import { StartError, type ProgramProcess, type ProgramStart, type Spawner } from './program-process.ts'
import { Reaper } from './reaper.ts'

interface Stdin {
  /** The program's end. */
  readonly fd: number
  readonly ownsFd: boolean
  readonly writer: Socket | undefined
}

/** How long a program that is known to be quick may run unwatched; the more run, the longer each takes, by about 1 ms. */
const patienceMs = 25
/** A program that was not is watched for as long: so nobody waits for it twice in that time. */
const distrustMs = 10_000

export class NativeSpawner implements Spawner {
  readonly #native: Native
  readonly #reaper: Reaper
  /** Whether the program at a path is quick; no entry: nobody knows. */
  readonly #quick = new LRUCache<ByteString, boolean>({ max: 1024 })
  #running = 0
  #nullDevice: number | undefined

  constructor(native: Native) {
    this.#native = native
    this.#reaper = new Reaper(native)
  }

  async start(program: ProgramStart): Promise<ProgramProcess> {
    const opened: number[] = []
    const open = (): { readEnd: number; writeEnd: number } => {
      const ends = this.#pipe()
      opened.push(ends.readEnd, ends.writeEnd)
      this.#native.doNotBlock(ends.readEnd)
      return ends
    }
    let stdin: Stdin | undefined
    try {
      const stdout = open()
      const stderr = open()
      stdin = this.#openStdin(program.stdin)
      const pid = await this.#spawn(program, stdin.fd, stdout.writeEnd, stderr.writeEnd)
      closeSync(stdout.writeEnd)
      closeSync(stderr.writeEnd)
      if (stdin.ownsFd) closeSync(stdin.fd)
      const ending = this.#reaper.ending(pid)
      const out = new PipeReader(stdout.readEnd, this.#native)
      const err = new PipeReader(stderr.readEnd, this.#native)
      this.#watchUnlessQuick(program.path, out, err, ending)
      void ending.then(() => {
        err.writerEnded(program.backgroundGraceMs)
        out.writerEnded(program.backgroundGraceMs)
      })
      return { pid, stdin: stdin.writer, stdout: out, stderr: err, ending }
    } catch (error) {
      for (const fd of opened) closeSync(fd)
      if (stdin?.ownsFd === true) closeSync(stdin.fd)
      stdin?.writer?.destroy()
      throw error
    }
  }

  /** A program that ended quickly the last time will probably do so again: then nobody need watch its pipes. */
  #watchUnlessQuick(path: ByteString, stdout: PipeReader, stderr: PipeReader, ending: Promise<unknown>): void {
    this.#running++
    if (this.#quick.get(path) !== true) stdout.watch()
    const patience = setTimeout(() => {
      this.#quick.set(path, false, { ttl: distrustMs })
      stdout.watch()
      stderr.watch()
    }, patienceMs + this.#running)
    void ending.then(() => {
      this.#running--
      clearTimeout(patience)
      if (!this.#quick.has(path)) this.#quick.set(path, true)
    })
  }

  #pipe(): { readEnd: number; writeEnd: number } {
    try {
      return this.#native.pipe()
    } catch {
      throw new StartError('EMFILE')
    }
  }

  #openStdin(stdin: ProgramStart['stdin']): Stdin {
    if (stdin === 'empty') {
      this.#nullDevice ??= openSync('/dev/null', constants.O_RDONLY)
      return { fd: this.#nullDevice, ownsFd: false, writer: undefined }
    }
    if (typeof stdin === 'object' && 'fd' in stdin) return { fd: stdin.fd, ownsFd: false, writer: undefined }
    const { readEnd, writeEnd } = this.#pipe()
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

  async #spawn(program: ProgramStart, stdin: number, stdout: number, stderr: number): Promise<number> {
    const native = this.#native
    const call = layOut(program, (bytes) => native.address(bytes))
    native.fileActionsInit(call.actions)
    try {
      native.fileActionsAddDup2(call.actions, stdin, 0)
      native.fileActionsAddDup2(call.actions, stdout, 1)
      native.fileActionsAddDup2(call.actions, stderr, 2)
      native.fileActionsAddChdir(call.actions, call.cwd)
      const result = await new Promise<number>((resolve, reject) => {
        native.posixSpawn.async(
          call.pid,
          call.path,
          call.actions,
          native.attributes,
          call.argv,
          call.environment,
          (error: Error | null, value: number) => (error === null ? resolve(value) : reject(error)),
        )
      })
      if (result !== 0) throw new StartError(errorCode(result))
      return call.pid.readInt32LE()
    } finally {
      native.fileActionsDestroy(call.actions)
    }
  }
}

interface CallMemory {
  readonly pid: Buffer
  readonly actions: Buffer
  readonly path: Buffer
  readonly cwd: Buffer
  readonly argv: Buffer
  readonly environment: Buffer
}

/** Room for a posix_spawn_file_actions_t: 80 bytes in glibc and musl, a pointer on macOS. */
const actionsBytes = 128
const pointerBytes = 8

/** All that one call points to, in one piece of memory: many small buffers cost more than the call itself. */
function layOut({ path, cwd, argv, environment }: ProgramStart, addressOf: (bytes: Buffer) => bigint): CallMemory {
  const pointers = argv.length + 1 + environment.length + 1
  const strings = [path, cwd, ...argv, ...environment]
  const stringsStart = pointerBytes + actionsBytes + pointers * pointerBytes
  const memory = Buffer.alloc(strings.reduce((sum, text) => sum + text.length + 1, stringsStart))
  const base = addressOf(memory)
  let at = stringsStart
  const put = (text: ByteString): number => {
    const start = at
    at += memory.write(text, at, 'latin1') + 1
    return start
  }
  let pointer = pointerBytes + actionsBytes
  /** A `char *[]`, which a null pointer ends. */
  const vector = (texts: readonly ByteString[]): Buffer => {
    const start = pointer
    for (const text of texts) {
      memory.writeBigUInt64LE(base + BigInt(put(text)), pointer)
      pointer += pointerBytes
    }
    pointer += pointerBytes
    return memory.subarray(start)
  }
  return {
    pid: memory.subarray(0, pointerBytes),
    actions: memory.subarray(pointerBytes, pointerBytes + actionsBytes),
    path: memory.subarray(put(path)),
    cwd: memory.subarray(put(cwd)),
    argv: vector(argv),
    environment: vector(environment),
  }
}

/** A pipe takes 64 KiB at once unless the user has very many of them. */
function writeWhatFits(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes)
  } catch {
    return 0 // EAGAIN: it takes nothing now; the socket waits for it.
  }
}

function errorCode(number: number): string {
  return Object.entries(osConstants.errno).find(([, value]) => value === number)?.[0] ?? `errno ${number}`
}
