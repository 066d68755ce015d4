// Whether this user may start a file as a program, as the kernel would see it.

import { accessSync, constants } from 'node:fs'
import { bytesOf, type ByteString } from '../bytes/byte-string.ts'

/** `mode` is what `stat` says. Where all may, or none, that is enough. */
export function mayStart(path: ByteString, mode: number): boolean {
  const bits = mode & 0o111
  if (bits === 0 || bits === 0o111) return bits !== 0
  try {
    accessSync(bytesOf(path), constants.X_OK)
    return true
  } catch {
    return false
  }
}
