// A script's standard error on its way to the log: line by line, as it comes, with a tail kept for the diagnosis.

import { byteStringOf, textOf, type ByteString, type Bytes } from '../bytes/byte-string.ts'

/** A longer line is logged in pieces. */
const longestLine = 8 * 1024
const tailBytes = 8 * 1024

/** Security: a script in a loop must neither fill the log nor keep the server from its clients. In every `windowMs`: */
const windowMs = 10_000
const mostLines = 20_000
const mostBytes = 2 * 1024 * 1024

export class Diagnostics {
  /** Resolves when the script's standard error has ended. */
  readonly ended: Promise<void>
  readonly #onLine: (line: ByteString) => void
  #tail: ByteString = ''
  #windowStart = performance.now()
  #lines = 0
  #bytes = 0
  #leftOut = 0

  constructor(source: Bytes, onLine: (line: ByteString) => void) {
    this.#onLine = onLine
    this.ended = this.#read(source)
  }

  get tail(): string {
    return textOf(this.#tail)
  }

  async #read(source: Bytes): Promise<void> {
    let pending = ''
    for await (const chunk of source) {
      const text = byteStringOf(chunk)
      this.#tail = (this.#tail + text).slice(-tailBytes)
      this.#turnWindow()
      if (this.#isFull()) {
        this.#leftOut += pending.length + text.length
        pending = ''
        continue
      }
      const lines = (pending + text).split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) this.#emit(line)
      if (pending.length > longestLine) {
        this.#emit(pending)
        pending = ''
      }
    }
    if (pending !== '') this.#emit(pending)
    this.#sayWhatWasLeftOut()
  }

  #emit(line: ByteString): void {
    for (let at = 0; at === 0 || at < line.length; at += longestLine) {
      const piece = line.slice(at, at + longestLine)
      if (this.#isFull()) {
        this.#leftOut += piece.length + 1
        continue
      }
      this.#lines++
      this.#bytes += piece.length + 1
      this.#onLine(piece)
    }
  }

  #isFull(): boolean {
    return this.#lines >= mostLines || this.#bytes >= mostBytes
  }

  #turnWindow(): void {
    const now = performance.now()
    if (now - this.#windowStart < windowMs) return
    this.#sayWhatWasLeftOut()
    this.#windowStart = now
    this.#lines = 0
    this.#bytes = 0
  }

  #sayWhatWasLeftOut(): void {
    if (this.#leftOut > 0) this.#onLine(`[${this.#leftOut} bytes of standard error came too fast to be logged]`)
    this.#leftOut = 0
  }
}
