// Where workers say that they have nothing more to do but to end: a FIFO in their launcher's folder. The system takes its
// time to give a process's memory back, and the launcher to hear of it; the answer need wait for neither.
//
// A script can write there too, of itself or of others. Little is made of it: nobody waits to learn whether a signal has
// ended that one, and its pipe may be closed when it was silent for long. That its output is whole, the pipe's end says.

import { constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { byteStringOf } from '../../bytes/byte-string.ts'
import type { Native } from '../native.ts'

const name = 'leaving'
/** Of a line; process ids have up to ten digits. What is longer is nobody's. */
const longestLine = 16

/** Undefined where the system has no more descriptors, or no such files: then nobody is heard before he has ended. */
export function hearLeavers(native: Native, folder: string, hear: (pid: number) => void): Disposable | undefined {
  const path = join(folder, name)
  if (!native.makeFifo(path)) return undefined
  let fd: number
  try {
    // For writing too: else it would end with its first writer.
    fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  const socket = new Socket({ fd, readable: true, writable: false })
  let pending = ''
  socket.unref()
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    const lines = (pending + byteStringOf(chunk)).split('\n')
    pending = lines.pop()?.slice(0, longestLine) ?? ''
    for (const line of lines) if (/^[1-9]\d{0,9}$/.test(line)) hear(Number(line))
  })
  return { [Symbol.dispose]: () => socket.destroy() }
}
