// A folder that settings name, as its real path: nothing above it is a link.

import { realpathSync, statSync } from 'node:fs'
import type { ByteString } from '../bytes/byte-string.ts'

/** Throws TypeError where there is no such folder. */
export function realFolder(path: string): ByteString {
  try {
    if (statSync(path).isDirectory()) return realpathSync.native(path, { encoding: 'latin1' })
  } catch (error) {
    throw new TypeError(`the folder ${path} cannot be served: ${messageOf(error)}`, { cause: error })
  }
  throw new TypeError(`${path} is not a folder`)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
