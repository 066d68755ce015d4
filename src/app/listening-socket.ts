// Whether a socket listens. Node cannot ask for SO_ACCEPTCONN, and to try would close what is no such socket; Linux tells.

import { readFileSync } from 'node:fs'

/** Of the flags in /proc/net/unix: __SO_ACCEPTCON. */
const acceptsConnections = 0x10000
/** Of the states in /proc/net/tcp: TCP_LISTEN. */
const tcpListens = '0A'

/** Undefined: nobody knows, on other systems, or where the socket is of another network namespace. */
export function isListening(inode: number): boolean | undefined {
  const ofUnix = find('/proc/net/unix', 6, inode)
  if (ofUnix !== undefined) return (Number.parseInt(ofUnix[3] ?? '', 16) & acceptsConnections) !== 0
  const ofTcp = find('/proc/net/tcp', 9, inode) ?? find('/proc/net/tcp6', 9, inode)
  return ofTcp === undefined ? undefined : ofTcp[3] === tcpListens
}

/** The columns of the line whose column `at` is the inode. */
function find(file: string, at: number, inode: number): readonly string[] | undefined {
  try {
    const lines = readFileSync(file, 'latin1').split('\n')
    return lines.map((line) => line.trim().split(/\s+/)).find((columns) => columns[at] === String(inode))
  } catch {
    return undefined
  }
}
