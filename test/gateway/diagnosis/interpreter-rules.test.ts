import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileKind } from '../../../src/gateway/diagnosis/file-kind.ts'
import { inspectScript } from '../../../src/gateway/diagnosis/inspect-script.ts'
import { temporarySite, type TemporarySite } from '../../support/temporary-site.ts'
import { afterStderr, assertFinding, factsOf, firstProblem, startFailure } from './support.ts'

const onLinux = process.platform === 'linux' ? false : 'the way in which Linux reads a #! line'

/** A folder of programs, to stand for PATH. */
function programs(site: TemporarySite, ...names: readonly string[]): string {
  for (const name of names) site.add(`bin/${name}`, '#!/bin/sh\n', 0o755)
  return `${site.root}/bin`
}

test('crlf-shebang: the CR becomes a part of the name that the system looks for', () => {
  using site = temporarySite({ script: '#!/bin/sh\r\necho\r\n' })
  const expected = {
    rule: 'crlf-shebang',
    cause: /CR and LF.*"\/bin\/sh\\r"/,
    mend: /`sed -i 's\/\\r\$\/\/' \/.*script`/,
  }
  assertFinding(startFailure(`${site.root}/script`, 'ENOENT'), expected)
})

test('crlf-shebang: with env it is env that does not find the program', () => {
  const stderr =
    '/usr/bin/env: ‘python3\\r’: No such file or directory\n/usr/bin/env: use -[v]S to pass options in shebang lines\n'
  const found = afterStderr(stderr, '#!/usr/bin/env python3\r\nprint()\r\n', 127)
  assertFinding(found, { rule: 'crlf-shebang', cause: /"python3\\r"/, mend: /sed -i/ })
})

test('interpreter-missing: a program of the same language that is there is named', () => {
  using site = temporarySite({ script: '#!/opt/gone/python2.7\n' })
  const path = programs(site, 'python3')
  const facts = inspectScript(`${site.root}/script`, path)
  const expected = {
    rule: 'interpreter-missing',
    cause: /names \/opt\/gone\/python2\.7/,
    mend: /#!\/usr\/bin\/env python3/,
  }
  assertFinding(startFailure(`${site.root}/script`, 'ENOENT', facts), expected)
})

test('interpreter-missing: without such a program it is to be installed', () => {
  using site = temporarySite({ script: '#!/opt/gone/rexx\n' })
  const facts = inspectScript(`${site.root}/script`, '/nowhere')
  assertFinding(firstProblem(facts), { rule: 'interpreter-missing', cause: /rexx/, mend: /Install it/ })
})

test('interpreter-relative: the system does not search PATH', () => {
  const facts = factsOf('#!python3\n')
  const expected = { rule: 'interpreter-relative', cause: /"#!python3".*whole path/, mend: /#!\/usr\/bin\/env python3/ }
  assertFinding(startFailure('/x', 'ENOENT', facts), expected)
})

test('interpreter-not-executable: the interpreter is there, and may not be run', () => {
  using site = temporarySite()
  const tool = site.add('tool', 'x', 0o644)
  const facts = inspectScript(site.add('script', `#!${tool}\n`))
  const expected = { rule: 'interpreter-not-executable', cause: /run by .*tool, which/, mend: /chmod 755 .*tool`/ }
  assertFinding(startFailure(`${site.root}/script`, 'EACCES', facts), expected)
})

test('env-program-missing: env does not find the program, and another of its language is there', () => {
  using site = temporarySite({ script: '#!/usr/bin/env python2\n' })
  const facts = inspectScript(`${site.root}/script`, programs(site, 'python3'))
  assertFinding(firstProblem(facts), { rule: 'env-program-missing', cause: /"python2"/, mend: /python3 is there/ })
})

test('env-program-missing: as GNU, BusyBox and BSD say it', () => {
  const expected = { rule: 'env-program-missing', cause: /"ruby9"/, mend: /command -v ruby9/ }
  const content = '#!/usr/bin/env ruby9\n'
  assertFinding(afterStderr('/usr/bin/env: ‘ruby9’: No such file or directory\n', content, 127), expected)
  assertFinding(afterStderr("env: can't execute 'ruby9': No such file or directory\n", content, 127), expected)
  assertFinding(afterStderr('env: ruby9: No such file or directory\n', content, 127), expected)
})

test('env-several-arguments: they arrive as one word', { skip: onLinux }, () => {
  const content = '#!/usr/bin/env python3 -u\n'
  const expected = {
    rule: 'env-several-arguments',
    cause: /several words, "python3 -u"/,
    mend: /#!\/usr\/bin\/env -S python3 -u/,
  }
  assertFinding(firstProblem(factsOf(content)), expected)
  const stderr =
    '/usr/bin/env: ‘python3 -u’: No such file or directory\n/usr/bin/env: use -[v]S to pass options in shebang lines\n'
  assertFinding(afterStderr(stderr, content, 127), expected)
})

test('env-several-arguments: -S splits them, and variables may come first', () => {
  const facts = factsOf('#!/usr/bin/env -S LANG=C sh -e -u\n')
  assert.equal(facts.envProgram?.name, 'sh')
  assert.equal(firstProblem(facts), undefined)
})

test('shebang-several-arguments: the interpreter gets them as one', { skip: onLinux }, () => {
  const expected = { rule: 'shebang-several-arguments', cause: /"-e -u"/, mend: /#!\/usr\/bin\/env -S \/bin\/sh -e -u/ }
  assertFinding(firstProblem(factsOf('#!/bin/sh -e -u\n')), expected)
  assertFinding(afterStderr('/bin/sh: 0: Illegal option - \n', '#!/bin/sh -e -u\n', 2), expected)
})

test('shebang-several-arguments: Perl takes them apart by itself', () => {
  assert.notEqual(firstProblem(factsOf('#!/usr/bin/perl -w -T\n'))?.rule, 'shebang-several-arguments')
})

test('loader-missing: a compiled program whose loader is not there', () => {
  using site = temporarySite()
  const script = site.add('program', elfWithLoader('/lib/ld-gone.so.1'), 0o755)
  const expected = { rule: 'loader-missing', cause: /loader \/lib\/ld-gone\.so\.1/, mend: /static/ }
  assertFinding(startFailure(script, 'ENOENT', { ...inspectScript(script), foreign: undefined }), expected)
})

test('a program header that points outside of the file is not followed', () => {
  const bytes = elfWithLoader('/lib/ld.so')
  bytes.writeBigUInt64LE(0xffff_ffff_ffffn, 64 + 8)
  assert.equal(fileKind(bytes.toString('latin1')).loader, undefined)
  bytes.writeBigUInt64LE(0xffff_ffff_ffff_ff00n, 32)
  assert.equal(fileKind(bytes.toString('latin1')).loader, undefined)
})

/** An ELF program of 64 bits with one program header, PT_INTERP. */
function elfWithLoader(loader: string): Buffer {
  const bytes = Buffer.alloc(64 + 56 + loader.length + 1)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  bytes.writeUInt16LE(62, 18)
  bytes.writeBigUInt64LE(64n, 32)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(1, 56)
  bytes.writeUInt32LE(3, 64)
  bytes.writeBigUInt64LE(120n, 64 + 8)
  bytes.writeBigUInt64LE(BigInt(loader.length + 1), 64 + 32)
  bytes.write(loader, 120)
  return bytes
}
