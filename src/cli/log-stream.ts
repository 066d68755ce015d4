// Where the logs go: a reader that falls behind costs lines, one that goes away costs the log. Never the server.

import type { Writable } from 'node:stream'
import type { DestinationStream } from 'pino'

/** A pipe that nobody reads is buffered in memory; past this, lines are left out. */
const mostBufferedBytes = 16 * 1024 * 1024

export function logStream(stream: Writable): DestinationStream {
  let lost = 0
  // EPIPE: `postern serve | head`, or a collector that was stopped. There is nowhere left to say so.
  stream.on('error', () => {})
  return {
    write(line) {
      if (stream.destroyed || stream.writableLength > mostBufferedBytes) {
        lost++
        return
      }
      if (lost > 0)
        stream.write(`${JSON.stringify({ msg: `${lost} lines of the log were lost: its reader was too slow` })}\n`)
      lost = 0
      stream.write(line)
    },
  }
}
