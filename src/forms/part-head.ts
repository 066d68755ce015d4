// The head of one part of multipart/form-data (RFC 7578 4): its name, and whether it is a file.

import { asciiLowerCase, byteStringOf, type ByteString } from '../bytes/byte-string.ts'
import { malformed } from './form-error.ts'
import { readPartDisposition } from './parameters.ts'

export interface PartHead {
  readonly name: ByteString
  /** Undefined: the part is text. */
  readonly filename: ByteString | undefined
  /** The Content-Type as it was sent. */
  readonly type: ByteString | undefined
}

/**
 * Throws FormError. Security: CVE-2022-24434: a line that is no field crashed the parser of busboy 0; here, and where
 * other parsers leave the part out without a word, it is a 400.
 */
export function readPartHead(bytes: Uint8Array): PartHead {
  const fields = new Map<string, ByteString>()
  for (const line of byteStringOf(bytes).split('\r\n')) {
    const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):([^\r\n\0]*)$/.exec(line)
    if (match === null) throw malformed('a line in the head of a part is no header field')
    const name = asciiLowerCase(match[1] ?? '')
    if (fields.has(name)) throw malformed('a header field stands twice in the head of a part')
    fields.set(name, (match[2] ?? '').replace(/^[ \t]+/, ''))
  }
  const disposition = readPartDisposition(fields.get('content-disposition') ?? '')
  if (disposition?.value !== 'form-data')
    throw malformed('a part has no Content-Disposition: form-data that can be read')
  const name = disposition.parameters.get('name')
  if (name === undefined) throw malformed('a part has no name (RFC 7578 4.2)')
  const filename = disposition.parameters.get('filename')
  // RFC 7578 4.2 forbids filename*. Some clients send it beside filename, so it is passed over; alone it would make of a
  // file a text for one reader and a file for another.
  if (filename === undefined && disposition.parameters.has('filename*')) {
    throw malformed('a part has a filename* and no filename, which RFC 7578 4.2 forbids')
  }
  const encoding = asciiLowerCase(fields.get('content-transfer-encoding') ?? 'binary').trim()
  if (!['7bit', '8bit', 'binary'].includes(encoding)) {
    throw malformed('a part has a Content-Transfer-Encoding, which RFC 7578 4.7 has done away with')
  }
  return { name, filename, type: fields.get('content-type')?.trim() || undefined }
}
