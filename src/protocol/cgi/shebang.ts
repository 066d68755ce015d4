// The first line of a script, as the kernel and `env` read it. Bytes in, facts out; no I/O.

import type { ByteString } from '../../bytes/byte-string.ts'

export interface Shebang {
  /** The whole line, without its end. */
  readonly line: ByteString
  /** Empty where nothing follows `#!`. */
  readonly interpreter: ByteString
  /** All that follows the interpreter: Linux hands it over as one single argument. */
  readonly argument: ByteString | undefined
  /** The line ends in CRLF: Linux takes the CR for a part of the last word. */
  readonly carriageReturn: boolean
  /** The program that `env` is to find on PATH. */
  readonly envProgram: ByteString | undefined
  /** `env` is given several words without -S, and looks for a program with spaces in its name. */
  readonly unsplit: boolean
}

export const byteOrderMark: ByteString = '\xef\xbb\xbf'

export function readShebang(start: ByteString): Shebang | undefined {
  const text = start.startsWith(byteOrderMark) ? start.slice(byteOrderMark.length) : start
  if (!text.startsWith('#!')) return undefined
  const end = text.indexOf('\n')
  const raw = end === -1 ? text : text.slice(0, end)
  const carriageReturn = raw.endsWith('\r')
  const line = carriageReturn ? raw.slice(0, -1) : raw
  const [, interpreter = '', argument = ''] = /^#![\t ]*([^\t ]*)[\t ]*(.*?)[\t ]*$/.exec(line) ?? []
  const isEnv = /(?:^|\/)env$/.test(interpreter)
  return {
    line,
    interpreter,
    argument: argument === '' ? undefined : argument,
    carriageReturn,
    envProgram: isEnv ? envProgram(argument) : undefined,
    unsplit: isEnv && /[\t ]/.test(argument) && !/^-\w*S|^--split-string/.test(argument),
  }
}

/** Whether a program is a Python that may be of version 3: `python`, `python3`, `python3.13`, with or without a path. */
export function isPythonName(program: ByteString): boolean {
  return /(?:^|\/)python(?:3(?:\.\d+)?)?$/.test(program)
}

/** The line at which a `#!` stands that came too late: behind blank lines or spaces. */
export function lateShebangLine(start: ByteString): number | undefined {
  const before = /^([\t\r ]*\n){0,20}[\t ]*(?=#!)/.exec(start)?.[0] ?? ''
  return before === '' ? undefined : before.split('\n').length
}

/** `env [-iv] [-S] [NAME=value]… program [argument]…` */
function envProgram(argument: ByteString): ByteString | undefined {
  const words = argument.replace(/^-\w*S|^--split-string[= ]/, '').split(/[\t ]+/)
  return words.find((word) => word !== '' && !word.startsWith('-') && !word.includes('='))
}
