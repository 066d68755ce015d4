// Bytes that wait for more to come. Copied as they come, never all of them again for each chunk: a peer that sends one
// byte at a time must not make its reader work for the square of the length. No I/O.

const nothing = Buffer.alloc(0)

/** What was joined is in use until the next call; what is held is a copy, so chunks may be used again by their owner. */
export class HeldBytes {
  #room: Uint8Array = nothing
  #start = 0
  #end = 0
  /** What `join` gave last. */
  #joined: Uint8Array = this.#room

  get length(): number {
    return this.#end - this.#start
  }

  /** What is held and then the chunk; the chunk itself where nothing is held. */
  join(chunk: Uint8Array): Uint8Array {
    if (this.length === 0) {
      this.#joined = chunk
      return chunk
    }
    if (this.#end + chunk.length > this.#room.length) this.#move(this.length + chunk.length)
    this.#room.set(chunk, this.#end)
    this.#end += chunk.length
    this.#joined = this.#room.subarray(this.#start, this.#end)
    return this.#joined
  }

  /** Of what `join` gave last, all from `at` on is held; the rest is let go. */
  keepFrom(at: number): void {
    const rest = this.#joined.subarray(at)
    if (rest.length === 0) {
      this.#room = nothing
      this.#start = 0
      this.#end = 0
    } else if (this.length === 0) {
      this.#room = Buffer.alloc(rest.length)
      this.#room.set(rest)
      this.#end = rest.length
    } else {
      this.#start = this.#end - rest.length
    }
    this.#joined = this.#room
  }

  /** Into a room of twice the size: each byte is moved a bounded number of times on the average. */
  #move(needed: number): void {
    const room = Buffer.alloc(2 * needed)
    room.set(this.#room.subarray(this.#start, this.#end))
    this.#end = this.length
    this.#start = 0
    this.#room = room
  }
}
