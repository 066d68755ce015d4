// The meta-variables of RFC 3875 4.1 as handlers see them: those of a web server, and where a request has come by HTTP and
// no web server has said any, ones that are made here.

import type { ByteString } from '../bytes/byte-string.ts'
import type { Origin } from '../gateway/meta-variables.ts'
import type { RequestFacts } from '../gateway/request-facts.ts'

/** `path`: decoded. Fields with odd names are left out: `X_Real` and `X-Real` would be one variable (CVE-2015-0219). */
export function httpVariables(
  facts: RequestFacts,
  origin: Origin,
  path: ByteString,
  query: ByteString,
): Map<string, ByteString> {
  const variables = new Map<string, ByteString>([
    ['GATEWAY_INTERFACE', 'CGI/1.1'],
    ['PATH_INFO', path],
    ['QUERY_STRING', query],
    ['REMOTE_ADDR', origin.peer.address],
    ['REMOTE_PORT', String(origin.peer.port)],
    ['REQUEST_METHOD', facts.method],
    ['REQUEST_SCHEME', origin.scheme],
    ['REQUEST_URI', facts.target],
    ['SCRIPT_NAME', ''],
    ['SERVER_ADDR', facts.local.address],
    ['SERVER_NAME', origin.serverName],
    ['SERVER_PORT', String(origin.serverPort)],
    ['SERVER_PROTOCOL', facts.protocol],
  ])
  if (origin.scheme === 'https') variables.set('HTTPS', 'on')
  for (const [name, value] of facts.fields) {
    const field = name.toLowerCase()
    // Security: httpoxy, CVE-2016-5385.
    if (!/^[a-z0-9-]+$/.test(field) || field === 'proxy') continue
    const plain = field.toUpperCase().replaceAll('-', '_')
    const variable = field === 'content-type' || field === 'content-length' ? plain : `HTTP_${plain}`
    const before = variables.get(variable)
    variables.set(variable, before === undefined ? value : before + (field === 'cookie' ? '; ' : ', ') + value)
  }
  return variables
}

/** Those of a web server. Security: httpoxy, CVE-2016-5385: many a handler gives them to a program as its environment. */
export function serverVariables(received: ReadonlyMap<string, ByteString>): ReadonlyMap<string, ByteString> {
  if (!received.has('HTTP_PROXY')) return received
  return new Map([...received].filter(([name]) => name !== 'HTTP_PROXY'))
}
