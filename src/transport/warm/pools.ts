// The pools of a spawner: one for each interpreter, with its option and its environment.

import type { ByteString } from '../../bytes/byte-string.ts'

interface Pool {
  /** Nothing of it is left but what it has learnt. */
  readonly isAsleep: boolean
  end(): Promise<void>
}

/** Each interpreter, with its option and its environment, needs a launcher of its own. */
export const mostLaunchers: number = 16

export class Pools<Kind extends Pool> implements AsyncDisposable {
  readonly #pools = new Map<string, Kind>()
  #isDisposed = false

  get isDisposed(): boolean {
    return this.#isDisposed
  }

  /** Undefined: there are too many already. */
  of(command: readonly ByteString[], environment: readonly ByteString[], make: () => Kind): Kind | undefined {
    const key = [...command, '', ...environment].join('\0')
    const pool = this.#pools.get(key)
    if (pool !== undefined) return pool
    if (this.#pools.size >= mostLaunchers) this.#forgetAsleep()
    if (this.#pools.size >= mostLaunchers) return undefined
    const made = make()
    this.#pools.set(key, made)
    return made
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()))
  }

  #forgetAsleep(): void {
    for (const [key, pool] of this.#pools) {
      if (!pool.isAsleep) continue
      this.#pools.delete(key)
      void pool.end()
    }
  }
}
