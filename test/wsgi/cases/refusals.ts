// start_response(): what it must not take. An error is raised while the application still runs.

import type { Cases, Expected, WsgiCase } from '../case.ts'

const section = 'PEP 3333 The start_response() Callable'
const types = 'PEP 3333 A Note On String Types'

function refused(title: string, expected: Expected = {}): WsgiCase {
  return { title, expected: { status: '200', body: 'refused', 'field x-injected': null, ...expected } }
}

export const refusals: Cases = {
  'heads/status-word': refused(`${section}: a status without a number is refused`),
  'heads/status-two-digits': refused('RFC 9110 15: a status of two digits is refused'),
  'heads/status-four-digits': refused('RFC 9110 15: a status of four digits is refused'),
  'heads/status-99': refused('RFC 9110 15: a status below 100 is refused'),
  'heads/status-number': refused(`${types}: a status that is a number, not a str, is refused`),
  'heads/status-bytes': refused(`${types}: a status that is bytes is refused`),
  'heads/status-injection': refused(`${section}: a line end in the status is refused`),
  'heads/status-euro': refused('PEP 3333 Unicode Issues: a character above FF in the status is refused'),
  'heads/name-space': refused('RFC 9110 5.1: a space in the name of a field is refused'),
  'heads/name-colon': refused('RFC 9110 5.1: a colon in the name of a field is refused'),
  'heads/name-empty': refused('RFC 9110 5.1: a field without a name is refused'),
  'heads/name-injection': refused(`${section}: a line end in the name of a field is refused`),
  'heads/name-bytes': refused(`${types}: a name that is bytes is refused`),
  'heads/name-latin': refused('RFC 9110 5.1: a character above 7F in the name of a field is refused'),
  'heads/value-injection': refused(`${section}: CR LF in the value of a field is refused`),
  'heads/value-lf': refused(`${section}: LF in the value of a field is refused`),
  'heads/value-cr': refused(`${section}: CR in the value of a field is refused`),
  'heads/value-folded': refused(`${section}: a folded value is refused`),
  'heads/value-nul': refused(`${section}: NUL in the value of a field is refused`),
  'heads/value-control': refused(`${section}: a control character in the value of a field is refused`),
  'heads/value-bytes': refused(`${types}: a value that is bytes is refused`),
  'heads/value-number': refused(`${types}: a value that is a number is refused`),
  'heads/value-euro': refused('PEP 3333 Unicode Issues: a character above FF in the value of a field is refused'),
  'heads/pair-of-three': refused(`${section}: a field that is not a pair is refused`),
  'heads/hop-connection': refused('PEP 3333 Other HTTP Features: Connection is the server’s, and refused', {
    'field connection': /^(close|keep-alive|\(none\))$/i,
  }),
  'heads/hop-keep-alive': refused('PEP 3333 Other HTTP Features: Keep-Alive is the server’s, and refused', {
    'field keep-alive': /^(?!timeout=9)/,
  }),
  'heads/hop-transfer-encoding': refused(
    'PEP 3333 Other HTTP Features: Transfer-Encoding is the server’s, and refused',
  ),
  'heads/hop-upgrade': refused('PEP 3333 Other HTTP Features: Upgrade is the server’s, and refused', {
    'field upgrade': null,
  }),
  'heads/hop-te': refused('PEP 3333 Other HTTP Features: TE is no field of an application, and refused', {
    'field te': null,
  }),
}
