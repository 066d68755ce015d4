// What FastCGI programs write to descriptors 1 and 2 while they serve nobody: lines for the log, and not too many of them.

import { byteStringOf, type ByteString } from '../../bytes/byte-string.ts'

const longestLine = 8 * 1024
/** Security: a program in a loop must not fill the log. In every `windowMs`: */
const windowMs = 10_000
const mostLines = 100

export class IdleWords {
  readonly #onLine: (line: ByteString) => void
  #pending: ByteString = ''
  #windowStart = performance.now()
  #lines = 0
  #leftOut = 0

  constructor(onLine: (line: ByteString) => void) {
    this.#onLine = onLine
  }

  push(chunk: Uint8Array): void {
    const text = byteStringOf(chunk)
    this.#turnWindow()
    const lines = (this.#pending + text).split('\n')
    this.#pending = (lines.pop() ?? '').slice(-longestLine)
    for (const line of lines) this.#tell(line.slice(0, longestLine))
  }

  /** What stands without a line's end. */
  end(): void {
    if (this.#pending !== '') this.#tell(this.#pending)
    this.#pending = ''
  }

  #tell(line: ByteString): void {
    if (line === '') return
    this.#lines++
    if (this.#lines <= mostLines) this.#onLine(line)
    else this.#leftOut++
  }

  #turnWindow(): void {
    if (performance.now() - this.#windowStart < windowMs) return
    if (this.#leftOut > 0) this.#onLine(`[${this.#leftOut} lines came too fast to be logged]`)
    this.#windowStart = performance.now()
    this.#lines = 0
    this.#leftOut = 0
  }
}
