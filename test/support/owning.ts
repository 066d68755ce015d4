// Several things opened one after the other, with one owner: closed in reverse, also where a later one does not open.

export type Own = <T extends Disposable | AsyncDisposable>(opened: T) => T

export async function owning<T extends object>(open: (own: Own) => Promise<T>): Promise<T & AsyncDisposable> {
  const opened: (Disposable | AsyncDisposable)[] = []
  const dispose = async (): Promise<void> => {
    for (const one of opened.splice(0).toReversed()) {
      if (Symbol.asyncDispose in one) await one[Symbol.asyncDispose]()
      else one[Symbol.dispose]()
    }
  }
  try {
    const made = await open((one) => {
      opened.push(one)
      return one
    })
    return { ...made, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}
