// FastCGI 6.3: what an authorizer is told, as far as it differs from what a responder is told. No I/O.

import type { ByteString } from '../bytes/byte-string.ts'

/** FastCGI 6.3: as for a responder, but without these. */
export const notForAuthorizers: readonly string[] = ['CONTENT_LENGTH', 'PATH_INFO', 'PATH_TRANSLATED', 'SCRIPT_NAME']

/** What names the target beside REQUEST_URI; nginx has it by this name. */
export const documentUri = 'DOCUMENT_URI'

/** `path`: decoded, and plain. Security: what is judged must be what would be given, in one spelling; REQUEST_URI has many. */
export function asAuthorizer(variables: Map<string, ByteString>, path: ByteString): void {
  for (const name of notForAuthorizers) variables.delete(name)
  variables.set(documentUri, path)
}

/** Without empty segments; but a slash at the end stays. */
export function plainPath(names: readonly ByteString[]): ByteString {
  return `/${names.filter((name, at) => name !== '' || at === names.length - 1).join('/')}`
}
