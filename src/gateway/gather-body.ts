// Most answers are whole as soon as their head is: those are sent in one piece, with their length. The others are
// passed on as they come.

import type { Bytes } from '../bytes/byte-string.ts'

const mostBytes = 16 * 1024
/** The end of a pipe can be a little later than its writer's (transport/pipe-reader.ts). */
const endedPatienceMs = 5

/**
 * The whole body where it is small and at hand in this turn of the event loop, or soon and its script writes no more;
 * else the body, nothing of it lost.
 */
export async function gatherBody(body: AsyncGenerator<Uint8Array>, hasLeft: boolean): Promise<Uint8Array | Bytes> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  let pending = body.next()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    if (hasLeft) timer = setTimeout(() => resolve(undefined), endedPatienceMs)
    else setImmediate(() => resolve(undefined))
  })
  try {
    while (bytes <= mostBytes) {
      const result = await Promise.race([pending, late])
      if (result === undefined) break
      if (result.done === true)
        return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      chunks.push(result.value)
      bytes += result.value.length
      pending = body.next()
    }
  } catch {
    // `pending` has failed.
  } finally {
    clearTimeout(timer)
  }
  pending.catch(() => {}) // It is heard where its turn comes, and by nobody where the body is left before.
  return continued(chunks, pending, body)
}

async function* continued(
  chunks: readonly Uint8Array[],
  pending: Promise<IteratorResult<Uint8Array>>,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
    const result = await pending
    if (result.done === true) return
    yield result.value
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}
