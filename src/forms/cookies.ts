// The cookies of a request, RFC 6265 5.4 and 6265bis 5.8.3 from the server's side. A few lines, so no package (decision
// 11). What it must not do: read more into the field than browsers have written.

import type { IncomingHttpHeaders } from 'node:http'
import { textOf } from '../bytes/byte-string.ts'

export type CookieRequest = { readonly headers: Headers | IncomingHttpHeaders }

/**
 * Names and values, in the order of the field. Of several cookies of one name the first is taken: browsers send that of
 * the longest path first, and PHP, Rack and Express take it too. Values that are percent-encoded are decoded.
 */
export function cookies(request: CookieRequest): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const pair of fieldOf(request).split(';')) {
    // Security: CVE-2023-23934: `=__Host-a=b` is a cookie without a name, not one called __Host-a; it is left out.
    const split = pair.indexOf('=')
    const name = trimmed(pair.slice(0, Math.max(split, 0)))
    if (name === '' || found.has(name)) continue
    found.set(name, valueOf(trimmed(pair.slice(split + 1))))
  }
  return found
}

function fieldOf({ headers }: CookieRequest): string {
  if (headers instanceof Headers) return headers.get('cookie') ?? ''
  return headers.cookie ?? ''
}

/**
 * Security: a space or a tab, nothing else. A name after U+00A0 or U+0085 is not that of a `__Host-` cookie; a server
 * that trims as Unicode has it makes it one. Looking behind makes of each run of spaces one look, for a field of spaces
 * alone would cost the square of its length.
 */
function trimmed(text: string): string {
  return text.replace(/^[ \t]+|(?<![ \t])[ \t]+$/g, '')
}

/** Security: a quotation mark does not hold a value together over a semicolon, as RFC 2109 had it. */
function valueOf(raw: string): string {
  const value = textOf(/^"[^"]*"$/.test(raw) ? raw.slice(1, -1) : raw)
  try {
    return decodeURIComponent(value)
  } catch {
    return value // Somebody else's cookie, with a percent sign of its own.
  }
}
