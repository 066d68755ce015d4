// Bytes that come in pieces, as one. Security: a body may come byte by byte, and a list of such pieces takes a hundred
// times their length.

export class GrowingBytes {
  #space: Buffer = Buffer.alloc(0)
  #length = 0

  get length(): number {
    return this.#length
  }

  add(piece: Uint8Array): void {
    const length = this.#length + piece.length
    if (length > this.#space.length) {
      const space = Buffer.alloc(Math.max(length, 2 * this.#space.length))
      space.set(this.#space.subarray(0, this.#length))
      this.#space = space
    }
    this.#space.set(piece, this.#length)
    this.#length = length
  }

  /** All of it; what is added from now on begins anew. */
  take(): Buffer {
    const whole = this.#space.subarray(0, this.#length)
    this.#space = Buffer.alloc(0)
    this.#length = 0
    return whole
  }
}
