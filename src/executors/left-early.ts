// An output that hears of whoever leaves it. A generator that is left before its first step runs nothing of itself, not
// even its `finally`; and one that waits for something hears of it only when that has come.

import type { Bytes } from '../bytes/byte-string.ts'

/** `onLeft` is called first, and may come after the end. */
export function hearingLeave(output: AsyncGenerator<Uint8Array>, onLeft: () => void): Bytes {
  const iterator: AsyncIterator<Uint8Array> = {
    next: () => output.next(),
    return: () => {
      onLeft()
      return output.return(undefined)
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
