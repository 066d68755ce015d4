// Starts programs with posix_spawn: their three descriptors and no other, their own process group, default signals, their
// own folder. The call runs on a thread of libuv's pool, because it waits until the new program has been loaded.

import { constants as osConstants } from 'node:os'
import type { ByteString } from '../bytes/byte-string.ts'
import type { Native } from './native.ts'
import { StartError, type ProgramProcess, type ProgramStart, type Spawner } from './program-process.ts'
import { ProgramPipes, QuickPrograms } from './program-pipes.ts'
import { Reaper } from './reaper.ts'

export class NativeSpawner implements Spawner {
  readonly #native: Native
  readonly #reaper: Reaper
  readonly #quick = new QuickPrograms()

  constructor(native: Native) {
    this.#native = native
    this.#reaper = new Reaper(native)
  }

  async start(program: ProgramStart): Promise<ProgramProcess> {
    const pipes = new ProgramPipes(this.#native, program.stdin)
    try {
      const pid = await this.#spawn(program, pipes.programEnds)
      const ending = this.#reaper.ending(pid, program.keepsAlive)
      return pipes.attach(program, this.#quick, { pid, leaving: ending, ending }, false)
    } catch (error) {
      pipes.abandon()
      throw error
    }
  }

  async #spawn(
    program: ProgramStart,
    [stdin, stdout, stderr]: readonly [stdin: number, stdout: number, stderr: number],
  ): Promise<number> {
    const native = this.#native
    const call = layOut(program, (bytes) => native.address(bytes))
    native.fileActionsInit(call.actions)
    try {
      native.fileActionsAddDup2(call.actions, stdin, 0)
      native.fileActionsAddDup2(call.actions, stdout, 1)
      native.fileActionsAddDup2(call.actions, stderr, 2)
      if (program.extra !== undefined) native.fileActionsAddDup2(call.actions, program.extra.fd, program.extra.as)
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

function errorCode(number: number): string {
  return Object.entries(osConstants.errno).find(([, value]) => value === number)?.[0] ?? `errno ${number}`
}
