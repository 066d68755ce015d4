// What a good web server in front says of a request: nginx's fastcgi_params and their kin (src/frontends/
// server-variables.ts has the table), with the path said in another way for each protocol, as servers do.

import type { AuthenticatedUser } from '../../../src/index.ts'
import type { ByteString } from '../../../src/bytes/byte-string.ts'
import type { CaseRequest } from '../case.ts'
import { nobodyListens } from './client.ts'

export type PathStyle = 'script-name' | 'path-info' | 'document-uri'

export interface Asked extends CaseRequest {
  readonly target: string
}

export function serverVariables(
  asked: Asked,
  style: PathStyle,
  user: AuthenticatedUser | undefined,
): Map<string, ByteString> {
  const { method = 'GET', target, fields = [], body } = asked
  const { hostname, port, host } = new URL(nobodyListens)
  const mark = target.indexOf('?')
  const path = decodedPath(mark === -1 ? target : target.slice(0, mark))
  const byName = joined([...(hasField(fields, 'host') ? [] : [['Host', host] as const]), ...fields])
  // Of an empty body every server knows the length.
  const length = body === undefined || (asked.chunked === true && body !== '') ? '' : String(body.length)
  const variables = new Map<string, ByteString>([
    ['QUERY_STRING', mark === -1 ? '' : target.slice(mark + 1)],
    ['REQUEST_METHOD', method],
    ['CONTENT_TYPE', byName.get('CONTENT_TYPE') ?? ''],
    ['CONTENT_LENGTH', byName.get('CONTENT_LENGTH') ?? length],
    ['REQUEST_URI', target],
    ...pathVariables(path, style),
    ['DOCUMENT_ROOT', '/nowhere'],
    ['SERVER_PROTOCOL', 'HTTP/1.1'],
    ['REQUEST_SCHEME', 'http'],
    ['GATEWAY_INTERFACE', 'CGI/1.1'],
    ['SERVER_SOFTWARE', 'nginx/1.26.0'],
    ['REMOTE_ADDR', '127.0.0.1'],
    ['REMOTE_PORT', '40000'],
    ['SERVER_ADDR', hostname],
    ['SERVER_PORT', port],
    ['SERVER_NAME', hostname],
    ['REDIRECT_STATUS', '200'],
    ...(user === undefined ? [] : [['REMOTE_USER', user.name] as const, ['AUTH_TYPE', user.authType] as const]),
  ])
  for (const [name, value] of byName) {
    if (name !== 'CONTENT_TYPE' && name !== 'CONTENT_LENGTH') variables.set(`HTTP_${name}`, value)
  }
  return variables
}

function pathVariables(path: ByteString | undefined, style: PathStyle): readonly (readonly [string, ByteString])[] {
  // A server that leaves the path to us says REQUEST_URI alone.
  if (path === undefined) return []
  if (style === 'document-uri') return [['DOCUMENT_URI', path]]
  if (style === 'path-info')
    return [
      ['SCRIPT_NAME', ''],
      ['PATH_INFO', path],
    ]
  return [
    ['SCRIPT_NAME', path],
    ['DOCUMENT_URI', path],
  ]
}

/** Decoded once, dot segments removed; undefined for what is no path, or what no server would pass on. */
function decodedPath(raw: string): ByteString | undefined {
  if (!raw.startsWith('/') || /%(?![0-9A-Fa-f]{2})/.test(raw)) return undefined
  const decoded = raw.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  if (/[\x00-\x1f\x7f]/.test(decoded)) return undefined
  const segments: string[] = []
  const parts = decoded.slice(1).split('/')
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1
    if (part !== '.' && part !== '..') segments.push(part)
    else if (part === '..' && segments.pop() === undefined) return undefined
    else if (isLast) segments.push('')
  }
  return `/${segments.join('/')}`
}

function hasField(fields: NonNullable<CaseRequest['fields']>, lowerCaseName: string): boolean {
  return fields.some(([name]) => name.toLowerCase() === lowerCaseName)
}

function joined(fields: NonNullable<CaseRequest['fields']>): ReadonlyMap<string, ByteString> {
  const values = new Map<string, ByteString>()
  for (const [field, value] of fields) {
    const name = field.toUpperCase().replace(/[^A-Z0-9]/g, '_')
    const before = values.get(name)
    values.set(name, before === undefined ? value : `${before}${name === 'COOKIE' ? '; ' : ', '}${value}`)
  }
  return values
}
