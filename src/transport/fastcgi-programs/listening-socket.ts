// The listening Unix socket that a FastCGI program finds as its descriptor 0 (FastCGI 2.2). Nobody accepts on it here.

import { once } from 'node:events'
import { closeSync, renameSync } from 'node:fs'
import { createServer } from 'node:net'
import { textOf, type ByteString } from '../../bytes/byte-string.ts'
import type { Native } from '../native.ts'
import { StartError } from '../program-process.ts'
import { descriptorOf } from '../descriptor-of.ts'

export interface ListeningSocket {
  readonly fd: number
  /** Of our copy; the socket at its path goes on as long as somebody has it. */
  close(): void
}

/** Requests that are on their way to a program that is being loaded; each has one connection, so that one is enough. */
const backlog = 16

/** Throws StartError. */
export async function listenAt(native: Native | undefined, path: ByteString): Promise<ListeningSocket> {
  try {
    if (native === undefined) return await listenByNode(textOf(path))
    const fd = native.listenAt(path, backlog)
    return { fd, close: () => closeSync(fd) }
  } catch (error) {
    throw new StartError(error instanceof Error && 'code' in error ? String(error.code) : 'unknown')
  }
}

/**
 * Node has no call for a socket on which it does not accept itself. But nobody connects before the program has been
 * started and Node's own copy is closed; child_process makes what becomes a descriptor 0 wait in accept; and what a server
 * removes when it closes is the path that it was told, so that the socket gets its name only now.
 */
async function listenByNode(path: string): Promise<ListeningSocket> {
  const server = createServer()
  server.listen({ path: `${path}.new`, backlog })
  await once(server, 'listening')
  renameSync(`${path}.new`, path)
  const fd = descriptorOf(server)
  if (fd !== undefined) return { fd, close: () => void server.close() }
  server.close()
  throw new Error('this Node does not tell the descriptor of a listening socket')
}
