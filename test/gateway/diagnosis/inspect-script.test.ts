import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { fileKind } from '../../../src/gateway/diagnosis/file-kind.ts'
import { inspectScript } from '../../../src/gateway/diagnosis/inspect-script.ts'
import { lateShebangLine, readShebang } from '../../../src/protocol/cgi/shebang.ts'
import { guessLanguage, readSource } from '../../../src/gateway/diagnosis/source-facts.ts'
import { noexecMount } from '../../../src/gateway/diagnosis/surroundings.ts'
import { temporarySite } from '../../support/temporary-site.ts'

test('a script’s facts: type, mode, size, owner, rights and first line', () => {
  using site = temporarySite({ 'a.sh': '#!/bin/sh -e\necho hello\n' })
  const facts = inspectScript(`${site.root}/a.sh`)
  assert.equal(facts.lookError, undefined)
  assert.equal(facts.type, 'file')
  assert.equal(facts.size, 24)
  assert.equal(facts.mode & 0o777, 0o755)
  assert.equal(facts.ownerId, process.getuid?.())
  assert.equal(facts.executable && facts.readable, true)
  assert.equal(facts.shebang?.argument, '-e')
  assert.equal(facts.interpreter?.path, '/bin/sh')
  assert.equal(facts.language, 'shell')
})

test('facts of a link are those of its target, and where it leads', () => {
  using site = temporarySite({ 'a.sh': '#!/bin/sh\n' })
  symlinkSync('a.sh', `${site.root}/link`)
  const facts = inspectScript(`${site.root}/link`)
  assert.equal(facts.linkTo, 'a.sh')
  assert.equal(facts.type, 'file')
})

test('what cannot be looked at is a fact, and never an exception', () => {
  assert.equal(inspectScript('').lookError, 'ENOENT')
  assert.equal(inspectScript('/nonexistent/script').lookError, 'ENOENT')
  assert.equal(inspectScript('/\0').type, undefined)
  assert.equal(inspectScript(`/${'x'.repeat(5000)}`).lookError, 'ENAMETOOLONG')
})

test('at most 64 KiB are read', () => {
  using site = temporarySite({ 'a.py': `#!/usr/bin/python3\n${'#\n'.repeat(40_000)}import cgi\n` })
  assert.deepEqual(inspectScript(`${site.root}/a.py`).source.imports, [])
})

test('whatever the first bytes are, they are read without an exception', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((content) => Buffer.from(content).toString('latin1'))
  const prefix = fc.constantFrom(
    '',
    '#!',
    '\x7fELF\x02\x01',
    '\x7fELF\x01\x02',
    '\xef\xbb\xbf#!',
    'MZ',
    '\xca\xfe\xba\xbe',
  )
  const property = fc.property(fc.tuple(prefix, bytes), ([front, rest]) => {
    const start = front + rest
    assert.ok(fileKind(start).form)
    readShebang(start)
    lateShebangLine(start)
    readSource(start, guessLanguage('/x', start))
  })
  fc.assert(property, { numRuns: 500, interruptAfterTimeLimit: 10_000 })
})

test('the #! line as Linux reads it: spaces around, all of the rest as one argument', () => {
  const shebang = readShebang('#! \t/usr/bin/perl  -w -T \t\nprint')
  assert.equal(shebang?.interpreter, '/usr/bin/perl')
  assert.equal(shebang?.argument, '-w -T')
  assert.equal(readShebang('#!/bin/sh')?.interpreter, '/bin/sh')
  assert.equal(readShebang(' #!/bin/sh'), undefined)
})

test('imports of Python: several in a line, of a package, with another name; not the indented and not the relative', () => {
  const source = 'import os, cgi as c, xml.dom\nfrom urllib.parse import quote\nfrom . import me\n  import imp\n'
  const imports = readSource(source, 'python').imports.map(({ number, text }) => `${number} ${text}`)
  assert.deepEqual(imports, ['1 os', '1 cgi', '1 xml', '2 urllib'])
})

test('proc(5) mountinfo: the longest mount point that holds the path counts, and of two at one place the later', () => {
  const mounts = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '30 22 0:40 / /srv rw,nosuid,noexec shared:9 - tmpfs tmpfs rw',
    '31 30 0:41 / /srv/my\\040data rw - tmpfs tmpfs rw',
    '32 22 0:42 / /opt rw,noexec - tmpfs tmpfs rw',
    '33 22 0:43 / /opt rw - tmpfs tmpfs rw',
  ].join('\n')
  assert.equal(noexecMount('/srv/a', mounts), '/srv')
  assert.equal(noexecMount('/srv/my data/a', mounts), undefined)
  assert.equal(noexecMount('/srvx/a', mounts), undefined)
  assert.equal(noexecMount('/opt/a', mounts), undefined)
  assert.equal(noexecMount('/a', ''), undefined)
})
