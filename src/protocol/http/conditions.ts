// RFC 9110 13.2.2: a conditional GET or HEAD, judged against validators that are known beforehand. No I/O.

import type { ByteString } from '../../bytes/byte-string.ts'

export interface Validators {
  readonly etag: ByteString | undefined
  readonly lastModified: ByteString | undefined
}

/** `whole`: a Range is not to be honoured (If-Range). */
export type Verdict = 'send' | 'whole' | 'not-modified' | 'failed'

/** `header`: by name in lower case. */
export function judgeConditions(
  header: (name: string) => ByteString | undefined,
  { etag, lastModified }: Validators,
): Verdict {
  const modified = timeOf(lastModified)
  const ifMatch = header('if-match')
  const ifNoneMatch = header('if-none-match')
  if (ifMatch !== undefined) {
    if (!isListed(ifMatch, etag, isSameStrongly)) return 'failed'
  } else if (modified > timeOf(header('if-unmodified-since'))) return 'failed'
  if (ifNoneMatch !== undefined) {
    if (isListed(ifNoneMatch, etag, isSameWeakly)) return 'not-modified'
  } else if (modified <= timeOf(header('if-modified-since'))) return 'not-modified'
  const ifRange = header('if-range')
  if (ifRange === undefined) return 'send'
  // RFC 9110 13.1.5: either the entity tag, compared strongly, or the very date.
  const isSame = ifRange.includes('"') ? isSameStrongly(ifRange.trim(), etag) : modified === timeOf(ifRange)
  return isSame ? 'send' : 'whole'
}

function isListed(list: ByteString, etag: ByteString | undefined, isSame: typeof isSameWeakly): boolean {
  if (list.trim() === '*') return true
  return [...list.matchAll(/(?:W\/)?"[^"]*"/g)].some(([listed]) => isSame(listed, etag))
}

/** RFC 9110 8.8.3.2. */
function isSameStrongly(one: ByteString, other: ByteString | undefined): boolean {
  return one === other && !one.startsWith('W/')
}

function isSameWeakly(one: ByteString, other: ByteString | undefined): boolean {
  return other !== undefined && one.replace(/^W\//, '') === other.replace(/^W\//, '')
}

/** NaN, which compares with nothing, where there is no date. */
function timeOf(date: ByteString | undefined): number {
  return date === undefined ? Number.NaN : Date.parse(date)
}
