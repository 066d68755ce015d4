// What goes on after an answer (`waitUntil`). The process waits for it before it ends, but not for ever.

export class Background {
  readonly #pending = new Set<Promise<void>>()

  /** `tell` hears of a rejection. */
  add(promise: PromiseLike<unknown>, tell: (error: unknown) => void): void {
    const settled = Promise.resolve(promise).then(
      () => void this.#pending.delete(settled),
      (error: unknown) => {
        this.#pending.delete(settled)
        tell(error)
      },
    )
    this.#pending.add(settled)
  }

  /** Resolves to whether nothing is left; 0 is no limit. */
  async settled(limitMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      if (limitMs > 0) timer = setTimeout(resolve, limitMs)
    })
    const all = async (): Promise<void> => {
      // What is added meanwhile counts too.
      while (this.#pending.size > 0) await Promise.all(this.#pending)
    }
    await Promise.race([all(), limit])
    clearTimeout(timer)
    return this.#pending.size === 0
  }
}
