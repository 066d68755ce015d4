// What a case of PEP 3333 is: a request to an application (applications/) and what must come back, over any server. The
// tables are in cases/; cases.ts gathers them.

import type { PeerRequest } from '../peers/client.ts'
import type { Stage } from './stage.ts'

/**
 * What was seen, by name: `status`, `reason`, `field NAME`, `framing`, `body`, `ending`, `interim answers`; of an application that
 * tells what it was told, `variable NAME`, `type NAME`, `fact NAME`; `notes` are what it noted for later; `log` is whether
 * the words of `log` are in the server's log.
 */
export type Aspects = ReadonlyMap<string, string>

/** Null: it must not be there. */
export type Expected = Readonly<Record<string, string | RegExp | null>>

export interface WsgiCase {
  /** The section, and its rule in words. */
  readonly title: string
  /** Default: GET of the application that the case is named after. */
  readonly request?: Partial<PeerRequest>
  /** In place of the one request: more than one, or a client that reads by parts. */
  readonly story?: (stage: Stage) => Promise<Readonly<Record<string, string>>>
  /** Default `threads`: one process with four threads. `mounted`: two processes with one thread, at /mount. */
  readonly server?: 'threads' | 'mounted'
  /** Words that must come to stand in the server's log. */
  readonly log?: string
  readonly expected: Expected
}

/** By name, `family/application` where it is that application alone. */
export type Cases = Readonly<Record<string, WsgiCase>>

/** The aspects that are not as expected: what was seen. Where the status is another, the rest need not be compared. */
export function breachesOf(seen: Aspects, expected: Expected): ReadonlyMap<string, string> {
  const breaches = new Map<string, string>()
  for (const [aspect, wanted] of Object.entries(expected)) {
    const value = seen.get(aspect)
    if (!isAsWanted(value, wanted)) breaches.set(aspect, shortened(value ?? absent))
  }
  const status = breaches.get('status')
  const next = breaches.get('next')
  if (status === undefined) return breaches
  return new Map([['status', status], ...(next === undefined ? [] : [['next', next] as const])])
}

function shortened(text: string): string {
  const shown = text.replace(/[^\n -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return shown.length <= 80 ? shown : `${shown.slice(0, 40)}… (${text.length} bytes)`
}

export const absent = '(none)'

export function isAsWanted(value: string | undefined, wanted: string | RegExp | null): boolean {
  if (wanted === null) return value === undefined
  return typeof wanted === 'string' ? value === wanted : wanted.test(value ?? absent)
}
