// A body of unknown length, collected: in memory while it is small, then in a file without a name, so that nothing is
// left over however the server ends.

import { open, unlink, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bytes } from '../bytes/byte-string.ts'

const readBytes = 64 * 1024

/** A body that lies in a file; an executor may hand the descriptor itself to a program. */
export class SpooledFile implements Bytes, AsyncDisposable {
  readonly #file: FileHandle
  readonly length: number
  #readers = 0
  #isDisposed = false

  constructor(file: FileHandle, length: number) {
    this.#file = file
    this.length = length
  }

  /** Its offset is at the start until somebody reads through the descriptor. */
  get fd(): number {
    return this.#file.fd
  }

  /** As often as anybody likes, each time from the start. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    this.#readers++
    try {
      for (let at = 0; at < this.length;) {
        const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(readBytes), 0, readBytes, at)
        if (bytesRead === 0) return
        at += bytesRead
        yield buffer.subarray(0, bytesRead)
      }
    } finally {
      this.#readers--
      if (this.#isDisposed && this.#readers === 0) await this.#file.close()
    }
  }

  /** Who is reading reads on: an upstream may answer before it has been sent the whole. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    if (this.#readers === 0) await this.#file.close()
  }
}

export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/** Reads the whole body. Throws BodyTooLarge past `maxBytes`, and what the source throws; then nothing is left over. */
export async function spoolBody(
  source: Bytes,
  { memoryBytes, maxBytes }: { readonly memoryBytes: number; readonly maxBytes: number },
): Promise<Uint8Array | SpooledFile> {
  const chunks: Uint8Array[] = []
  let length = 0
  let file: FileHandle | undefined
  try {
    for await (const chunk of source) {
      length += chunk.length
      if (length > maxBytes) throw new BodyTooLarge(`more than ${maxBytes} bytes`)
      if (file === undefined && length <= memoryBytes) {
        chunks.push(chunk)
        continue
      }
      if (file === undefined) {
        file = await openUnnamed()
        await writeAt(file, Buffer.concat(chunks), 0)
        chunks.length = 0
      }
      await writeAt(file, chunk, length - chunk.length)
    }
    return file === undefined ? Buffer.concat(chunks) : new SpooledFile(file, length)
  } catch (error) {
    await file?.close()
    throw error
  }
}

/** A full disk may take a part alone; the next write then says ENOSPC. */
export async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, position + at)
    at += bytesWritten
  }
}

/** Written by position, so that the descriptor's own offset stays at the start. */
export async function openUnnamed(): Promise<FileHandle> {
  // Not before it is needed: it takes Node 40 ms to load, which a CGI program of ours would pay for each request.
  const { randomBytes } = await import('node:crypto')
  const path = join(tmpdir(), `postern-${randomBytes(12).toString('hex')}`)
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}
