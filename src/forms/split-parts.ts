// The parts of multipart/form-data, one after the other, each with its content as it comes: the kept parser behind the
// guard (decision 11). The parser is loaded with the first form that needs it.

import type { Readable } from 'node:stream'
import type { Bytes } from '../bytes/byte-string.ts'
import { malformed } from './form-error.ts'
import type { MultipartGuard } from './multipart-guard.ts'
import type { PartHead } from './part-head.ts'

export interface SplitPart {
  readonly head: PartHead
  /** Over when the next part is asked for; what nobody has read of it is left out. */
  readonly content: Bytes
}

/** Reads no further than its reader asks, but for what the parser and a stream hold. Throws FormError. */
export async function* splitParts(body: Bytes, boundary: string, guard: MultipartGuard): AsyncGenerator<SplitPart> {
  const { Busboy } = await import('@fastify/busboy')
  const parser = new Busboy({
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    isPartAFile: () => true,
  })
  const source = body[Symbol.asyncIterator]()
  const contents: Readable[] = []
  let current: Readable | undefined
  let begun = 0
  let isFed = false
  let failure: { readonly error: unknown } | undefined
  let wake = nobodyWaits
  let giveUp = nobodyWaits

  const fail = (error: unknown): void => {
    failure ??= { error }
    for (const content of [current, ...contents]) content?.destroy(error instanceof Error ? error : undefined)
    giveUp()
    wake()
  }
  parser.on('error', fail)
  parser.on('file', (_name: string, content: Readable) => {
    // Whoever reads it hears of an error there; nobody need be reading it yet. Security: fastify/fastify-multipart#594:
    // an error without a listener ends the process.
    content.on('error', () => {})
    contents.push(content)
    begun++
    wake()
  })
  /** Its callback is not called while a part is not read, nor ever once it has been given up. */
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => {
      giveUp = resolve
      parser.write(bytes, () => resolve())
    })
  const feed = async (): Promise<void> => {
    for (let chunk = await source.next(); chunk.done !== true; chunk = await source.next()) {
      for (const bytes of guard.push(chunk.value)) {
        if (failure !== undefined) return
        await write(bytes)
      }
    }
    guard.end()
    if (begun !== guard.parts) throw malformed('its parts can be counted in two ways')
  }
  feed()
    .catch(fail)
    .finally(() => {
      isFed = true
      wake()
    })

  try {
    for (;;) {
      if (failure !== undefined) throw failure.error
      current = contents.shift()
      const head = current === undefined ? undefined : guard.heads.shift()
      if (current !== undefined && head !== undefined) {
        yield { head, content: contentOf(current) }
        await passOver(current)
      } else if (isFed) {
        return
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    if (!isFed) {
      fail(new Error('nobody reads the form any more'))
      source.return?.().catch(() => {}) // It has failed already.
    }
    parser.destroy()
  }
}

function nobodyWaits(): void {}

/** Leaving the loop must not destroy the stream: the parser would wait for its reader for ever. */
function contentOf(content: Readable): Bytes {
  return { [Symbol.asyncIterator]: () => content.iterator({ destroyOnReturn: false }) }
}

async function passOver(content: Readable): Promise<void> {
  if (content.readableEnded || content.destroyed) return
  const over = new Promise<void>((resolve) => {
    content.once('end', resolve).once('close', resolve)
  })
  content.resume()
  await over
}
