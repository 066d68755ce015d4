// What programs that stay write to descriptors 1 and 2: lines for the log, and not too many of them. A FastCGI program says
// little there, as requests have a stream of their own; a web application may say all it has to say.

import { byteStringOf, type ByteString } from '../../bytes/byte-string.ts'

const longestLine = 8 * 1024
/** Security: a program in a loop must not fill the log. In every `windowMs`: */
const windowMs = 10_000
const mostLines = 100
/** An application's own log, at a pace that no reader of it would bear for long. */
export const mostLinesOfApplications = 10_000

export class IdleWords {
  readonly #onLine: (line: ByteString) => void
  readonly #mostLines: number
  #pending: ByteString = ''
  #windowStart = performance.now()
  #lines = 0
  #leftOut = 0

  constructor(onLine: (line: ByteString) => void, most: number = mostLines) {
    this.#onLine = onLine
    this.#mostLines = most
  }

  push(chunk: Uint8Array): void {
    const text = byteStringOf(chunk)
    this.#turnWindow()
    const lines = (this.#pending + text).split('\n')
    this.#pending = (lines.pop() ?? '').slice(-longestLine)
    for (const line of lines) this.#tell(line.slice(0, longestLine))
  }

  /** What stands without a line's end, and how much was left out. */
  end(): void {
    if (this.#pending !== '') this.#tell(this.#pending)
    this.#pending = ''
    this.#tellLeftOut()
  }

  #tell(line: ByteString): void {
    if (line === '') return
    this.#lines++
    if (this.#lines <= this.#mostLines) this.#onLine(line)
    else this.#leftOut++
  }

  #turnWindow(): void {
    if (performance.now() - this.#windowStart < windowMs) return
    this.#tellLeftOut()
    this.#windowStart = performance.now()
    this.#lines = 0
  }

  #tellLeftOut(): void {
    if (this.#leftOut > 0) this.#onLine(`[${this.#leftOut} lines came too fast to be logged]`)
    this.#leftOut = 0
  }
}
