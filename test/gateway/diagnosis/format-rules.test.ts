import { test } from 'node:test'
import { examine } from '../../../src/gateway/diagnosis/diagnose.ts'
import { inspectScript } from '../../../src/gateway/diagnosis/inspect-script.ts'
import assert from 'node:assert/strict'
import { temporarySite } from '../../support/temporary-site.ts'
import { assertFinding, type Expected, startFailure } from './support.ts'

/** The system's answer and a look at the file must name the same. */
function assertBoth(name: string, content: string | Uint8Array, expected: Expected): void {
  using site = temporarySite()
  const script = site.add(name, content, 0o755)
  assertFinding(startFailure(script, 'ENOEXEC'), expected)
  assertFinding(examine(inspectScript(script)).problems[0], expected)
}

test('empty-file: nothing is in it', () => {
  assertBoth('a', '', { rule: 'empty-file', cause: /is empty: 0 bytes/, mend: /Copy it to the server again/ })
})

test('no-shebang: the line to put first is named after the language, by the name or the text', () => {
  const expected = { rule: 'no-shebang', cause: /has no #! line/, mend: /sed -i '1i #!\/usr\/bin\/env python3'/ }
  assertBoth('a.py', 'print("Content-Type: text/plain\\n")\n', expected)
  assertBoth('cgi', 'import os\nprint(os.environ)\n', expected)
  assertBoth('cgi', 'use strict;\nprint "hi";\n', { ...expected, mend: /#!\/usr\/bin\/env perl/ })
  assertBoth('cgi', '<?php echo 1;', { ...expected, mend: /#!\/usr\/bin\/env php-cgi/ })
  assertBoth('a.rb', 'puts 1', { ...expected, mend: /#!\/usr\/bin\/env ruby/ })
  assertBoth('a.js', 'console.log(1)', { ...expected, mend: /#!\/usr\/bin\/env node/ })
  assertBoth('cgi', 'echo hello\n', { ...expected, mend: /#!\/bin\/sh/ })
  assertBoth('cgi', 'what is this\n', { ...expected, mend: /NAME-OF-THE-INTERPRETER/ })
})

test('byte-order-mark: three bytes before the #! hide it from the system', () => {
  const expected = { rule: 'byte-order-mark', cause: /EF BB BF/, mend: /sed -i '1s\/\^\\xEF\\xBB\\xBF\/\/'/ }
  assertBoth('a', '\ufeff#!/bin/sh\necho\n', expected)
})

test('utf-16-file: a script saved as UTF-16, of either byte order', () => {
  const expected = { rule: 'utf-16-file', cause: /UTF-16/, mend: /iconv -f UTF-16 -t UTF-8/ }
  assertBoth('a', Buffer.from('\ufeff#!/bin/sh\n', 'utf16le'), expected)
  assertBoth('a', Buffer.from('\ufeff#!/bin/sh\n', 'utf16le').swap16(), expected)
})

test('shebang-not-first: a #! after blank lines or spaces does not count', () => {
  const expected = { rule: 'shebang-not-first', cause: /too late, in line 3/, mend: /sed -i '1,3/ }
  assertBoth('a', '\n\n#!/bin/sh\n', expected)
  assertBoth('a', '  #!/bin/sh\n', { ...expected, cause: /in line 1/, mend: /sed/ })
})

test('shebang-empty: a #! without a name', () => {
  assertBoth('a.pl', '#!\nprint 1;\n', { rule: 'shebang-empty', cause: /names no interpreter/, mend: /env perl/ })
})

test('shebang-too-long: Linux reads 256 bytes', () => {
  const expected = { rule: 'shebang-too-long', cause: /with 311 bytes/, mend: /ln -s/ }
  assertBoth('a', `#!/${'x/'.repeat(153)}perl\n`, expected)
})

test('foreign-program: compiled programs of other systems and machines', () => {
  const rule = { rule: 'foreign-program', mend: /Compile it here/ }
  assertBoth('a.exe', `MZ\x90${'\0'.repeat(80)}`, { ...rule, cause: /a Windows program/ })
  assertBoth('a', Buffer.from('cafebabe00000041', 'hex'), { ...rule, cause: /Java class/ })
  const other = process.arch === 's390x' ? 62 : 22
  const cause = process.arch === 's390x' ? /a program for x64/ : /a program for s390x/
  if (process.platform === 'linux') assertBoth('a', elf(other), { ...rule, cause })
  if (process.platform !== 'darwin') {
    assertBoth('a', Buffer.from('cffaedfe07000001', 'hex'), { ...rule, cause: /a macOS program/ })
  }
})

test('not-a-program: data without a meaning for the system', () => {
  assertBoth('a', '\x89PNG\r\n\x1a\n\0\0', { rule: 'not-a-program', cause: /neither/, mend: /`file / })
})

test('Node itself is a program of this system, with nothing to complain of', () => {
  assert.deepEqual(examine(inspectScript(process.execPath)).problems, [])
})

/** The first 64 bytes of an ELF program. */
function elf(machine: number): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  bytes.writeUInt16LE(machine, 18)
  return bytes
}
