// Programs that many cases use. Only /bin/sh and what every system has.

import { bytesOf, type ByteString } from '../../src/bytes/byte-string.ts'

/** Writes these bytes and no others: they follow the program's own two lines in its file. */
export function printing(output: ByteString): Uint8Array {
  return bytesOf(`#!/bin/sh\nexec tail -n +3 "$0"\n${output}`)
}

/** A shell program that answers with plain text. */
export function plain(...lines: readonly string[]): string {
  return ['#!/bin/sh', "printf 'Content-Type: text/plain\\n\\n'", ...lines, ''].join('\n')
}

/** Its whole environment as it was when it started, byte for byte; a shell adds to its own later. */
export const showVariables: string = plain('if [ -r /proc/$$/environ ]; then cat /proc/$$/environ; else env -0; fi')

/** Gives back the request's body. */
export const echo: string = plain('cat')

/** Gives back the request's body, as many bytes as CONTENT_LENGTH says it has, and then what is left of it. */
export const countBody: string = plain(
  'first=$(head -c "${CONTENT_LENGTH:-0}" | wc -c)',
  'rest=$(wc -c)',
  'echo "length=${CONTENT_LENGTH-unset} first=$((first)) rest=$((rest))"',
)

/** Ready-made answers to compare whole. */
export const hello: Uint8Array = printing('Content-Type: text/plain\n\nhello\n')
