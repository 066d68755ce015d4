// What interpreter a program asks for, looked up at every start for the price of one stat: the first line is read again
// only where the file is another one than before. Looks, never runs.

import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { LRUCache } from 'lru-cache'
import { bytesOf, byteStringOf, type ByteString } from '../bytes/byte-string.ts'
import { readShebang, type Shebang } from '../protocol/cgi/shebang.ts'
import { identityOf } from './file-identity.ts'

export interface ProgramLook {
  /** Undefined where the kernel would find none: a compiled program, a text without `#!`, a line longer than it reads. */
  readonly shebang: Shebang | undefined
  /** The bits of `stat`, the set-user-ID and set-group-ID bits included. */
  readonly mode: number
}

/** As much as Linux reads of a program to find its interpreter (BINPRM_BUF_SIZE). */
const kernelBytes = 256

export class ShebangCache {
  readonly #known = new LRUCache<ByteString, ProgramLook & { readonly identity: string }>({ max: 1024 })

  /** Undefined where it is no regular file, or cannot be read. */
  look(path: ByteString): ProgramLook | undefined {
    try {
      const status = statSync(bytesOf(path), { bigint: true })
      if (!status.isFile()) return undefined
      const known = this.#known.get(path)
      if (known?.identity === identityOf(status)) return known
      const seen = read(path)
      this.#known.set(path, seen)
      return seen
    } catch {
      this.#known.delete(path)
      return undefined // Gone, or closed to us: whoever starts it will hear why.
    }
  }
}

function read(path: ByteString): ProgramLook & { readonly identity: string } {
  // Without waiting, should it have become a named pipe since it was looked at.
  const file = openSync(bytesOf(path), constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const status = fstatSync(file, { bigint: true })
    const bytes = Buffer.alloc(kernelBytes)
    const start = byteStringOf(bytes.subarray(0, readSync(file, bytes, 0, kernelBytes, 0)))
    return { shebang: firstLine(start), mode: Number(status.mode), identity: identityOf(status) }
  } finally {
    closeSync(file)
  }
}

/** Stricter than people who are shown the line need: what the kernel would read in another way is no `#!` line here. */
function firstLine(start: ByteString): Shebang | undefined {
  if (!start.startsWith('#!') || (start.length === kernelBytes && !start.includes('\n'))) return undefined
  const shebang = readShebang(start)
  return shebang === undefined || shebang.interpreter === '' || shebang.line.includes('\0') ? undefined : shebang
}
