// How a connection ends so that its peer still reads what was written: a connection that is closed while bytes of the
// peer lie unread is reset, and the reset overtakes the answer (RFC 9112 9.6; no protocol over TCP is spared).

import type { Socket } from 'node:net'
import { discardBytes, discardMs } from './refusal.ts'

/**
 * Ends the sending side, and lets pass what the peer still sends, up to a limit of time and size. `sendTimeoutMs`: in which
 * it must take something of what was written; 0 is no limit.
 */
export function linger(socket: Socket, sendTimeoutMs: number): void {
  if (socket.destroyed) return
  socket.once('timeout', () => socket.destroy())
  socket.setTimeout(sendTimeoutMs)
  socket.end()
  let bytes = 0
  socket.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length
    if (bytes > discardBytes) socket.destroy()
  })
  socket.resume()
  const wait = (): void => {
    const timer = setTimeout(() => socket.destroy(), discardMs)
    socket.once('close', () => clearTimeout(timer))
  }
  if (socket.writableFinished) wait()
  else socket.once('finish', wait)
}
