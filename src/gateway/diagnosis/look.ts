// Looks at the file system where a "no" is an answer like any other. Every error here is the system's refusal.

import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { bytesOf, byteStringOf, type ByteString } from '../../bytes/byte-string.ts'

export type FileType = 'file' | 'folder' | 'other'

export interface FileStatus {
  readonly type: FileType
  readonly size: number
  readonly mode: number
  readonly ownerId: number
}

/** The status of the file, through links, or the system's code, such as ENOENT. */
export function statusOfFile(path: ByteString): FileStatus | string {
  try {
    const stats = statSync(bytesOf(path))
    const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other'
    return { type, size: stats.size, mode: stats.mode, ownerId: stats.uid }
  } catch (error) {
    return errorCode(error)
  }
}

/** Undefined: allowed. Otherwise the system's code. */
export function refusal(path: ByteString, access: 'read' | 'execute'): string | undefined {
  try {
    accessSync(bytesOf(path), access === 'read' ? constants.R_OK : constants.X_OK)
    return undefined
  } catch (error) {
    return errorCode(error)
  }
}

/** Where a symbolic link leads, in its own words. */
export function linkTarget(path: ByteString): ByteString | undefined {
  return attempt(() => (lstatSync(bytesOf(path)).isSymbolicLink() ? readlinkSync(bytesOf(path), 'latin1') : undefined))
}

export function realPath(path: ByteString): ByteString | undefined {
  return attempt(() => realpathSync.native(bytesOf(path), { encoding: 'latin1' }))
}

/** The first bytes of a regular file. */
export function readStart(path: ByteString, limitBytes: number): ByteString | undefined {
  return attempt(() => {
    // Without waiting, should it have become a named pipe since it was looked at.
    const file = openSync(bytesOf(path), constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const bytes = Buffer.alloc(limitBytes)
      return byteStringOf(bytes.subarray(0, readSync(file, bytes, 0, limitBytes, 0)))
    } finally {
      closeSync(file)
    }
  })
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined // Missing, closed to us or just gone: the callers' facts say so.
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
