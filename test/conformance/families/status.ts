// RFC 3875 6.3.3: Status.

import type { ConformanceCase, Expected, Family } from '../case.ts'
import { printing } from '../scripts.ts'

function status(rule: string, line: string, expected: Expected): ConformanceCase {
  return {
    title: `RFC 3875 6.3.3: ${rule}`,
    script: printing(`${line}\nContent-Type: text/plain\n\n`),
    expected,
  }
}

export const statusCases: Family = {
  name: 'Status',
  cases: [
    status('status and reason phrase pass', 'Status: 410 It was here', { status: 410, reason: 'It was here' }),
    status('a status needs no reason phrase', 'Status: 403', { status: 403 }),
    status('a status needs no space before it', 'Status:404', { status: 404 }),
    status('a tab separates as a space does', 'Status: 404\tAway', { status: 404, reason: 'Away' }),
    status('a status that nobody registered passes', 'Status: 299 Ours', { status: 299, reason: 'Ours' }),
    status('the largest status is 599', 'Status: 599 Far out', { status: 599, reason: 'Far out' }),
    status('bytes of a reason phrase that are not ASCII pass', 'Status: 404 Pas trouv\xe9', {
      status: 404,
      reason: 'Pas trouv\xe9',
    }),
    status('without Status the answer is 200', 'X-A: b', { status: 200 }),
    status('a status below 200 is no answer: 502', 'Status: 100 Continue', { status: 502 }),
    status('101 is not the script’s to say: 502', 'Status: 101 Switching Protocols', { status: 502 }),
    status('a status above 599 is 502', 'Status: 600', { status: 502 }),
    status('a status of two digits is 502', 'Status: 20', { status: 502 }),
    status('a status of four digits is 502', 'Status: 2000', { status: 502 }),
    status('a status in words is 502', 'Status: OK', { status: 502 }),
    status('a version in Status is 502', 'Status: HTTP/1.1 200 OK', { status: 502 }),
    status('an empty Status is 502', 'Status:', { status: 502 }),
    status('two different Statuses are 502', 'Status: 200 OK\nStatus: 404 Not Found', { status: 502 }),
    status('the same Status twice does no harm', 'Status: 404 Away\nStatus: 404 Away', { status: 404, reason: 'Away' }),
  ],
}
