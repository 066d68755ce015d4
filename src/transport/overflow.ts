// A queue of bytes that takes whatever comes: a little is kept in memory, the rest in a file without a name until it is
// read. What cannot be told to wait, because something else would wait with it, goes through one of these.

import type { FileHandle } from 'node:fs/promises'
import { openUnnamed, writeAt } from './spool.ts'

const readBytes = 64 * 1024
/** What a part costs beside its bytes, so that many small ones do not take more memory than large ones. */
const partCost = 128

/** In the order of the bytes: parts in memory, the file from `#readAt` to `#writtenAt`, parts that are being written. */
export class Overflow {
  readonly #memoryBytes: number
  readonly #onChange: () => void
  readonly #parts: Uint8Array[] = []
  #held = 0
  readonly #unwritten: Uint8Array[] = []
  #unwrittenBytes = 0
  #file: FileHandle | undefined
  #readAt = 0
  #writtenAt = 0
  #isWriting = false
  #isClosed = false
  /** The system's, of the file. */
  fault: unknown

  /** `onChange` is called when something written to the file can be read, and when a file fails. */
  constructor(memoryBytes: number, onChange: () => void) {
    this.#memoryBytes = memoryBytes
    this.#onChange = onChange
  }

  /** The disk is slower than the sender. */
  get isBehind(): boolean {
    return this.#unwrittenBytes > this.#memoryBytes
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0 && this.#unwrittenBytes === 0 && this.#readAt === this.#writtenAt
  }

  push(part: Uint8Array): void {
    if (this.#isClosed || part.length === 0) return
    const cost = part.length + partCost
    const isInMemory = this.#unwrittenBytes === 0 && this.#readAt === this.#writtenAt
    if (isInMemory && (this.#held + cost <= this.#memoryBytes || this.#parts.length === 0)) {
      this.#parts.push(part)
      this.#held += cost
      return
    }
    this.#unwritten.push(part)
    this.#unwrittenBytes += cost
    if (!this.#isWriting) void this.#write()
  }

  /** The next bytes, or undefined where none can be read at present. Throws the system's error. */
  async take(): Promise<Uint8Array | undefined> {
    const part = this.#parts.shift()
    if (part !== undefined) {
      this.#held -= part.length + partCost
      return part
    }
    if (this.#file === undefined || this.#readAt === this.#writtenAt) return undefined
    const length = Math.min(readBytes, this.#writtenAt - this.#readAt)
    const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafe(length), 0, length, this.#readAt)
    this.#readAt += bytesRead
    return buffer.subarray(0, bytesRead)
  }

  /** Nothing more is taken or given. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#parts.length = 0
    this.#held = 0
    this.#unwritten.length = 0
    this.#unwrittenBytes = 0
    const file = this.#file
    this.#file = undefined
    if (!this.#isWriting) await file?.close()
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    let file = this.#file
    try {
      file ??= await openUnnamed()
      if (!this.#isClosed) this.#file = file
      while (this.#unwritten.length > 0) {
        // All that was there has been read: the file begins anew.
        if (this.#readAt === this.#writtenAt) this.#readAt = this.#writtenAt = 0
        const bytes = Buffer.concat(this.#unwritten)
        const cost = this.#unwrittenBytes
        this.#unwritten.length = 0
        await writeAt(file, bytes, this.#writtenAt)
        this.#writtenAt += bytes.length
        if (!this.#isClosed) this.#unwrittenBytes -= cost
        this.#onChange()
      }
    } catch (error) {
      this.fault = error
      this.#onChange()
    } finally {
      this.#isWriting = false
      if (this.#isClosed) await file?.close()
    }
  }
}
