// A request to an HTTP upstream, made from meta-variables: target and fields. No I/O. Security: CVE-2023-25690: nothing
// that was decoded goes into the request line without being encoded anew. Fields by which proxies tell each other who the
// client is are ours to write: what a client says in them is not passed on.

import type { ByteString } from '../../bytes/byte-string.ts'
import { hopByHopFields, trimWhitespace, type Field } from './fields.ts'
import { isRejected, percentEncode, readRequestTarget, readSegments, type PathSegment } from './request-target.ts'

type Variables = ReadonlyMap<string, ByteString>

/**
 * The target as the client wrote it, without dot segments, where it is still what the variables say; one made of
 * SCRIPT_NAME, PATH_INFO and QUERY_STRING where the request was redirected or rewritten on the way. With `stripPrefix`
 * without SCRIPT_NAME.
 */
export function upstreamTarget(variables: Variables, stripPrefix: boolean): string {
  const prefix = namesOf(variables.get('SCRIPT_NAME') ?? '')
  const query = variables.get('QUERY_STRING') ?? ''
  const segments = unchanged(variables) ?? [
    ...prefix.map((name) => ({ raw: percentEncode(name), decoded: name })),
    ...(variables.get('PATH_INFO') ?? '')
      .split('/')
      .slice(1)
      .map((decoded) => ({ raw: percentEncode(decoded), decoded })),
  ]
  const rest = stripPrefix ? withoutNames(segments, prefix) : segments
  // An empty segment at the start would make an authority of the next one (`//host/`).
  const start = rest.findIndex(({ raw }) => raw !== '')
  const path =
    start === -1
      ? ''
      : rest
          .slice(start)
          .map(({ raw }) => raw)
          .join('/')
  return plain(`/${path}${query === '' ? '' : `?${query}`}`)
}

function unchanged(variables: Variables): readonly PathSegment[] | undefined {
  const target = readRequestTarget(variables.get('REQUEST_URI') ?? '')
  if (isRejected(target) || target.query !== (variables.get('QUERY_STRING') ?? '')) return undefined
  const segments = readSegments(target.rawPath)
  if (isRejected(segments)) return undefined
  const asked = namesOf(segments.map(({ decoded }) => decoded).join('/'))
  const meant = namesOf(`${variables.get('SCRIPT_NAME') ?? ''}/${variables.get('PATH_INFO') ?? ''}`)
  return asked.join('/') === meant.join('/') ? segments : undefined
}

function withoutNames(segments: readonly PathSegment[], names: readonly ByteString[]): readonly PathSegment[] {
  let at = 0
  for (const name of names) {
    while (segments[at]?.decoded === '') at++
    if (segments[at]?.decoded !== name) return segments
    at++
  }
  return segments.slice(at)
}

function namesOf(path: ByteString): readonly ByteString[] {
  return path.split('/').filter((name) => name !== '')
}

/** A request line holds visible ASCII and nothing else, and no fragment. */
function plain(target: ByteString): string {
  return target.replace(
    /[^\x21\x22\x24-\x7e]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

export interface UpstreamFieldOptions {
  /** The value of Host; undefined: the client's, where it sent one. */
  readonly host: string | undefined
  /** What stands in Host where the client sent none. */
  readonly authority: string
  /** X-Forwarded-For is REMOTE_ADDR alone, or follows what came in with the request. */
  readonly forwardedFor: 'replace' | 'append'
  /** X-Forwarded-Prefix says what was taken off. */
  readonly stripPrefix: boolean
}

/** Of one connection, or ours to write. */
const notPassed = new Set([
  ...hopByHopFields,
  'content-length',
  'content-type',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'proxy',
  'via',
  'x-real-ip',
])

/** Framing is not among them, but for Content-Length. */
export function upstreamFields(variables: Variables, options: UpstreamFieldOptions): readonly Field[] {
  const value = (name: string): ByteString | undefined => variables.get(name)
  const fields: Field[] = [['Host', options.host ?? (value('HTTP_HOST') || options.authority)]]
  const add = (name: string, text: ByteString | undefined): void => {
    if (text !== undefined && text !== '') fields.push([name, text])
  }
  for (const [variable, text] of variables) {
    if (!variable.startsWith('HTTP_')) continue
    const name = fieldName(variable)
    const field = name.toLowerCase()
    if (!notPassed.has(field) && !/^(?:proxy-|x-forwarded-)/.test(field)) fields.push([name, text])
  }
  add('Content-Type', value('CONTENT_TYPE'))
  add('Content-Length', value('CONTENT_LENGTH'))
  const before = options.forwardedFor === 'append' ? value('HTTP_X_FORWARDED_FOR') : undefined
  add('X-Forwarded-For', [before, value('REMOTE_ADDR')].filter((part) => part !== undefined && part !== '').join(', '))
  add('X-Forwarded-Proto', value('REQUEST_SCHEME'))
  add('X-Forwarded-Host', value('HTTP_HOST'))
  add('X-Forwarded-Prefix', options.stripPrefix ? encoded(value('SCRIPT_NAME') ?? '') : undefined)
  const version = /^HTTP\/(\d(?:\.\d)?)$/.exec(value('SERVER_PROTOCOL') ?? '')?.[1] ?? '1.1'
  const via = value('HTTP_VIA')
  add('Via', `${via === undefined || via === '' ? '' : `${via}, `}${version} postern`)
  return fields.map(([name, text]) => [name, clean(text)])
}

/** HTTP_ACCEPT_LANGUAGE was Accept-Language. */
function fieldName(variable: string): string {
  const words = variable.slice('HTTP_'.length).toLowerCase().split('_')
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('-')
}

function encoded(path: ByteString): string {
  return path.split('/').map(percentEncode).join('/')
}

/** Security: a CR, LF or NUL would split the request. */
function clean(text: ByteString): ByteString {
  return trimWhitespace(text.replace(/[^\t\x20-\x7e\x80-\xff]/g, ' '))
}
