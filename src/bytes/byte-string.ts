// Byte strings and byte streams, the two shapes that every layer above shares. No I/O, no clock.

/** A string in which every character is one byte (U+0000–U+00FF), so that values that are not UTF-8 survive. */
export type ByteString = string

/** A body in motion. Leaving the loop ends the source. */
export type Bytes = AsyncIterable<Uint8Array>

/** The bytes of a byte string. A character above U+00FF is a programming error and would lose its high bits. */
export function bytesOf(text: ByteString): Buffer {
  return Buffer.from(text, 'latin1')
}

export function byteStringOf(bytes: Uint8Array): ByteString {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return buffer.toString('latin1')
}

/** Whether every character is one byte, as a byte string's are. */
export function isByteString(text: string): boolean {
  return !/[^\x00-\xff]/.test(text)
}

/** The byte string of a text: its UTF-8 bytes, one character each. */
export function byteStringOfText(text: string): ByteString {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}

/** The text of a byte string where it is UTF-8; odd bytes become U+FFFD. For people's eyes, never for file names. */
export function textOf(bytes: ByteString): string {
  return isAscii(bytes) ? bytes : bytesOf(bytes).toString('utf8')
}

export function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text)
}

/** ASCII case folding only. Security: CVE-2026-24895, CVE-2026-27590: Unicode folding changes lengths and meanings. */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
