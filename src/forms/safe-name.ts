// A name for a file out of one that a client made up: no folder, nothing that a shell, a terminal or a file system takes
// for something else. RFC 7578 4.2, RFC 2183 2.3.

const mostNameBytes = 200

/** `file` where nothing is left. It may be the name of another file: what is written under it must not overwrite. */
export function safeName(filename: string): string {
  const base = filename.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = base
    // Controls, and characters that turn the direction of writing: photo[U+202E]gpj.exe looks like photoexe.jpg.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFD]/gu, '')
    // Windows: these, devices, and dots or spaces at the end. A dot at the beginning hides a file, or is .htaccess.
    .replace(/[<>:"|?*]/g, '_')
    // Looking behind: a run in the middle is looked at once, not once for each of its characters.
    .replace(/^[\s.\-~]+|(?<![\s.])[\s.]+$/gu, '')
    .replace(/^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?=\.|$)/i, '_$1')
  return shortened(plain) || 'file'
}

/** The end of a name says what it is, so the middle is left out. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= mostNameBytes) return name
  const extension = /\.[0-9A-Za-z]{1,16}$/.exec(name)?.[0] ?? ''
  let stem = ''
  for (const character of name.slice(0, name.length - extension.length)) {
    if (Buffer.byteLength(stem + character) > mostNameBytes - extension.length) break
    stem += character
  }
  return stem + extension
}
