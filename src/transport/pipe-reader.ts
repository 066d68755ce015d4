// The reading end of a pipe from a program, as bytes in motion. It reads no further ahead than one read while nobody
// asks for more, so that a slow client slows the script (backpressure) and memory stays flat.
//
// Most programs write little and end at once; to watch two pipes for each of them costs more than to start it. So a pipe
// is read when its program has ended, and watched only where somebody says so before (docs/decisions/0013).

import { closeSync } from 'node:fs'
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net'
import type { Bytes } from '../bytes/byte-string.ts'
import type { Native } from './native.ts'

/** All pipes read into one buffer: what came is copied before anybody else can read. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)
const highWaterBytes = 64 * 1024
const mostLooks = 4

export interface PipeBytes extends Bytes {
  /** Passes on what comes as it comes, without keeping the event loop alive. */
  watchQuietly(): void
  /** All that could write have ended: passes on what they left, then closes the pipe. */
  finish(): void
  /** Closes the pipe; an iteration under way ends. */
  destroy(): void
}

/** What came of a pipe while it was watched. */
export interface Heard {
  /** When the first of it came; `performance.now()`. */
  readonly firstAt: number
  bytes: number
}

export class PipeReader implements PipeBytes, AsyncIterator<Uint8Array> {
  readonly #fd: number
  readonly #native: Pick<Native, 'read'>
  #socket: Socket | undefined
  #chunks: Uint8Array[] = []
  #buffered = 0
  #paused = false
  #ended = false
  #heard: Heard | undefined
  #waiting: ((result: IteratorResult<Uint8Array>) => void) | undefined
  #silenceMs: number | undefined
  #silence: NodeJS.Timeout | undefined

  /** Takes over the descriptor, which must be the reading end of a pipe and must not block. */
  constructor(fd: number, native: Pick<Native, 'read'>) {
    this.#fd = fd
    this.#native = native
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Undefined: nothing yet. */
  get heard(): Heard | undefined {
    return this.#heard
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) {
      this.#buffered -= chunk.length
      if (this.#paused && this.#buffered === 0) {
        this.#paused = false
        this.watch()
        this.#socket?.resume()
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

  /** From now on output is passed on as it comes; before, when the writer has ended. More than once does no harm. */
  watch(): void {
    if (this.#socket !== undefined || this.#ended) return
    // The constructor takes `onread` as connect does; its types do not say so.
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
      fd: this.#fd,
      readable: true,
      writable: false,
      onread: { buffer: readBuffer, callback: (length) => this.#hear(length) },
    }
    this.#socket = new Socket(options)
    this.#socket.on('end', () => this.#end())
    this.#socket.on('error', () => this.#end())
    this.#socket.on('close', () => this.#end())
    if (!this.#paused) this.#socket.resume()
  }

  watchQuietly(): void {
    this.watch()
    this.#socket?.unref()
  }

  /** What the writer left is read; after this long without more the pipe is closed, for a child may hold it for ever. */
  writerEnded(silenceMs: number): void {
    this.#silenceMs = silenceMs
    this.#readWhatIsLeft(mostLooks)
    if (this.#waiting !== undefined) this.#watchSilence()
  }

  finish(): void {
    // Not all that is there need have come through the event loop; and one who got away may go on writing for ever.
    for (let reads = 0; reads < mostLooks && !this.#paused && !this.#ended; reads++) {
      const length = this.#native.read(this.#fd, readBuffer)
      if (length <= 0) break
      this.#take(length)
    }
    this.#end()
  }

  destroy(): void {
    this.#chunks = []
    this.#buffered = 0
    this.#end()
  }

  #readWhatIsLeft(looks: number): void {
    if (this.#socket !== undefined || this.#ended) return
    if (looks === 0) {
      this.watch() // A background child holds it.
      return
    }
    while (!this.#paused) {
      const length = this.#native.read(this.#fd, readBuffer)
      if (length < 0) {
        // Programs that are just being started hold copies of all descriptors until they are loaded: look again.
        setTimeout(() => this.#readWhatIsLeft(looks - 1), 1)
        return
      }
      if (length === 0) {
        this.#end()
        return
      }
      this.#take(length)
    }
  }

  #hear(length: number): boolean {
    this.#heard ??= { firstAt: performance.now(), bytes: 0 }
    this.#heard.bytes += length
    return this.#take(length)
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
    this.#silence = setTimeout(() => this.#endUnlessHeard(), this.#silenceMs)
  }

  /** What was written in time may not have come through a busy event loop in time. */
  #endUnlessHeard(): void {
    const length = this.#native.read(this.#fd, readBuffer)
    if (length > 0) this.#take(length)
    else this.destroy()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    if (this.#socket === undefined) closeSync(this.#fd)
    else this.#socket.destroy()
    clearTimeout(this.#silence)
    this.#waiting?.({ done: true, value: undefined })
    this.#waiting = undefined
  }
}
