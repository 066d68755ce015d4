import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { byteStringOfText } from '../../src/bytes/byte-string.ts'
import { launchersFolder } from '../../src/transport/launcher-files.ts'
import { ShebangCache } from '../../src/transport/shebang-cache.ts'
import { temporarySite } from '../support/temporary-site.ts'

function lookAt(content: string): ReturnType<ShebangCache['look']> {
  using site = temporarySite()
  return new ShebangCache().look(byteStringOfText(site.add('é', content)))
}

test('a program’s look: its #! line and its mode', () => {
  const look = lookAt('#!/usr/bin/perl -w\nprint')
  assert.equal(look?.shebang?.interpreter, '/usr/bin/perl')
  assert.equal(look?.shebang?.argument, '-w')
  assert.equal((look?.mode ?? 0) & 0o7777, 0o755)
})

test('a program’s look: what the kernel does not take for a #! line is none', () => {
  for (const content of ['', '\x7fELF', '#!', '#!\n', '\ufeff#!/bin/sh\n', ' #!/bin/sh\n', '#!/bin/sh\0\n'])
    assert.deepEqual([content, lookAt(content)?.shebang], [content, undefined])
  const longest = `#!/${'a'.repeat(252)}`
  assert.equal(lookAt(`${longest}\n`)?.shebang?.line, longest)
  assert.equal(lookAt(`${longest}a\n`)?.shebang, undefined)
  assert.equal(lookAt('#!/bin/sh')?.shebang?.interpreter, '/bin/sh')
})

test('a program’s look: another file, content or mode is seen at once', () => {
  using site = temporarySite()
  const cache = new ShebangCache()
  const path = site.add('script', '#!/bin/sh\n')
  assert.equal(cache.look(path), cache.look(path))
  chmodSync(path, 0o4755)
  assert.equal((cache.look(path)?.mode ?? 0) & 0o7777, 0o4755)
  renameSync(site.add('other', '#!/bin/ksh\n'), path)
  assert.equal(cache.look(path)?.shebang?.interpreter, '/bin/ksh')
  rmSync(path)
  assert.equal(cache.look(path), undefined)
})

test('a program’s look: a folder is none, and a named pipe is not waited for', () => {
  using site = temporarySite()
  const cache = new ShebangCache()
  assert.equal(cache.look(site.root), undefined)
  const pipe = join(site.root, 'pipe')
  execFileSync('mkfifo', [pipe])
  assert.equal(cache.look(pipe), undefined)
})

test('the folder of launchers is found from where this code is compiled to', () => {
  assert.match(readFileSync(join(launchersFolder(), 'README.md'), 'utf8'), /^# Launchers/)
})
