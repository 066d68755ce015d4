// Names and lines that a script chose, made fit for people: in a log, on a terminal, in a command to type. No I/O.
// Security: CVE-2009-4487: what a script wrote may hold terminal escapes, line ends and text directions; none survives.

import { byteStringOfText, bytesOf, isAscii, textOf, type ByteString } from '../../bytes/byte-string.ts'

/** Control characters, the second set of them, text directions (CVE-2021-42574), and the line ends of Unicode. */
const unsafe = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** One line of text, at most `limit` characters, in which every control character is written out. */
export function visible(text: string, limit: number = 160): string {
  const line = text.slice(0, limit).replace(unsafe, escaped)
  return text.length > limit ? `${line}…` : line
}

/** The same for many lines: line ends and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(unsafe, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  )
}

export function visibleBytes(bytes: ByteString, limit?: number): string {
  return visible(textOf(bytes), limit)
}

/** A path as one word of a shell command. Security: a file's name must not become a command of whoever pastes it. */
export function shellWord(path: ByteString): string {
  const text = textOf(path)
  if (/^[\w./+:,@%][\w./+:,@%-]*$/.test(text)) return text
  const isPlain = text.search(unsafe) === -1 && (isAscii(path) || !text.includes('\ufffd'))
  if (isPlain) return `'${text.replaceAll("'", String.raw`'\''`)}'`
  const written = [...bytesOf(path)].map((byte) => {
    if (byte < 32 || byte > 126 || byte === 39 || byte === 92) return String.raw`\x${hex(byte, 2)}`
    return String.fromCharCode(byte)
  })
  return `$'${written.join('')}'`
}

/** The same for a name that stands in a message, which is text. */
export function textWord(text: string): string {
  return shellWord(byteStringOfText(text))
}

/** The mend of an error at a known line: to open the file there. `file` is text, as a message names it. */
export function openAt(file: string, line: string): string {
  return `Open it there: \`\${EDITOR:-vi} +${line} ${textWord(file)}\`.`
}

/** `rwxr-xr-x`, as `ls -l` writes it. */
export function modeText(mode: number): string {
  const bits = [0o400, 0o200, 0o100, 0o040, 0o020, 0o010, 0o004, 0o002, 0o001]
  return bits.map((bit, index) => ((mode & bit) === 0 ? '-' : 'rwx'.charAt(index % 3))).join('')
}

export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}

function escaped(character: string): string {
  const code = character.charCodeAt(0)
  return named[character] ?? (code < 256 ? String.raw`\x${hex(code, 2)}` : String.raw`\u${hex(code, 4)}`)
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0')
}
