// RFC 9112 3.2, the request target, and RFC 3986 paths: split, decoded once, dot segments removed. No I/O.
// What comes out is a list of segments, so that no later step can confuse an encoded slash with a separator.

import { isAscii, type ByteString } from '../../bytes/byte-string.ts'

export interface RequestTarget {
  /** As it was sent, without the query; in origin form. */
  readonly rawPath: ByteString
  /** Without its "?"; empty where there is none. */
  readonly query: ByteString
  /** The authority of an absolute-form target, which wins over Host (RFC 9112 3.2.2). */
  readonly authority: ByteString | undefined
  readonly scheme: string | undefined
}

export interface PathSegment {
  readonly raw: ByteString
  readonly decoded: ByteString
}

export type Rejected = { readonly rejected: string }

export function isRejected(value: object): value is Rejected {
  return 'rejected' in value
}

/** Origin form or absolute form. `*` and authority form belong to OPTIONS and CONNECT and are not paths. */
export function readRequestTarget(target: ByteString): RequestTarget | Rejected {
  // Security: CVE-2013-4547, caddyserver/caddy#4614: raw space, NUL or another control character.
  if (/[\x00-\x20\x7f]/.test(target)) return { rejected: 'the request target holds a space or a control character' }
  const absolute = /^(https?):\/\/([^/?#]*)(.*)$/i.exec(target)
  const local = absolute === null ? target : (absolute[3] ?? '')
  const origin = absolute !== null && !local.startsWith('/') ? `/${local}` : local
  if (!origin.startsWith('/')) return { rejected: 'the request target is neither a path nor an absolute http URI' }
  if (origin.includes('#')) return { rejected: 'the request target holds a fragment' }
  const mark = origin.indexOf('?')
  return {
    rawPath: mark === -1 ? origin : origin.slice(0, mark),
    query: mark === -1 ? '' : origin.slice(mark + 1),
    authority: absolute?.[2],
    scheme: absolute?.[1]?.toLowerCase(),
  }
}

/**
 * The segments of a raw path, dot segments removed after decoding. Empty segments stay: PATH_INFO may need them.
 * Security: CVE-2021-41773, CVE-2021-42013: decode exactly once, then normalise, then never decode again.
 */
export function readSegments(rawPath: ByteString): readonly PathSegment[] | Rejected {
  const segments: PathSegment[] = []
  const parts = rawPath.slice(1).split('/')
  for (const [index, raw] of parts.entries()) {
    const decoded = percentDecode(raw)
    if (decoded === undefined) return { rejected: 'the path holds a "%" that no two hexadecimal digits follow' }
    // Security: CVE-2019-11043 (%0a), CVE-2013-4547 (%00).
    if (/[\x00-\x1f\x7f]/.test(decoded)) return { rejected: 'the path holds a control character' }
    const isLast = index === parts.length - 1
    if (decoded === '.') {
      if (isLast) segments.push({ raw: '', decoded: '' })
    } else if (decoded === '..') {
      if (segments.pop() === undefined) return { rejected: 'the path leads above the root' }
      if (isLast) segments.push({ raw: '', decoded: '' })
    } else {
      segments.push({ raw, decoded })
    }
  }
  return segments
}

/** RFC 3986 2.1, over bytes; undefined where a "%" is not an escape. */
export function percentDecode(text: ByteString): ByteString | undefined {
  if (!text.includes('%')) return text
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** A path segment as it may stand in a Location or a link. */
export function percentEncode(segment: ByteString): string {
  return segment.replace(
    /[^A-Za-z0-9\-._~!$&'()*+,;=:@]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

export interface Authority {
  readonly host: string
  readonly port: number | undefined
}

/** RFC 9110 7.2, Host: a registered name, an IPv4 address or an IPv6 address in brackets, and a port. */
export function readAuthority(value: ByteString): Authority | undefined {
  if (!isAscii(value)) return undefined
  const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-._~!$&'()*+,;=%]*)(?::(\d{0,5}))?$/.exec(value)
  if (match === null) return undefined
  const port = match[2] === undefined || match[2] === '' ? undefined : Number(match[2])
  if (port !== undefined && port > 65535) return undefined
  return { host: (match[1] ?? '').toLowerCase(), port }
}
