// Starts programs with node:child_process, where the native way cannot be had. What it cannot do: its descriptors are
// sockets, so /dev/stdin, /dev/stdout and /dev/stderr cannot be opened by name; and Node writes the environment as UTF-8.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { textOf } from '../bytes/byte-string.ts'
import type { Ending } from '../events/events.ts'
import type { PipeBytes } from './pipe-reader.ts'
import { StartError, type ProgramProcess, type ProgramStart, type Spawner } from './program-process.ts'

export class FallbackSpawner implements Spawner {
  async start(program: ProgramStart): Promise<ProgramProcess> {
    const { stdin } = program
    const descriptor = stdin === 'empty' ? 'ignore' : typeof stdin === 'object' && 'fd' in stdin ? stdin.fd : 'pipe'
    const environment: Record<string, string> = Object.create(null)
    for (const entry of program.environment) {
      const equals = entry.indexOf('=')
      environment[entry.slice(0, equals)] = textOf(entry.slice(equals + 1))
    }
    const child = spawn(textOf(program.path), program.argv.slice(1).map(textOf), {
      argv0: textOf(program.argv[0] ?? program.path),
      cwd: textOf(program.cwd),
      env: environment,
      detached: true,
      stdio: [descriptor, 'pipe', 'pipe'],
    })
    const ending = endingOf(child)
    try {
      await once(child, 'spawn')
    } catch (error) {
      throw new StartError(error instanceof Error && 'code' in error ? String(error.code) : 'unknown')
    }
    if (program.keepsAlive === false) child.unref()
    child.stdin?.on('error', () => child.stdin?.destroy())
    if (stdin instanceof Uint8Array) child.stdin?.end(stdin)
    const { pid, stdout, stderr } = child
    if (pid === undefined || stdout === null || stderr === null) throw new StartError('unknown')
    return {
      pid,
      isWarm: false,
      stdin: child.stdin ?? undefined,
      stdout: new StreamBytes(stdout, ending, program.backgroundGraceMs),
      stderr: new StreamBytes(stderr, ending, program.backgroundGraceMs),
      leaving: ending,
      ending,
    }
  }
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal, cpuMs: undefined, maxRssBytes: undefined }))
  })
}

class StreamBytes implements PipeBytes {
  readonly #stream: Readable
  #silence: NodeJS.Timeout | undefined

  constructor(stream: Readable, writerEnd: Promise<unknown>, silenceMs: number) {
    this.#stream = stream
    void writerEnd.then(() => {
      if (!stream.closed) this.#silence = setTimeout(() => this.destroy(), silenceMs)
    })
    stream.on('error', () => stream.destroy())
    stream.once('close', () => clearTimeout(this.#silence))
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.#stream) {
        this.#silence?.refresh()
        if (chunk instanceof Uint8Array) yield chunk
      }
    } catch {
      return // ERR_STREAM_PREMATURE_CLOSE: `destroy` was called; the iteration just ends.
    }
  }

  watchQuietly(): void {
    // Its type is that of any stream; a child's is a socket.
    if ('unref' in this.#stream && typeof this.#stream.unref === 'function') this.#stream.unref()
  }

  /** Its end comes with what is left, or after silence. */
  finish(): void {}

  destroy(): void {
    this.#stream.destroy()
  }
}
