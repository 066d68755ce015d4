// Which names are those of programs: below `cgi-bin`, `*.cgi`, `*.fcgi`, and what editors leave beside them. No I/O.

import { asciiLowerCase, type ByteString } from '../bytes/byte-string.ts'

export function isProgramFolder(name: ByteString): boolean {
  return asciiLowerCase(name) === 'cgi-bin'
}

export const programNames: readonly ByteString[] = ['.cgi', '.fcgi']

/** Security: CVE-2026-24895, CVE-2026-45062: the end of the name itself, ASCII case alone, no folding of a copy. */
export function hasEnding(path: ByteString, endings: readonly ByteString[]): boolean {
  return endings.some((ending) => asciiLowerCase(path.slice(-ending.length)) === ending)
}

/**
 * Names of what editors, patch, version control, packagers and people leave beside a file with such an ending, in lower
 * case; a copy of a copy too. A name that says another type, `x.php.txt`, is somebody's will.
 */
export function copiesOf(endings: readonly ByteString[]): RegExp {
  const names = endings.map((ending) => ending.replace(/[^a-z0-9]/g, '\\$&')).join('|')
  const words = 'bak|backup|copy|disabled|dist|new|off|old|orig|prev|rej|save|sw[a-z]|temp|tmp'
  // Each character can be read in one way alone, so that no name takes more than a look at each (no backtracking).
  const left = `~|,v|[ _.]|(?:-|(?<=[ _.]))(?:${words})|-?\\d|\\((?:${words}|\\d+)\\)`
  return new RegExp(`(?:${names})(?:${left})+$|^#.*(?:${names})#$`)
}
