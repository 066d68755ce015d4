// Parameters of a header field: RFC 9110 5.6.6 for Content-Type, and those of Content-Disposition as browsers write them
// (HTML, "multipart/form-data encoding algorithm") and as older clients do (RFC 2183). One character is one byte.

import { asciiLowerCase, type ByteString } from '../bytes/byte-string.ts'

export interface HeaderValue {
  /** Of small letters: `multipart/form-data`, `form-data`. */
  readonly value: string
  /** By names of small letters. */
  readonly parameters: ReadonlyMap<string, ByteString>
}

/** RFC 9110 5.6.6 with quoted pairs. Undefined: it is not of that form, or names a parameter twice. */
export function readHeaderValue(text: ByteString): HeaderValue | undefined {
  return read(text, /"((?:[^"\\]|\\[^])*)"/y, (quoted) => quoted.replace(/\\([^])/g, '$1'))
}

/**
 * Content-Disposition of a part. Browsers write a quotation mark as %22 and a backslash as itself; older clients (curl
 * until 7.80, Python's urllib3 1) put a backslash before both. What can be read in one way alone is read so.
 * Security: what can be read in both ways, with different results, is undefined.
 */
export function readPartDisposition(text: ByteString): HeaderValue | undefined {
  const asBrowsers = read(text, /"([^"]*)"/y, unescapePercent)
  if (!text.includes('\\"')) return asBrowsers
  const asOthers = read(text, /"((?:[^"\\]|\\[^])*)"/y, (quoted) => unescapePercent(quoted.replace(/\\(["\\])/g, '$1')))
  if (asBrowsers === undefined || asOthers === undefined) return asBrowsers ?? asOthers
  return isSame(asBrowsers, asOthers) ? asBrowsers : undefined
}

/** The three that browsers write, and no others: names may hold any other percent sign. */
function unescapePercent(text: ByteString): ByteString {
  return text.replace(/%0d|%0a|%22/gi, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)))
}

function isSame(one: HeaderValue, other: HeaderValue): boolean {
  const entries = [...one.parameters]
  return (
    entries.length === other.parameters.size && entries.every(([name, value]) => other.parameters.get(name) === value)
  )
}

/**
 * Sticky expressions, each byte looked at once. Security: CVE-2026-34827, CVE-2024-25126: Rack read such values in more
 * than linear time.
 */
function read(text: ByteString, quoted: RegExp, unquote: (value: string) => string): HeaderValue | undefined {
  const start = /[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z/]+)[ \t]*/y
  const name = /;[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=/y
  // Some clients write a boundary such as ----=_Part_1 or a file's name without quotation marks.
  const unquoted = /[^\s";,\\]+/y
  const separator = /[ \t]*(?:(?:;[ \t]*)?$|(?=;))/y
  const parameters = new Map<string, ByteString>()
  let at = 0
  const take = (expression: RegExp): RegExpExecArray | undefined => {
    expression.lastIndex = at
    const match = expression.exec(text)
    if (match === null) return undefined
    at = expression.lastIndex
    return match
  }
  const value = take(start)?.[1]
  if (value === undefined) return undefined
  while (at < text.length) {
    const parameter = take(name)?.[1]
    if (parameter === undefined)
      return text.slice(at) === ';' ? { value: asciiLowerCase(value), parameters } : undefined
    const inQuotes = take(quoted)?.[1]
    const content = inQuotes === undefined ? take(unquoted)?.[0] : unquote(inQuotes)
    const key = asciiLowerCase(parameter)
    // Security: CVE-2026-26961: of two boundaries, two readers may take different ones.
    if (content === undefined || parameters.has(key)) return undefined
    parameters.set(key, content)
    if (take(separator) === undefined) return undefined
  }
  return { value: asciiLowerCase(value), parameters }
}
