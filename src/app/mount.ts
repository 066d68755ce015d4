// What of a path is the web server's, and what the application's own (RFC 3875 4.1.5, 4.1.13). An application that knows
// the route /hello shall find it under every gateway, so that the mount is taken off the path, as Express does for what is
// mounted in it.

import type { ByteString } from '../bytes/byte-string.ts'
import { prefixNames, withoutPrefix } from '../gateway/destination.ts'
import { isRejected, readSegments } from '../protocol/http/request-target.ts'

type Variables = ReadonlyMap<string, ByteString>

/**
 * By default SCRIPT_NAME is a mount where something follows it in PATH_INFO, and where it is the name of this very
 * program. nginx says the whole path in SCRIPT_NAME, and no PATH_INFO, unless it is told otherwise.
 */
export function mountOf(
  variables: Variables,
  always: boolean | undefined,
  isThisProgram: (path: ByteString) => boolean,
): ByteString {
  const scriptName = variables.get('SCRIPT_NAME') ?? ''
  if (always !== undefined) return always ? scriptName : ''
  const pathInfo = variables.get('PATH_INFO') ?? ''
  // Often copied: both say the whole path.
  if (pathInfo === scriptName) return ''
  return pathInfo !== '' || isThisProgram(variables.get('SCRIPT_FILENAME') ?? '') ? scriptName : ''
}

/** The path behind the mount in the client's spelling; undefined where it does not begin with it. */
export function pathBehind(mount: ByteString, rawPath: ByteString): ByteString | undefined {
  if (mount === '') return rawPath
  const segments = readSegments(rawPath)
  if (isRejected(segments)) return undefined
  const rest = withoutPrefix(prefixNames(mount), segments)
  return rest === undefined ? undefined : `/${rest.map(({ raw }) => raw).join('/')}`
}
