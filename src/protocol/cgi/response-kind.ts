// RFC 3875 6.2: which of the four responses a head is, its status and the fields that go on to the client.

import type { ByteString } from '../../bytes/byte-string.ts'
import type { Field } from '../http/fields.ts'
import { HeadError, type RawHead } from './response-head.ts'

export type ResponseKind = 'document' | 'local-redirect' | 'client-redirect' | 'client-redirect-with-document'

export interface ResponseHead {
  readonly kind: ResponseKind
  readonly status: number
  readonly reason: string | undefined
  /** In the script's order; Status is gone, Location stays for the client redirects. */
  readonly fields: readonly Field[]
  readonly location: ByteString | undefined
  /** The script's own Content-Length. */
  readonly announcedLength: number | undefined
  /** NPH alone: the script framed its body with chunks, which are to be decoded. */
  readonly chunked: boolean
}

const singleFields = new Set(['status', 'location', 'content-type', 'content-length'])

/** Reads a parsed-header response. Throws HeadError. */
export function readResponseHead(raw: RawHead): ResponseHead {
  if (raw.statusLine !== undefined) throw new HeadError('status-line', raw.statusLine)
  if (raw.fields.length === 0) throw new HeadError('empty-head', '')
  const { single, codings, fields } = sortFields(raw.fields)
  // RFC 3875 6.3.3: the framing is the server's. Security: CVE-2024-42516, a script that sets it smuggles.
  const [coding] = codings
  if (coding !== undefined) throw new HeadError('transfer-encoding', coding.join(': '))

  const location = single.get('location')
  const status = single.get('status')
  if (location !== undefined) checkLocation(location)
  const { code, reason } = status === undefined ? defaultStatus(location) : readStatus(status)
  const announcedLength = readLength(single.get('content-length'))
  const kind = kindOf(raw.fields, location, status !== undefined || single.has('content-type'))
  return { kind, status: code, reason, fields, location, announcedLength, chunked: false }
}

/** RFC 3875 5, NPH: the script wrote an HTTP answer; it is parsed like any other and framed anew. Throws HeadError. */
export function readNphHead(raw: RawHead): ResponseHead {
  const line = raw.statusLine
  if (line === undefined) throw new HeadError('bad-status-line', raw.fields[0]?.join(': ') ?? '')
  // Security: a control character in the reason phrase would split the answer, or stop the server that writes it.
  const match = /^HTTP\/1\.\d ([1-5]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/.exec(line)
  if (match === null) throw new HeadError('bad-status-line', line)
  const { single, codings, fields } = sortFields(raw.fields)
  const chunked = codings.length === 1 && /^chunked$/i.test(codings[0]?.[1] ?? '')
  // Its field ends here, so its bytes would reach the client as if they were the content.
  if (codings.length > 0 && !chunked) {
    throw new HeadError('transfer-encoding', codings.map((coding) => coding.join(': ')).join('\n'))
  }
  const announcedLength = chunked ? undefined : readLength(single.get('content-length'))
  return {
    kind: 'document',
    status: Number(match[1]),
    reason: match[2] === '' ? undefined : match[2],
    fields: chunked ? fields.filter(([name]) => name.toLowerCase() !== 'content-length') : fields,
    location: undefined,
    announcedLength,
    chunked,
  }
}

interface SortedFields {
  /** RFC 3875 6.3: these stand at most once; the same value twice does no harm. */
  readonly single: ReadonlyMap<string, ByteString>
  /** Transfer-Encoding. */
  readonly codings: readonly Field[]
  /** All but Status. */
  readonly fields: readonly Field[]
}

function sortFields(all: readonly Field[]): SortedFields {
  const single = new Map<string, ByteString>()
  const codings: Field[] = []
  const fields: Field[] = []
  for (const field of all) {
    const [name, value] = field
    const key = name.toLowerCase()
    if (key !== 'status') fields.push(field)
    if (key === 'transfer-encoding') codings.push(field)
    if (!singleFields.has(key)) continue
    const before = single.get(key)
    if (before !== undefined && before !== value) throw new HeadError('repeated-field', `${name}: ${value}`)
    single.set(key, value)
  }
  return { single, codings, fields }
}

/** RFC 3875 6.3.3. A 1xx status cannot be the answer, and nothing above 599 exists. */
function readStatus(value: ByteString): { code: number; reason: string | undefined } {
  const match = /^([2-5]\d\d)(?:[\t ]+(.*))?$/.exec(value)
  if (match === null) throw new HeadError('bad-status', `Status: ${value}`)
  return { code: Number(match[1]), reason: match[2] }
}

function defaultStatus(location: ByteString | undefined): { code: number; reason: string | undefined } {
  return location === undefined ? { code: 200, reason: undefined } : { code: 302, reason: undefined }
}

/** Security: lighttpd ticket 3309, CVE-2024-24795: one number or nothing. */
function readLength(value: ByteString | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^\d{1,15}$/.test(value)) throw new HeadError('bad-content-length', `Content-Length: ${value}`)
  return Number(value)
}

function checkLocation(location: ByteString): void {
  if (location === '' || /[\t ]/.test(location)) throw new HeadError('bad-location', `Location: ${location}`)
}

/**
 * RFC 3875 6.2.2: a local redirect is a path and query, and no other field. `//host/` is another site's address, and a
 * fragment (RFC 3875 6.3.2) is for the client.
 */
function kindOf(fields: readonly Field[], location: ByteString | undefined, isDocument: boolean): ResponseKind {
  if (location === undefined) return 'document'
  const isPath = location.startsWith('/') && !location.startsWith('//') && !location.includes('#')
  if (isPath && fields.every(([name]) => name.toLowerCase() === 'location')) return 'local-redirect'
  return isDocument ? 'client-redirect-with-document' : 'client-redirect'
}
