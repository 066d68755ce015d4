// Whether a file is still the one that was looked at: its place and its times, as one word.

import type { BigIntStats } from 'node:fs'

/** Something else after each change of the file, of its mode, or of what lies at its path. */
export function identityOf({ dev, ino, size, mode, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mode} ${mtimeNs} ${ctimeNs}`
}
