// A script's standard error on its way to the log: line by line, as it comes, with a tail kept for the diagnosis.

import { byteStringOf, textOf, type ByteString, type Bytes } from '../bytes/byte-string.ts'

/** A longer line is logged in pieces. */
const longestLine = 8 * 1024
const tailBytes = 8 * 1024

export class Diagnostics {
  /** Resolves when the script's standard error has ended. */
  readonly ended: Promise<void>
  #tail: ByteString = ''

  constructor(source: Bytes, onLine: (line: ByteString) => void) {
    this.ended = this.#read(source, onLine)
  }

  get tail(): string {
    return textOf(this.#tail)
  }

  async #read(source: Bytes, onLine: (line: ByteString) => void): Promise<void> {
    let pending = ''
    for await (const chunk of source) {
      const text = byteStringOf(chunk)
      this.#tail = (this.#tail + text).slice(-tailBytes)
      const lines = (pending + text).split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) emitPieces(line, onLine)
      if (pending.length > longestLine) {
        emitPieces(pending, onLine)
        pending = ''
      }
    }
    if (pending !== '') emitPieces(pending, onLine)
  }
}

function emitPieces(line: ByteString, onLine: (line: ByteString) => void): void {
  for (let at = 0; at === 0 || at < line.length; at += longestLine) onLine(line.slice(at, at + longestLine))
}
