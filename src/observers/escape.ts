// What a client or a script wrote, on its way to a log or a terminal.

import type { DestinationStream } from 'pino'
import { textOf, type ByteString } from '../bytes/byte-string.ts'

/** Security: CVE-2009-4487: no control character reaches a terminal or begins a line of its own. */
export function escapeControls(text: string): string {
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0)
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })
}

export function shownBytes(bytes: ByteString): string {
  return escapeControls(textOf(bytes))
}

/** As Apache and nginx quote a part of a log line. */
export function quoted(bytes: ByteString | undefined): string {
  return bytes === undefined ? '"-"' : `"${shownBytes(bytes).replace(/["\\]/g, '\\$&')}"`
}

/** JSON itself escapes only what is below U+0020; a terminal obeys more, so these become escapes of JSON too. */
export function terminalSafeJson(out: DestinationStream): DestinationStream {
  return {
    write: (line) =>
      out.write(
        line.replace(
          /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
          (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
      ),
  }
}
