// FastCGI 6.3: the variables of a request to an authorizer, as web servers send them: those that it has not are taken out,
// where a server sends them all the same, and the path is said in one spelling. No I/O.

import type { ByteString } from '../bytes/byte-string.ts'
import { encodePath } from '../gateway/meta-variables.ts'
import { asAuthorizer, documentUri, plainPath } from '../gateway/authorizer-variables.ts'
import { isRejected, readRequestTarget, readSegments } from '../protocol/http/request-target.ts'
import { readServerVariables, type ServerRequest, type ServerVariables } from './server-variables.ts'

/** As `readServerVariables`. */
export function readAuthorizerVariables(
  variables: ServerVariables,
  passVariables: ReadonlySet<string>,
): ServerRequest | { readonly rejected: string } {
  const own = forAuthorizer(variables)
  const read = readServerVariables(own, passVariables)
  const path = own.get(documentUri)
  if ('rejected' in read || path === undefined) return read
  // Security: whoever looks at the URL is to see the path that is meant; the client's own spelling is in REQUEST_URI.
  const query = own.get('QUERY_STRING') ?? ''
  const target = encodePath(path) + (query === '' ? '' : `?${query}`)
  return { ...read, target, requestUri: own.get('REQUEST_URI') }
}

function forAuthorizer(variables: ServerVariables): ServerVariables {
  const own = new Map(variables)
  const path = own.get(documentUri) ?? decodedPath(own.get('REQUEST_URI') ?? '')
  // What is no path is refused where the target is read.
  asAuthorizer(own, path ?? '')
  if (path === undefined) own.delete(documentUri)
  return own
}

function decodedPath(requestUri: ByteString): ByteString | undefined {
  const target = readRequestTarget(requestUri)
  if (isRejected(target)) return undefined
  const segments = readSegments(target.rawPath)
  return isRejected(segments) ? undefined : plainPath(segments.map(({ decoded }) => decoded))
}
