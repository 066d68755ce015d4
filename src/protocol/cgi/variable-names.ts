// The names of the variables that differ from request to request. No I/O.

/** Variables that only the gateway may set. Security: CVE-2025-65082: settings must not override them. */
export const reservedVariables: ReadonlySet<string> = new Set([
  'AUTH_TYPE',
  'CONTENT_LENGTH',
  'CONTENT_TYPE',
  'DOCUMENT_ROOT',
  'GATEWAY_INTERFACE',
  'HTTPS',
  'PATH_INFO',
  'PATH_TRANSLATED',
  'QUERY_STRING',
  'REDIRECT_STATUS',
  'REMOTE_ADDR',
  'REMOTE_HOST',
  'REMOTE_IDENT',
  'REMOTE_PORT',
  'REMOTE_USER',
  'REQUEST_METHOD',
  'REQUEST_SCHEME',
  'REQUEST_URI',
  'SCRIPT_FILENAME',
  'SCRIPT_NAME',
  'SERVER_ADDR',
  'SERVER_NAME',
  'SERVER_PORT',
  'SERVER_PROTOCOL',
  'SERVER_SOFTWARE',
  'UNIQUE_ID',
])

/** Whether a request decides over the variable; all others are the same for every request of a route. */
export function isOfRequest(name: string): boolean {
  return reservedVariables.has(name) || name.startsWith('HTTP_') || name.startsWith('REDIRECT_')
}

/**
 * Security: CVE-2017-17562, CVE-2021-42342, CVE-2020-11984: names by which a loader, a shell, an interpreter, git or a
 * gateway is told what to load or run. Nothing that a request has a part in may set them.
 */
const steering =
  /^(?:LD_|DYLD_|_RLD|BASH|PERL|PYTHON|RUBY|GEM_|BUNDLE_|NODE_|PHP|LUA|JAVA_|_JAVA_|JDK_|GIT_|UWSGI_|FCGI_|MALLOC_|GCONV_|GLIBC_|LISTEN_)|^(?:SCGI|PATH|ENV|IFS|PS4|CDPATH|SHELLOPTS|CLASSPATH|LOCPATH|NLSPATH)$/

export function steersPrograms(name: string): boolean {
  return steering.test(name.toUpperCase())
}
