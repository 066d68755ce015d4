// One Set-Cookie field: RFC 6265 4.1.1 with the attributes and the prefixes of 6265bis. What a browser would drop
// without a word is a TypeError here.

export interface CookieOptions {
  /** How long the browser keeps it; without it and `expires`, until the browser is closed. 0 takes a cookie back. */
  readonly maxAgeSeconds?: number
  readonly expires?: Date
  /** Default: this host alone. With a domain, all hosts below it too. */
  readonly domain?: string
  /** Default: `/`. */
  readonly path?: string
  /** Default true: over TLS alone, and to localhost. A site without TLS must say false, and anybody on the way reads it. */
  readonly secure?: boolean
  /** Default true: scripts of the page do not see it. */
  readonly httpOnly?: boolean
  /** Default `Lax`: other sites' forms and images do not send it. `None` needs `secure`. */
  readonly sameSite?: 'Strict' | 'Lax' | 'None'
  /** Default false. One for each site that embeds this one (CHIPS); needs `secure`. */
  readonly partitioned?: boolean
}

/** A `Headers`, or a response of node:http, Express, or Koa (`ctx.res`). */
export type CookieTarget = Pick<Headers, 'append'> | { appendHeader(name: string, value: string): unknown }

/** 6265bis 5.6: browsers drop longer ones. */
const longestPairBytes = 4096
const longestAttributeBytes = 1024

/**
 * Adds a Set-Cookie field. The value may be any text: what a cookie cannot hold is percent-encoded, and `cookies()`
 * decodes it. Throws TypeError for what a browser would not keep.
 */
export function setCookie(target: CookieTarget, name: string, value: string, options: CookieOptions = {}): void {
  const field = cookieField(name, value, options)
  if ('appendHeader' in target) target.appendHeader('Set-Cookie', field)
  else target.append('Set-Cookie', field)
}

function cookieField(name: string, value: string, options: CookieOptions): string {
  const { maxAgeSeconds, expires, domain, path = '/', secure = true, httpOnly = true, sameSite = 'Lax' } = options
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    throw new TypeError(`the name of a cookie is a token (RFC 6265 4.1.1), not ${JSON.stringify(name)}`)
  }
  checkPrefix(name, { domain, path, secure, httpOnly })
  if (!['Strict', 'Lax', 'None'].includes(sameSite)) {
    throw new TypeError(`sameSite is Strict, Lax or None, not ${JSON.stringify(sameSite)}`)
  }
  if (!secure && (sameSite === 'None' || options.partitioned === true)) {
    throw new TypeError(`browsers drop the cookie ${name}: sameSite None and partitioned need secure`)
  }
  const pair = `${name}=${encoded(value)}`
  if (pair.length > longestPairBytes) {
    throw new TypeError(`browsers drop the cookie ${name}: ${pair.length} bytes are more than ${longestPairBytes}`)
  }
  return [
    pair,
    `Path=${attribute('path', path, /^\/[\x20-\x3a\x3c-\x7e]*$/)}`,
    ...(domain === undefined
      ? []
      : [`Domain=${attribute('domain', domain, /^\.?[0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?$/)}`]),
    ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${wholeSeconds(maxAgeSeconds)}`]),
    ...(expires === undefined ? [] : [`Expires=${dateOf(expires)}`]),
    ...(secure ? ['Secure'] : []),
    ...(httpOnly ? ['HttpOnly'] : []),
    `SameSite=${sameSite}`,
    ...(options.partitioned === true ? ['Partitioned'] : []),
  ].join('; ')
}

interface Prefixed {
  readonly domain: string | undefined
  readonly path: string
  readonly secure: boolean
  readonly httpOnly: boolean
}

/** 6265bis 4.1.3; browsers look for the prefixes in letters of any case. */
function checkPrefix(name: string, { domain, path, secure, httpOnly }: Prefixed): void {
  const prefix = /^__(?:Secure|Host-Http|Host|Http)-/i.exec(name)?.[0].toLowerCase()
  if (prefix === undefined) return
  const wrong = (what: string): TypeError => new TypeError(`browsers drop the cookie ${name}: its prefix ${what}`)
  if (!secure) throw wrong('needs secure')
  if (prefix.includes('http-') && !httpOnly) throw wrong('needs httpOnly')
  if (!prefix.startsWith('__host-')) return
  if (domain !== undefined) throw wrong('allows no domain')
  if (path !== '/') throw wrong('needs the path /')
}

/**
 * Security: no control character, above all no CR or LF, and no semicolon leaves here. The percent sign is encoded too,
 * so that every value comes back as it was.
 */
function encoded(value: string): string {
  // Half a surrogate pair has no UTF-8; as everywhere it becomes U+FFFD.
  const text = Buffer.from(value).toString()
  return text.replace(/[^\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/g, encodeURIComponent)
}

function attribute(name: string, value: string, form: RegExp): string {
  if (form.test(value) && value.length <= longestAttributeBytes) return value
  throw new TypeError(`a cookie cannot have the ${name} ${JSON.stringify(value)}`)
}

function wholeSeconds(value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new TypeError(`maxAgeSeconds is a whole number, not ${value}`)
}

function dateOf(value: Date): string {
  if (Number.isNaN(value.getTime())) throw new TypeError('expires is no date')
  return value.toUTCString()
}
