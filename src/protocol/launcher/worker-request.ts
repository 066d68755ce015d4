// What a worker is told of its request: one message (launchers/README.md). No I/O.

import type { ByteString } from '../../bytes/byte-string.ts'

export interface WorkerRequest {
  /** Absolute. */
  readonly path: ByteString
  readonly cwd: ByteString
  /** After the script's own name. */
  readonly words: readonly ByteString[]
  /** `NAME=value` */
  readonly environment: readonly ByteString[]
}

/** The message, in memory of its own that does not move. No part may hold a NUL; none of them can, where it came from. */
export function encodeWorkerRequest({ path, cwd, words, environment }: WorkerRequest): Buffer {
  const text = [path, cwd, String(words.length), ...words, ...environment].join('\0')
  const message = Buffer.allocUnsafeSlow(4 + text.length)
  message.writeUInt32LE(text.length)
  message.write(text, 4, 'latin1')
  return message
}
