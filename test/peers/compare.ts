// What of two answers to one request is compared, aspect by aspect, and what is left out because it changes from run to
// run: ports, ids, times, the temporary folder, versions.

import type { PeerAnswer, PeerRequest } from './client.ts'

/** By aspect: `answer`, `reason`, `field NAME`, `variable NAME`, … */
export type Aspects = ReadonlyMap<string, string>

export interface Surroundings {
  readonly url: string
  readonly site: string
}

/** Framing and its fields are each server's own; that the body was whole is an aspect. */
const framing = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length'])
export const absent = '(none)'

export function aspectsOf(answer: PeerAnswer, request: PeerRequest, around: Surroundings): Aspects {
  const aspects = new Map<string, string>()
  const plain = (text: string): string => masked(text, around)
  const isOwn = isOwnPage(answer)
  aspects.set('answer', statusText(answer) + (isOwn ? ', a page of the server' : ''))
  if (answer.interim.length > 0) aspects.set('interim answers', answer.interim.join(', '))
  aspects.set('reason', answer.reason)
  aspects.set('ending', answer.whole ? 'whole' : 'broken off')
  const of = isOwn ? ' of a page of the server' : ''
  for (const [name, value] of answer.fields) {
    if (framing.has(name)) continue
    const aspect = `field ${name}${of}`
    const before = aspects.get(aspect)
    aspects.set(aspect, before === undefined ? maskedField(name, plain(value)) : `${before} | ${plain(value)}`)
  }
  const length = answer.fields.find(([name]) => name === 'content-length')?.[1]
  // Apache tells the length of a program's answer where it happens to have all of it in time.
  const isFile = !/cgi/.test(request.target)
  if (length !== undefined && isFile && (request.method === 'HEAD' || answer.status === 304)) {
    aspects.set(`field content-length${of}`, isOwn ? 'N' : length)
  }
  if (isOwn) return aspects
  const seen = readDump(answer.body)
  if (seen === undefined) aspects.set('body', shortened(plain(answer.body)))
  else for (const [aspect, value] of seen) aspects.set(aspect, plain(maskedVariable(aspect, value, around)))
  return aspects
}

/** Where the answers are of another kind, the rest of them need not be compared. */
export function differences(apache: Aspects, postern: Aspects): ReadonlyMap<string, readonly [string, string]> {
  const found = new Map<string, readonly [string, string]>()
  const isOther = apache.get('answer') !== postern.get('answer')
  for (const aspect of isOther ? ['answer'] : new Set([...apache.keys(), ...postern.keys()])) {
    const pair = [apache.get(aspect) ?? absent, postern.get(aspect) ?? absent] as const
    if (pair[0] !== pair[1]) found.set(aspect, pair)
  }
  return found
}

function statusText({ status, body }: PeerAnswer): string {
  if (status !== 0) return String(status)
  return body === '' ? 'nothing' : 'something that is not HTTP'
}

/** Each marks its error pages by a field that no program of the site sends. */
function isOwnPage({ fields }: PeerAnswer): boolean {
  return fields.some(
    ([name, value]) =>
      (name === 'content-type' && value === 'text/html; charset=iso-8859-1') || name === 'content-security-policy',
  )
}

function readDump(body: string): [aspect: string, value: string][] | undefined {
  if (!body.startsWith('{"variables":')) return undefined
  const { variables, ...others } = Object(JSON.parse(body))
  return [
    ...Object.entries(Object(variables)).map(([name, value]): [string, string] => [`variable ${name}`, String(value)]),
    ...Object.entries(others).map(([name, value]): [string, string] => [`program's ${name}`, JSON.stringify(value)]),
  ]
}

function maskedVariable(aspect: string, value: string, { url }: Surroundings): string {
  if (/^variable (REDIRECT_)?REMOTE_PORT$/.test(aspect)) return /^\d+$/.test(value) ? 'a port' : value
  if (/^variable (REDIRECT_)?PATH$/.test(aspect)) return 'folders'
  if (aspect === 'variable UNIQUE_ID') return 'an id'
  return value === new URL(url).port ? 'PORT' : value
}

function maskedField(name: string, value: string): string {
  if (name === 'allow') return value.split(/, ?/).toSorted().join(', ')
  const isNow = name === 'date' && Math.abs(Date.parse(value) - Date.now()) < 60_000
  if (isNow) return 'now'
  return name === 'etag' && /^(W\/)?"[0-9a-f]+-[0-9a-f]+"$/.test(value) ? value.replace(/"[^"]*"/, '"N-N"') : value
}

function masked(text: string, { url, site }: Surroundings): string {
  return text
    .replaceAll(site, 'SITE')
    .replaceAll(`:${new URL(url).port}`, ':PORT')
    .replace(/\b(Apache|postern)\/[0-9.]+( \([^)]*\))?/g, '$1/N')
}

function shortened(text: string): string {
  const shown = text.replace(/[^\t\n -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return shown.length <= 120 ? shown : `${shown.slice(0, 60)}… (${text.length} bytes)`
}
