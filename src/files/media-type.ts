// Content-Type of a file: by its name, and the charset by its bytes. Old sites are not UTF-8, and a charset in the field
// wins over the one that the page itself declares; so it is said only where it is true.

import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { lookup } from 'mime-types'

const sampleBytes = 64 * 1024

export async function contentType(path: string): Promise<string> {
  const type = lookup(path)
  if (type === false) return 'application/octet-stream'
  const isText = type.startsWith('text/') || type === 'application/json' || type === 'image/svg+xml'
  return isText && (await startsAsUtf8(path)) ? `${type}; charset=utf-8` : type
}

async function startsAsUtf8(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(sampleBytes), 0, sampleBytes, 0)
    const sample = buffer.subarray(0, bytesRead)
    // The last character may have been cut.
    return isUtf8(sample) || (bytesRead === sampleBytes && [1, 2, 3].some((n) => isUtf8(sample.subarray(0, -n))))
  } finally {
    await file.close()
  }
}
