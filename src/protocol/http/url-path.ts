// Paths of bytes as they stand in a URL. No I/O.

import type { ByteString } from '../../bytes/byte-string.ts'

/** A path and query, of bytes, as it stands in a URL. */
export function urlPath(path: ByteString): string {
  // Security: what URL would drop (line feeds), read as a slash ("\") or take for UTF-8 text stays the byte that it is.
  return percentEncodeBytes(path, /[^\x21-\x7e]|[#\\]/g)
}

export function percentEncodeBytes(text: ByteString, bytes: RegExp): string {
  return text.replace(bytes, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}
