// The table's shell programs as programs of a warm interpreter. What many cases use is written anew in the language;
// every other program becomes its shell where it stands, so that the shell finds what the worker found: process id and
// group, descriptors, signals, folder, variables, words, and a `$0` that names the same file.

import { bytesOf, byteStringOf, type ByteString } from '../../src/bytes/byte-string.ts'
import { countBody, echo, printing, showVariables } from './scripts.ts'

export type WarmLanguage = 'python' | 'perl'

const firstLine = '#!/bin/sh\n'
const printed = byteStringOf(printing(''))

interface Writer {
  readonly path: string
  /** A string of these bytes. */
  readonly literal: (bytes: ByteString) => string
  /** Written in the language itself, by the shell program in whose place it stands. */
  readonly own: ReadonlyMap<ByteString, string>
  readonly print: (literal: string) => string
  readonly becomeShell: (literal: string) => string
}

const plainHead = 'Content-Type: text/plain\\n\\n'

const writers: Readonly<Record<WarmLanguage, Writer>> = {
  python: {
    path: '/usr/bin/python3',
    literal: (bytes) => `b'${escape(bytes)}'`,
    own: new Map([
      [
        showVariables,
        `import os, sys\nout = sys.stdout.buffer\nout.write(b'${plainHead}')\nfor name, value in os.environb.items():\n    out.write(name + b'=' + value + b'\\0')\n`,
      ],
      [
        echo,
        `import sys, shutil\nout = sys.stdout.buffer\nout.write(b'${plainHead}')\nout.flush()\nshutil.copyfileobj(sys.stdin.buffer, out)\n`,
      ],
      [
        countBody,
        `import os, sys\nlength = os.environ.get('CONTENT_LENGTH')\nfirst = len(sys.stdin.buffer.read(int(length or 0)))\nrest = len(sys.stdin.buffer.read())\nprint('${plainHead}length=%s first=%d rest=%d' % ('unset' if length is None else length, first, rest))\n`,
      ],
    ]),
    print: (literal) => `import sys\nsys.stdout.buffer.write(${literal})\n`,
    // Python ignores these two for itself, and what it executes inherits that.
    becomeShell: (literal) =>
      `import os, signal, sys\nfor number in (signal.SIGPIPE, signal.SIGXFSZ):\n    signal.signal(number, signal.SIG_DFL)\nos.execv('/bin/sh', ['/bin/sh', '-c', ${literal}, *sys.argv])\n`,
  },
  perl: {
    path: '/usr/bin/perl',
    literal: (bytes) => `"${escape(bytes).replace(/[$@"]/g, '\\$&')}"`,
    own: new Map([
      [showVariables, `print "${plainHead}";\nprint "$_=$ENV{$_}\\0" for reverse sort keys %ENV;\n`],
      [echo, `$| = 1;\nbinmode $_ for *STDIN, *STDOUT;\nprint "${plainHead}";\nprint while read STDIN, $_, 65536;\n`],
      [
        countBody,
        `binmode STDIN;\nmy $length = $ENV{CONTENT_LENGTH};\nmy $first = read STDIN, my $body, $length || 0;\nmy $rest = do { local $/; length(<STDIN> // '') };\nprint "${plainHead}length=", $length // 'unset', " first=$first rest=$rest\\n";\n`,
      ],
    ]),
    print: (literal) => `binmode STDOUT;\nprint ${literal};\n`,
    becomeShell: (literal) => `exec { '/bin/sh' } '/bin/sh', '-c', ${literal}, $0, @ARGV;\n`,
  },
}

/** Undefined where it is no program of /bin/sh, and so stays what it is. */
export function inLanguage(language: WarmLanguage, program: string | Uint8Array): Uint8Array | undefined {
  const bytes = typeof program === 'string' ? byteStringOf(Buffer.from(program)) : byteStringOf(program)
  if (!bytes.startsWith(firstLine)) return undefined
  const { path, own, print, becomeShell, literal } = writers[language]
  const body = bytes.startsWith(printed)
    ? print(literal(bytes.slice(printed.length)))
    : (own.get(bytes) ?? becomeShell(literal(bytes.slice(firstLine.length))))
  return bytesOf(`#!${path}\n${body}`)
}

/** As both languages read it between quotes. */
function escape(bytes: ByteString): string {
  return bytes.replace(/[^ -~]|[\\']/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
