import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { doctor } from '../../src/cli/doctor.ts'
import { missing } from '../support/real-parts.ts'
import { temporarySite } from '../support/temporary-site.ts'

async function examined(...paths: readonly string[]): Promise<{ code: number; text: string }> {
  let text = ''
  const write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk)
    return true
  }
  return { code: await doctor(paths, { write }), text }
}

test('a script with nothing to complain of: its facts, and exit code 0', async () => {
  using site = temporarySite({ 'a.sh': '#!/bin/sh\necho\n' })
  const { code, text } = await examined(`${site.root}/a.sh`)
  assert.equal(code, 0, text)
  assert.match(text, /kind +shell script, #!\/bin\/sh/)
  assert.match(text, /interpreter +\/bin\/sh/)
  assert.match(text, /mode +0755 \(rwxr-xr-x\)/)
  assert.match(text, /owner +\S/)
  assert.match(text, /Nothing found that would stop it\./)
})

test('problems come with cause and mend, and exit code 1', async () => {
  using site = temporarySite()
  const { code, text } = await examined(site.add('a.sh', '#!/bin/sh\r\necho\r\n', 0o644))
  assert.equal(code, 1)
  assert.match(text, /problem: not-executable\n {4}cause .*0644.*\n {4}mend .*chmod 755/)
  assert.match(text, /problem: crlf-shebang/)
  assert.doesNotMatch(text, /Nothing found/)
})

test('a hint does not change the exit code', async () => {
  using site = temporarySite()
  const { code, text } = await examined(site.add('a.sh', '#!/bin/sh\n', 0o777))
  assert.equal(code, 0)
  assert.match(text, /hint: world-writable-script/)
  assert.match(text, /Nothing found that would stop it\./)
})

test('a missing file is exit code 2, among others too', async () => {
  using site = temporarySite({ 'a.sh': '#!/bin/sh\n' })
  const { code, text } = await examined(`${site.root}/gone`, `${site.root}/a.sh`, site.root)
  assert.equal(code, 2)
  assert.match(text, /problem: missing-file/)
  assert.match(text, /problem: is-a-folder/)
})

test('CVE-2009-4487: a file’s name and first line cannot command the terminal', async () => {
  using site = temporarySite()
  const name = site.add('a\x1b[2J\n.sh', '#!/bin/\x1b]0;pwned\x07\x9b sh\n', 0o755)
  const { code, text } = await examined(name)
  assert.equal(code, 1)
  assert.match(text, /a\\x1b\[2J\\n\.sh/)
  assert.doesNotMatch(text, /[\x00-\x08\x0b-\x1f\x7f-\x9f]/)
})

test('the script is not run', async () => {
  using site = temporarySite()
  const mark = `${site.root}/mark`
  const sources = {
    'a.sh': `#!/bin/sh\n: > ${mark}\n`,
    'a.py': `#!/usr/bin/env python3\nopen("${mark}", "w")\n`,
    'a.pl': `#!/usr/bin/perl\nBEGIN { open my $f, ">", "${mark}" }\n`,
    'a.js': `#!/usr/bin/env node\nrequire("fs").writeFileSync("${mark}", "")\n`,
    // A module beside the script, of a name that the questions themselves import.
    'importlib.py': `open("${mark}", "w")\n`,
  }
  for (const [name, source] of Object.entries(sources)) await examined(site.add(name, source, 0o755))
  assert.equal(existsSync(mark), false)
})

test('an interpreter that the file brings along is not started', async () => {
  using site = temporarySite()
  const python = site.add('python3', `#!/bin/sh\n: > ${site.root}/mark\n`, 0o755)
  await examined(site.add('a.py', `#!${python}\n`))
  const isRoots = process.getuid?.() === 0 // Then it is root's own, and trusted for that.
  assert.equal(existsSync(`${site.root}/mark`), isRoots)
})

test('Python tells its version and what it does not have', { skip: missing('python3') }, async () => {
  using site = temporarySite({ 'helper.py': '' })
  const source = '#!/usr/bin/env python3\nimport os, helper, no_such_module\n'
  const { code, text } = await examined(site.add('a.py', source))
  assert.equal(code, 1)
  assert.match(text, /interpreter +\S+python\S*, version 3\.\d+/)
  assert.match(text, /problem: python-module-missing\n.*imports "no_such_module", which/)
})

test('Perl tells what it does not have', { skip: missing('perl') }, async () => {
  using site = temporarySite()
  const { text } = await examined(site.add('a.pl', '#!/usr/bin/env perl\nuse strict;\nuse No::Such;\n'))
  assert.match(text, /problem: perl-module-missing\n.*uses "No::Such", which/)
})

test('a script that its interpreter cannot read: Python', { skip: missing('python3') }, async () => {
  using site = temporarySite()
  const wrong = await examined(site.add('a.py', '#!/usr/bin/env python3\n\ndef f(:\n'))
  assert.equal(wrong.code, 1)
  assert.match(wrong.text, /problem: python-syntax-error\n.*line 3 of /)
  const old = await examined(site.add('b.py', '#!/usr/bin/env python3\nprint "x"\n'))
  assert.match(old.text, /problem: python-2-script/)
})

test('a script that its interpreter cannot read: a shell, Node', async () => {
  using site = temporarySite()
  const shell = await examined(site.add('a.sh', '#!/bin/sh\nif true; then\n'))
  assert.match(shell.text, /problem: shell-syntax-error/)
  const node = await examined(site.add('a.js', '#!/usr/bin/env node\nif (\n'))
  assert.match(node.text, /problem: node-syntax-error/)
})

test('a PHP page needs no execute permission and no first line: it is run by php-cgi, which may be missing', async () => {
  using site = temporarySite()
  const page = site.add('a.php', '<?php echo 1;', 0o644)
  const path = process.env['PATH']
  try {
    process.env['PATH'] = site.root
    const without = await examined(page)
    assert.equal(without.code, 1, without.text)
    assert.match(without.text, /problem: php-missing[^]*apt install php-cgi/)
    site.add('php-cgi', '#!/bin/sh\n')
    const found = await examined(page)
    assert.equal(found.code, 0, found.text)
    assert.match(found.text, /interpreter +\S+\/php-cgi/)
  } finally {
    process.env['PATH'] = path
  }
})
