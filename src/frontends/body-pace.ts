// How slowly a request's body may come: a limit between two parts, and a rate on average.

import { BodyError } from '../gateway/request-body.ts'

export interface BodyPace {
  /** Milliseconds between two parts of a body; 0 is no limit. */
  readonly bodyTimeoutMs: number
  /** Bytes a second that a sender must reach on average, after the first `bodyTimeoutMs`; 0 is no limit. */
  readonly minBodyRate: number
}

/** The parts as they come. Throws BodyError: 408 for a sender too slow, 400 for one that broke off. */
export async function* paced(
  iterator: AsyncIterator<Uint8Array>,
  { bodyTimeoutMs, minBodyRate }: BodyPace,
): AsyncGenerator<Uint8Array> {
  let waitedMs = 0
  let bytes = 0
  try {
    while (true) {
      const since = performance.now()
      const result = await within(iterator, bodyTimeoutMs)
      if (result.done === true) return
      // Only the time that we waited for the sender counts, not the time that the script took.
      waitedMs += performance.now() - since
      bytes += result.value.length
      if (bodyTimeoutMs > 0 && waitedMs > bodyTimeoutMs && bytes * 1000 < minBodyRate * waitedMs) {
        throw new BodyError(408, 'the body comes too slowly (minBodyRate)')
      }
      yield result.value
    }
  } finally {
    // Not awaited: it waits itself for a part that may never come.
    iterator.return?.().catch(() => undefined)
  }
}

async function within(iterator: AsyncIterator<Uint8Array>, limitMs: number): Promise<IteratorResult<Uint8Array>> {
  let timer: NodeJS.Timeout | undefined
  const expiry = new Promise<never>((_, reject) => {
    if (limitMs === 0) return
    timer = setTimeout(() => reject(new BodyError(408, 'the body stopped coming (bodyTimeout)')), limitMs)
  })
  try {
    return await Promise.race([iterator.next(), expiry])
  } catch (error) {
    throw error instanceof BodyError ? error : new BodyError(400, 'the client broke the body off')
  } finally {
    clearTimeout(timer)
  }
}
