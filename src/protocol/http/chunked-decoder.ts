// RFC 9112 7.1, chunked transfer coding: for the output of NPH scripts, which frame it themselves. No I/O.

import { ProtocolError } from '../errors.ts'

const longestSizeLine = 1024

export class ChunkedDecoder {
  #line = ''
  #left = 0
  #state: 'size' | 'data' | 'data-end' | 'trailer' | 'done' = 'size'

  /** The content in these bytes. Throws ProtocolError on anything that is not chunked coding. */
  push(bytes: Uint8Array): Uint8Array[] {
    const content: Uint8Array[] = []
    let at = 0
    while (at < bytes.length && this.#state !== 'done') {
      if (this.#state === 'data') {
        const part = bytes.subarray(at, at + this.#left)
        content.push(part)
        at += part.length
        this.#left -= part.length
        if (this.#left === 0) this.#state = 'data-end'
        continue
      }
      const byte = bytes[at++] ?? 0
      if (byte !== 10) {
        this.#line += String.fromCharCode(byte)
        if (this.#line.length > longestSizeLine) throw new ProtocolError('http', 'a chunk line is too long')
        continue
      }
      const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line
      this.#line = ''
      this.#endLine(line)
    }
    return content
  }

  /** True once the last chunk and its trailers have been read. */
  get done(): boolean {
    return this.#state === 'done'
  }

  #endLine(line: string): void {
    if (this.#state === 'data-end') {
      if (line !== '') throw new ProtocolError('http', 'a chunk is longer than its size says')
      this.#state = 'size'
    } else if (this.#state === 'trailer') {
      if (line === '') this.#state = 'done'
    } else {
      const size = /^([0-9A-Fa-f]{1,12})[\t ]*(;.*)?$/.exec(line)?.[1]
      if (size === undefined) throw new ProtocolError('http', `not a chunk size: ${JSON.stringify(line.slice(0, 40))}`)
      this.#left = Number.parseInt(size, 16)
      this.#state = this.#left === 0 ? 'trailer' : 'data'
    }
  }
}
