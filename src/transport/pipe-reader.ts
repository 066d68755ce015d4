// The reading end of a pipe from a program, as bytes in motion. It reads no further ahead than one read while nobody
// asks for more, so that a slow client slows the script (backpressure) and memory stays flat.

import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net'
import type { Bytes } from '../bytes/byte-string.ts'

/** All pipes read into one buffer: the callback copies what came before it returns. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)
const highWaterBytes = 64 * 1024

export interface PipeBytes extends Bytes {
  /** The writer has gone: end after this long without output, for a background child may hold the pipe open for ever. */
  endAfterSilence(ms: number): void
  /** Closes the pipe; an iteration under way ends. */
  destroy(): void
}

export class PipeReader implements PipeBytes, AsyncIterator<Uint8Array> {
  readonly #socket: Socket
  #chunks: Uint8Array[] = []
  #buffered = 0
  #paused = false
  #ended = false
  #waiting: ((result: IteratorResult<Uint8Array>) => void) | undefined
  #silenceMs: number | undefined
  #silence: NodeJS.Timeout | undefined

  /** Takes over the descriptor, which must be the reading end of a pipe. */
  constructor(fd: number) {
    // The constructor takes `onread` as connect does; its types do not say so.
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
      fd,
      readable: true,
      writable: false,
      onread: { buffer: readBuffer, callback: (length) => this.#take(length) },
    }
    this.#socket = new Socket(options)
    this.#socket.on('end', () => this.#end())
    this.#socket.on('error', () => this.#end())
    this.#socket.on('close', () => this.#end())
    this.#socket.resume()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) {
      this.#buffered -= chunk.length
      if (this.#paused && this.#buffered === 0) {
        this.#paused = false
        this.#socket.resume()
      }
      return Promise.resolve({ done: false, value: chunk })
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined })
    this.#watchSilence()
    return new Promise((resolve) => {
      this.#waiting = resolve
    })
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.destroy()
    return Promise.resolve({ done: true, value: undefined })
  }

  endAfterSilence(ms: number): void {
    this.#silenceMs = ms
    if (this.#waiting !== undefined) this.#watchSilence()
  }

  destroy(): void {
    this.#chunks = []
    this.#buffered = 0
    this.#socket.destroy()
    this.#end()
  }

  #take(length: number): boolean {
    const bytes = Buffer.from(readBuffer.subarray(0, length))
    const waiting = this.#waiting
    if (waiting !== undefined) {
      this.#waiting = undefined
      clearTimeout(this.#silence)
      waiting({ done: false, value: bytes })
      return true
    }
    this.#chunks.push(bytes)
    this.#buffered += length
    this.#paused = this.#buffered >= highWaterBytes
    return !this.#paused
  }

  #watchSilence(): void {
    if (this.#silenceMs === undefined || this.#ended) return
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.destroy(), this.#silenceMs)
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#silence)
    this.#waiting?.({ done: true, value: undefined })
    this.#waiting = undefined
  }
}
