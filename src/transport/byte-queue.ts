// Bytes between somebody who brings them whenever they come and somebody who takes them in his own time.

import type { Bytes } from '../bytes/byte-string.ts'

export class ByteQueue implements Bytes, AsyncIterator<Uint8Array> {
  readonly #chunks: Uint8Array[] = []
  #bytes = 0
  #state: 'open' | 'ended' | 'left' = 'open'
  #error: Error | undefined
  #waiting:
    | { readonly resolve: (result: IteratorResult<Uint8Array>) => void; readonly reject: (error: Error) => void }
    | undefined
  /** Called when something has been taken. */
  onTaken: () => void = () => {}
  /** Called when its reader wants no more, before the end. */
  onLeft: () => void = () => {}

  /** Brought and not taken. */
  get bytes(): number {
    return this.#bytes
  }

  /** Nothing after the end, and nothing for a reader who has left, is kept. */
  push(chunk: Uint8Array): void {
    if (this.#state !== 'open') return
    const waiting = this.#waiting
    if (waiting !== undefined) {
      this.#waiting = undefined
      waiting.resolve({ done: false, value: chunk })
      return
    }
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
  }

  /** With an error the iteration throws, once all that came before has been taken. */
  end(error?: Error): void {
    if (this.#state !== 'open') return
    this.#state = 'ended'
    this.#error = error
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting === undefined) return
    if (error === undefined) waiting.resolve({ done: true, value: undefined })
    else this.#throwTo(waiting)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) {
      this.#bytes -= chunk.length
      this.onTaken()
      return Promise.resolve({ done: false, value: chunk })
    }
    if (this.#state !== 'open' && this.#error === undefined) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      if (this.#state !== 'open') this.#throwTo(this.#waiting)
    })
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    const wasOpen = this.#state === 'open'
    this.#state = 'left'
    this.#error = undefined
    this.#chunks.length = 0
    this.#bytes = 0
    this.#waiting?.resolve({ done: true, value: undefined })
    this.#waiting = undefined
    if (wasOpen) this.onLeft()
    this.onTaken()
    return Promise.resolve({ done: true, value: undefined })
  }

  /** Once; after it the iteration is over. */
  #throwTo({ reject }: { readonly reject: (error: Error) => void }): void {
    const error = this.#error ?? new Error('the bytes broke off')
    this.#error = undefined
    this.#waiting = undefined
    reject(error)
  }
}
