// Caddy's own: of a body whose length it does not know, its FastCGI transport says CONTENT_LENGTH "-1" (seen in 2.6). In
// FastCGI the end of the stream ends the body, so that nothing hangs on a length; in SCGI and uwsgi it would.

import type { ByteString } from '../bytes/byte-string.ts'

/** The variables as if nothing had been said. */
export function withoutUnknownLength(variables: ReadonlyMap<string, ByteString>): ReadonlyMap<string, ByteString> {
  if (variables.get('CONTENT_LENGTH') !== '-1') return variables
  const known = new Map(variables)
  known.delete('CONTENT_LENGTH')
  return known
}
