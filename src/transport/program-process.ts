// What a started program looks like to the executor above, whichever way it was started.

import type { Writable } from 'node:stream'
import type { ByteString } from '../bytes/byte-string.ts'
import type { Ending } from '../events/events.ts'
import type { PipeBytes } from './pipe-reader.ts'

export interface ProgramStart {
  /** Absolute, as bytes. */
  readonly path: ByteString
  readonly argv: readonly ByteString[]
  /** `NAME=value`, as bytes. Nothing else is in the program's environment. */
  readonly environment: readonly ByteString[]
  /** Names in it that differ from request to request, though they do not tell (variable-names.ts). */
  readonly ofRequestAlone?: ReadonlySet<string> | undefined
  readonly cwd: ByteString
  /** What descriptor 0 is: nothing (the null device), an open file, these few bytes, or a pipe that is written later. */
  readonly stdin: 'empty' | 'pipe' | Uint8Array | { readonly fd: number }
  /** Milliseconds without output after the program's end, before a background child's hold on its output is given up. */
  readonly backgroundGraceMs: number
  /** One more descriptor for it; only native starting can give one. */
  readonly extra?: { readonly fd: number; readonly as: number }
  /** Whether the event loop stays alive while it runs. Default true. */
  readonly keepsAlive?: boolean
}

export interface ProgramProcess {
  readonly pid: number
  /** Its interpreter had been started before there was a request. */
  readonly isWarm: boolean
  /** Only where `stdin` was 'pipe', or bytes that the pipe did not take at once. Errors on it are the program's right. */
  readonly stdin: Writable | undefined
  readonly stdout: PipeBytes
  readonly stderr: PipeBytes
  /** Resolves when it has nothing more to do but to end, of itself, or has ended: its output is written. */
  readonly leaving: Promise<unknown>
  readonly ending: Promise<Ending>
}

/** The system refused to start it; the code is the system's, such as ENOENT. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: string
  constructor(code: string) {
    super(`a program could not be started: ${code}`)
    this.code = code
  }
}

export interface Spawner {
  /** Throws StartError. */
  start(program: ProgramStart): Promise<ProgramProcess>
}
