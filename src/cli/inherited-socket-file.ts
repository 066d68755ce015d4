// The file of a Unix socket that was handed over (fd:N). Whoever made it cannot take it away when we end, and nobody who
// connects through it may be lost: it goes first, then those who have connected are answered, then the socket is closed.

import { lstatSync, unlinkSync, type BigIntStats } from 'node:fs'

export class InheritedSocketFile {
  readonly #path: string
  readonly #made: BigIntStats | undefined

  constructor(path: string) {
    this.#path = path
    this.#made = this.#look()
  }

  /** Whether it was still there. Another server may have put its own in its place. */
  remove(): boolean {
    const now = this.#look()
    if (now === undefined || now.ino !== this.#made?.ino || now.ctimeNs !== this.#made.ctimeNs) return false
    unlinkSync(this.#path)
    return true
  }

  #look(): BigIntStats | undefined {
    return lstatSync(this.#path, { bigint: true, throwIfNoEntry: false })
  }
}
