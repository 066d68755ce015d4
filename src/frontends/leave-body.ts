// A body of an answer that nobody will read: its source is told.

import type { Bytes } from '../bytes/byte-string.ts'

/** Only an iteration that has begun can be left, so one part is taken. */
export async function leaveBody(body: Uint8Array | Bytes | undefined): Promise<void> {
  if (body === undefined || body instanceof Uint8Array) return
  try {
    for await (const _ of body) return
  } catch {
    return // Already reported; there is nobody left to tell.
  }
}
