// The grammar of HTTP fields (RFC 9110 section 5) over byte strings. No I/O.

import type { ByteString } from '../../bytes/byte-string.ts'

export type Field = readonly [name: ByteString, value: ByteString]

/** RFC 9110 5.6.2. */
export function isToken(text: ByteString): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)
}

/** RFC 9110 5.5: visible bytes, SP, HTAB and obs-text. CR, LF, NUL and other control characters split answers. */
export function isFieldValue(text: ByteString): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
}

/** RFC 9110 5.5: a value has no white space at either end. */
export function trimWhitespace(text: ByteString): ByteString {
  let start = 0
  let end = text.length
  while (start < end && isWhitespace(text[start])) start++
  // Security: by hand, because an expression such as /[\t ]+$/ takes quadratic time for spaces in the middle.
  while (end > start && isWhitespace(text[end - 1])) end--
  return text.slice(start, end)
}

function isWhitespace(character: string | undefined): boolean {
  return character === ' ' || character === '\t'
}

/** RFC 9110 7.6.1: fields of one connection, which a gateway never passes on, in either direction. */
export const hopByHopFields: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** The value of a field that should stand once; undefined where it is missing. */
export function firstValue(fields: readonly Field[], lowerCaseName: string): ByteString | undefined {
  return fields.find(([name]) => name.toLowerCase() === lowerCaseName)?.[1]
}
