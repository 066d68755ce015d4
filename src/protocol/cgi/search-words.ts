// RFC 3875 4.4, the script command line: the words of an indexed query (`?one+two`). No I/O.

import { byteStringOf, type ByteString } from '../../bytes/byte-string.ts'

/**
 * The words of a query without an unencoded "=", or none. Security: CVE-2012-1823, CVE-2024-4577: a word that begins
 * with "-" would be an option of the interpreter, and a word that is not plain ASCII may become one; then none is given.
 */
export function searchWords(query: ByteString): readonly ByteString[] {
  if (query === '' || query.includes('=')) return []
  const words: ByteString[] = []
  for (const word of query.split('+')) {
    if (/%(?![0-9A-Fa-f]{2})/.test(word)) return []
    const decoded = word.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => byteStringOf(Buffer.from(hex, 'hex')))
    if (decoded.startsWith('-') || !/^[\x20-\x7e]*$/.test(decoded)) return []
    words.push(decoded)
  }
  return words
}
