// Which of a client's fields a script may see, by one mapping for every interface (RFC 3875 4.1.18).

import type { ByteString } from '../bytes/byte-string.ts'
import type { Field } from '../protocol/http/fields.ts'
import type { ScriptPolicy } from './destination.ts'

export interface AdmittedFields {
  /** HTTP_* variables, in the order in which the fields came. */
  readonly variables: ReadonlyMap<string, ByteString>
  readonly dropped: readonly { readonly name: ByteString; readonly why: string }[]
}

/** Fields that have a variable of their own, or that must never become one. */
const neverPassed: ReadonlyMap<string, string> = new Map([
  // Security: httpoxy, CVE-2016-5385 and kin: HTTP_PROXY would choose the script's own proxy.
  ['proxy', 'it would become HTTP_PROXY (httpoxy, CVE-2016-5385)'],
  // Security: CVE-2024-8927: HTTP_REDIRECT_STATUS is read as REDIRECT_STATUS by php-cgi.
  ['redirect-status', 'it would become HTTP_REDIRECT_STATUS (CVE-2024-8927)'],
])

/**
 * Security: CVE-2025-61780, CVE-2026-7381: by these an application and the server before it agree on how files are sent;
 * a client has no part in that. By their variables, so that no odd spelling of a name gets through.
 */
const serverSteering = /^HTTP_X_(?:SENDFILE|ACCEL(?:_|$)|LIGHTTPD_)/

/** Handled elsewhere: they become CONTENT_*, or end at this connection. Dropping them is no news. */
const handledElsewhere = new Set([
  'content-length',
  'content-type',
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

/** A rejection is 400: two fields that would share one variable (CVE-2015-0219), or a shell function (CVE-2014-6271). */
export function admitFields(
  fields: readonly Field[],
  policy: Pick<ScriptPolicy, 'passAuthorization' | 'passFields'>,
): AdmittedFields | { readonly rejected: string } {
  const variables = new Map<string, ByteString>()
  const dropped: { name: ByteString; why: string }[] = []
  const owners = new Map<string, string>()
  for (const [name, value] of fields) {
    const field = name.toLowerCase()
    const variable = variableName(field)
    const owner = owners.get(variable)
    if (owner !== undefined && owner !== field) {
      return { rejected: `the fields ${owner} and ${field} would both become ${variable}` }
    }
    owners.set(variable, field)
    // Before the others: Content-Type has a variable of its own, and bash reads them all.
    if (/^\s*\(\)\s*\{/.test(value)) return { rejected: `the field ${field} holds a shell function (CVE-2014-6271)` }
    if (handledElsewhere.has(field) || (field === 'authorization' && !policy.passAuthorization)) continue
    const why = serverSteering.test(variable) ? steersServer : (neverPassed.get(field) ?? oddness(field, policy))
    if (why !== undefined) {
      dropped.push({ name, why })
      continue
    }
    const before = variables.get(variable)
    variables.set(variable, before === undefined ? value : before + (field === 'cookie' ? '; ' : ', ') + value)
  }
  return { variables, dropped }
}

const steersServer = 'it steers a server (CVE-2025-61780, CVE-2026-7381)'
const oddName = 'a name that is not letters, digits and "-" is ambiguous as a variable (see passFields)'
/** Security: CVE-2017-12814: no interpreter expects longer ones. */
const longestName = 256

function oddness(field: string, { passFields }: Pick<ScriptPolicy, 'passFields'>): string | undefined {
  return isPlainName(field) || passFields.has(field) ? undefined : oddName
}

function isPlainName(field: string): boolean {
  return field.length <= longestName && /^[a-z0-9-]+$/.test(field)
}

function variableName(field: string): string {
  return `HTTP_${field.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
}
