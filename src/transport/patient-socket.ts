// A socket on which a write that fails does not end the reading. Whoever answers before he has read all, and closes, makes
// our next write fail (EPIPE, ECONNRESET), while his answer still lies in the system: Node would throw it away.

import { Socket } from 'node:net'
import { constants } from 'node:os'
import { descriptorOf } from './descriptor-of.ts'
import { loadNative } from './native.ts'

type WriteCallback = (error?: Error | null) => void

const otherSideReadsNoMore = new Set(['EPIPE', 'ECONNRESET'])

export class PatientSocket extends Socket {
  #writeFault: string | undefined
  #drained: Promise<void> | undefined

  /** The system's code of the first write that failed; what is written after it goes nowhere. */
  get writeFault(): string | undefined {
    return this.#writeFault
  }

  /**
   * At its end: whether a reset was that end. libuv takes a hang-up in one read with the last bytes for the end of
   * what is sent, and does not ask why; the system still knows. False also where native calls are missing.
   */
  get wasReset(): boolean {
    const loaded = loadNative()
    const fd = descriptorOf(this)
    if (fd === undefined || 'reason' in loaded) return false
    return loaded.native.socketError(fd) === constants.errno.ECONNRESET
  }

  /** Resolves when more can be written, or nothing ever will be. However many wait, they are one listener. */
  drained(): Promise<void> {
    if (!this.writableNeedDrain || this.destroyed) return Promise.resolve()
    this.#drained ??= new Promise((resolve) => {
      const settle = (): void => {
        this.#drained = undefined
        this.off('drain', settle).off('close', settle)
        resolve()
      }
      this.on('drain', settle).on('close', settle)
    })
    return this.#drained
  }

  override _write(chunk: unknown, encoding: BufferEncoding, callback: WriteCallback): void {
    if (this.#writeFault === undefined) super._write(chunk, encoding, this.#forgiving(callback))
    else callback()
  }

  override _writev(chunks: { chunk: unknown; encoding: BufferEncoding }[], callback: WriteCallback): void {
    if (this.#writeFault === undefined) super._writev?.(chunks, this.#forgiving(callback))
    else callback()
  }

  #forgiving(callback: WriteCallback): WriteCallback {
    return (error) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
      if (code === undefined || !otherSideReadsNoMore.has(code)) return callback(error)
      this.#writeFault ??= code
      callback()
    }
  }
}
