// The body of a Response: those that are at hand are taken whole, so that they have a length and need one write; of others
// nothing is held back.

import type { Bytes } from '../bytes/byte-string.ts'
import type { StreamChunks } from '../transport/web-streams.ts'

export interface Gathered extends Bytes {
  /** Nobody wants the rest. */
  leave(): void
}

/** More is not gathered. */
const wholeBytes = 64 * 1024

/** An abort leaves the body, also while a chunk is awaited. */
export async function gather(stream: StreamChunks, signal: AbortSignal): Promise<Uint8Array | Gathered> {
  const leave = (): void => void stream.return()
  signal.addEventListener('abort', leave, { once: true })
  if (signal.aborted) leave()
  const parts: Uint8Array[] = []
  let bytes = 0
  while (bytes <= wholeBytes) {
    const next = stream.next()
    const result = await Promise.race([next, turnEnd()])
    if (result === undefined) return rest(parts, stream, next, leave)
    if (result.done === true) {
      // A Request keeps its signal until memory is next cleared of all that is old, and the signal what listens to it.
      signal.removeEventListener('abort', leave)
      return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
    }
    parts.push(result.value)
    bytes += result.value.length
  }
  return rest(parts, stream, undefined, leave)
}

let turn: Promise<undefined> | undefined

/** One for all that wait in a turn of the loop. */
function turnEnd(): Promise<undefined> {
  turn ??= new Promise((resolve) => {
    setImmediate(() => {
      turn = undefined
      resolve(undefined)
    })
  })
  return turn
}

function rest(
  parts: readonly Uint8Array[],
  stream: StreamChunks,
  next: Promise<IteratorResult<Uint8Array>> | undefined,
  leave: () => void,
): Gathered {
  next?.catch(() => {}) // Whoever iterates hears of it.
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield* parts
    const first = await next
    if (first?.done === true) return
    if (first !== undefined) yield first.value
    yield* stream
  }
  const iterator = chunks()
  return { leave, [Symbol.asyncIterator]: () => iterator }
}
