// Which names are those of programs: below `cgi-bin`, `*.cgi`, and what editors leave beside them. No I/O.

import { asciiLowerCase, type ByteString } from '../bytes/byte-string.ts'
import { baseName } from './file-path.ts'

export function isProgramFolder(name: ByteString): boolean {
  return asciiLowerCase(name) === 'cgi-bin'
}

/** Security: CVE-2026-24895, CVE-2026-45062: the end of the name itself, ASCII case alone, no folding of a copy. */
export function hasProgramName(path: ByteString): boolean {
  return asciiLowerCase(path.slice(-4)) === '.cgi'
}

/** Security: what an editor leaves beside a program, `x.cgi~` or `x.cgi.bak`, is its source under another name. */
export function isCopyOfProgram(path: ByteString): boolean {
  return copyOfProgram.test(asciiLowerCase(baseName(path)))
}

/** Emacs, vi, nano, patch and people; a copy of a copy too. */
const copyOfProgram = /\.cgi(?:~|\.~\d+~|\.(?:bak|old|orig|save(?:\.\d+)?|sw[m-p]|tmp|rej))+$|^#.*\.cgi#$/
