// Around the executor of a FastCGI filter (6.4): opens the file of a request and gives it along. Its length and time are of
// the descriptor that is read, so that all three are of one file, whatever its name leads to meanwhile.

import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { bytesOf, type ByteString, type Bytes } from '../bytes/byte-string.ts'
import type { Cancellation, Executor, GatewayRequest, Started } from './executor.ts'

const readBytes = 64 * 1024

export class FilterExecutor implements Executor {
  readonly #inner: Executor

  constructor(inner: Executor) {
    this.#inner = inner
  }

  async run(request: GatewayRequest, signal: Cancellation): Promise<Started> {
    const { program } = request
    if (program === undefined) throw new TypeError('a filter is asked about a file')
    const opened = await openFile(program.path)
    if ('kind' in opened) return opened
    const { file, body, lastModified } = opened
    try {
      const part = { role: 'filter', data: { length: body.length, lastModified, body } } as const
      const started = await this.#inner.run({ ...request, part }, signal)
      if (started.kind !== 'running') {
        await file.close()
        return started
      }
      const { running } = started
      body.onFault = () => running.end()
      if (body.isFaulty) running.end()
      void running.ending.then(() => file.close())
      return started
    } catch (error) {
      await file.close()
      throw error
    }
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#inner[Symbol.asyncDispose]()
  }
}

/** As many bytes as the file had; each time from its start. */
class FileBody implements Bytes {
  readonly #file: FileHandle
  readonly length: number
  isFaulty = false
  /** Called before anybody can take the beginning of a file that has shrunk for the whole. */
  onFault: () => void = () => {}

  constructor(file: FileHandle, length: number) {
    this.#file = file
    this.length = length
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < this.length;) {
        const wanted = Math.min(readBytes, this.length - at)
        const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(wanted), 0, wanted, at)
        if (bytesRead === 0) throw new Error('the file has become shorter while it was read')
        at += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    } catch (error) {
      this.isFaulty = true
      this.onFault()
      throw error
    }
  }
}

interface Opened {
  readonly file: FileHandle
  readonly body: FileBody
  readonly lastModified: Date
}

/** It was there when the route was resolved: what has happened since is an answer. */
async function openFile(path: ByteString): Promise<Opened | Started> {
  let file: FileHandle
  try {
    // A pipe in its place must not hold anybody up.
    file = await open(bytesOf(path), constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EMFILE' || code === 'ENFILE' || code === 'ENOMEM') {
      return { kind: 'failed', failure: { kind: 'out-of-resources', program: path, code } }
    }
    return refused(code === 'ENOENT' || code === 'ENOTDIR' ? 404 : 403)
  }
  try {
    const stat = await file.stat()
    if (stat.isFile()) return { file, body: new FileBody(file, stat.size), lastModified: stat.mtime }
    await file.close()
    return refused(403)
  } catch (error) {
    await file.close()
    throw error
  }
}

function refused(status: 403 | 404): Started {
  const words = status === 404 ? 'The file has just gone away.' : 'The file cannot be read.'
  const output = bytesOf(`Status: ${status}\nContent-Type: text/plain\n\n${words}\n`)
  return { kind: 'answered', answered: { output, diagnostics: [] } }
}
