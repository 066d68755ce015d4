// The answer of a script that is whole at once, and as most are: a document with a type, or without a body, whose length
// is what it says. Everything else takes the way of answers that are still to come (script-document.ts).

import { ResponseHeadDecoder } from '../protocol/cgi/response-head.ts'
import { readResponseHead, type ResponseHead } from '../protocol/cgi/response-kind.ts'
import { ProtocolError } from '../protocol/errors.ts'
import type { ByteString } from '../bytes/byte-string.ts'
import type { Answer } from './error-answer.ts'
import { admitResponseFields, mayHaveBody } from './response-policy.ts'
import { asksForFile } from './send-file.ts'

/** Undefined: it is to be looked at as any other. */
export function wholeAnswer(
  output: Uint8Array,
  { method, script, maxHeadBytes }: { method: string; script: ByteString; maxHeadBytes: number },
): Answer | undefined {
  const read = readWhole(output, maxHeadBytes)
  if (read === undefined) return undefined
  const { head, body } = read
  const { kind, status, reason, announcedLength } = head
  if (kind === 'local-redirect' || status < 200 || !mayHaveBody(method, status) || asksForFile(head)) return undefined
  if (announcedLength !== undefined && announcedLength !== body.length) return undefined
  const fields = admitResponseFields(head.fields)
  if (body.length > 0 && !fields.some(([name]) => name.toLowerCase() === 'content-type')) return undefined
  return { status, reason, fields, body, bodyLength: body.length, script }
}

function readWhole(output: Uint8Array, maxHeadBytes: number): { head: ResponseHead; body: Uint8Array } | undefined {
  try {
    const raw = new ResponseHeadDecoder(maxHeadBytes).push(output)
    return raw?.statusLine === undefined && raw !== undefined
      ? { head: readResponseHead(raw), body: raw.rest }
      : undefined
  } catch (error) {
    if (error instanceof ProtocolError) return undefined // It is told of where it is read again.
    throw error
  }
}
