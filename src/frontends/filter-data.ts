// FastCGI 6.4: the file that a web server gives to a filter, as FCGI_DATA, after the request's body. It is taken as it comes,
// as bodies are (fed-body.ts), but no further ahead of its reader than `mostUnreadBytes`: files are as large as they like.

import type { FilterData } from '../executors/executor.ts'
import type { BodyPace } from './body-pace.ts'
import { FedBody } from './fed-body.ts'
import type { ServerVariables } from './server-variables.ts'

/** Of a file that its filter has not read; past it the connection is read no further, whatever else is under way on it. */
const mostUnreadBytes = 16 * 1024 * 1024

export interface FedData extends FilterData {
  readonly body: FedBody
}

/** Both variables must be there: without the length nobody knows whether the file is whole. */
export function readFilterData(
  variables: ServerVariables,
  pace: BodyPace,
  onRoom: () => void,
): FedData | { readonly rejected: string } {
  const length = variables.get('FCGI_DATA_LENGTH') ?? ''
  const lastModified = variables.get('FCGI_DATA_LAST_MOD') ?? ''
  if (!/^\d{1,15}$/.test(length)) return { rejected: 'FCGI_DATA_LENGTH is no number' }
  // Seconds, of which a Date holds no more.
  if (!/^-?\d{1,12}$/.test(lastModified)) return { rejected: 'FCGI_DATA_LAST_MOD is no number' }
  return {
    length: Number(length),
    lastModified: new Date(Number(lastModified) * 1000),
    body: new FedBody(Number(length), pace, onRoom, mostUnreadBytes),
  }
}
