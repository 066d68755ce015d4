// Which of a script's fields go on to the client, and how much of its body: RFC 3875 6.3, RFC 9110 6.4 and 7.6.1.

import type { ByteString, Bytes } from '../bytes/byte-string.ts'
import { FailureError } from '../events/failures.ts'
import { hopByHopFields, type Field } from '../protocol/http/fields.ts'

/** Instructions to servers, which a client has no business with. Security: CVE-2026-7381. */
const serverInstructions = /^(x-sendfile|x-accel-|x-lighttpd-)/

/** The connection is ours: its fields are dropped, and those that a Connection field names. */
export function admitResponseFields(fields: readonly Field[]): readonly Field[] {
  const admitted = fields.filter(([name]) => {
    const field = name.toLowerCase()
    return !hopByHopFields.has(field) && field !== 'content-length' && !serverInstructions.test(field)
  })
  if (!fields.some(([name]) => isConnection(name))) return admitted
  const options = fields.filter(([name]) => isConnection(name)).flatMap(([, value]) => value.split(','))
  const named = new Set(options.map((option) => option.trim().toLowerCase()))
  return admitted.filter(([name]) => !named.has(name.toLowerCase()))
}

function isConnection(name: ByteString): boolean {
  return name.length === 'connection'.length && name.toLowerCase() === 'connection'
}

/** RFC 9110 6.4.1. */
export function mayHaveBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 205 && status !== 304
}

/** RFC 9110 8.6, 15.3.6: never with 204, nor one of a body that 205 must not have. A 304 need not have it. */
export function mayHaveLength(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304
}

/**
 * At most as many bytes as were announced. Throws FailureError (`body-cut-short`) where the body ends before.
 * Security: CVE-2024-24795: a length that does not match would let the next answer begin in the middle of this one.
 */
export async function* boundBody(body: Bytes, announced: number, onExcess: () => void): AsyncGenerator<Uint8Array> {
  let left = announced
  for await (const chunk of body) {
    if (chunk.length > left) {
      onExcess()
      if (left > 0) yield chunk.subarray(0, left)
      return
    }
    left -= chunk.length
    if (chunk.length > 0) yield chunk
  }
  if (left > 0) throw new FailureError({ kind: 'body-cut-short', sent: announced - left, announced, signal: null })
}

/** A value that the gateway itself writes into a field. */
export function plainField(value: ByteString): ByteString {
  return value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')
}
