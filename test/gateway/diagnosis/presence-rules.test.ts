import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { examine } from '../../../src/gateway/diagnosis/diagnose.ts'
import { inspectScript } from '../../../src/gateway/diagnosis/inspect-script.ts'
import { missing } from '../../support/real-parts.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { afterStderr, assertFinding, factsOf, firstProblem, startFailure, unlessRoot } from './support.ts'

test('missing-file: a script that is not there is named, with the folder to look in', () => {
  using site = temporarySite()
  const expected = { rule: 'missing-file', cause: /Hello\.cgi does not exist/, mend: /`ls -la .*postern-test/ }
  assertFinding(startFailure(join(site.root, 'Hello.cgi'), 'ENOENT'), expected)
})

test('missing-file: a file in place of a folder of the path counts as missing', () => {
  using site = temporarySite({ file: 'x' })
  const found = startFailure(join(site.root, 'file/script'), 'ENOTDIR')
  assertFinding(found, { rule: 'missing-file', cause: /file\/script does not exist/, mend: /ls -la/ })
})

test('dangling-link: a symbolic link that leads nowhere is named with where it leads', () => {
  using site = temporarySite()
  const link = join(site.root, 'script')
  symlinkSync('../gone/script', link)
  const expected = { rule: 'dangling-link', cause: /symbolic link to \.\.\/gone\/script/, mend: /ln -sfn/ }
  assertFinding(startFailure(link, 'ENOENT'), expected)
})

test('link-loop: a symbolic link that leads back to itself', () => {
  using site = temporarySite()
  const link = join(site.root, 'script')
  symlinkSync('script', link)
  assertFinding(startFailure(link, 'ELOOP'), { rule: 'link-loop', cause: /back to itself/, mend: /namei -l/ })
})

test('is-a-folder: a folder cannot be run', () => {
  using site = temporarySite({ 'folder/file': 'x' })
  const expected = { rule: 'is-a-folder', cause: /folder is a folder/, mend: /ls -la/ }
  assertFinding(startFailure(join(site.root, 'folder'), 'EACCES'), expected)
})

test('not-a-regular-file: a named pipe is not opened, and cannot be run', { skip: missing('mkfifo') }, () => {
  using site = temporarySite()
  const pipe = join(site.root, 'pipe')
  execFileSync('mkfifo', [pipe])
  chmodSync(pipe, 0o755)
  assertFinding(startFailure(pipe, 'EACCES'), { rule: 'not-a-regular-file', cause: /named pipe/, mend: /ls -l/ })
})

test('not-executable: the mode is shown, and the command that mends it', () => {
  using site = temporarySite()
  const script = site.add('a script.sh', '#!/bin/sh\n', 0o640)
  const expected = { rule: 'not-executable', cause: /0640, rw-r-----/, mend: /`chmod 755 '.*a script\.sh'`/ }
  assertFinding(startFailure(script, 'EACCES'), expected)
  assertFinding(firstProblem(inspectScript(script)), expected)
})

test('not-executable: a mode that lets others run it is told apart', () => {
  const facts = { ...factsOf('#!/bin/sh\n', 'script', 0o700), executable: false, runsAs: 'www-data' }
  const expected = { rule: 'not-executable', cause: /0700.*but not by www-data/, mend: /chmod 755/ }
  assertFinding(startFailure('/x', 'EACCES', facts), expected)
})

test('not-readable: an interpreter cannot open a script that may only be executed', { skip: unlessRoot }, () => {
  using site = temporarySite()
  const facts = inspectScript(site.add('script', '#!/bin/sh\n', 0o111))
  assertFinding(firstProblem(facts), { rule: 'not-readable', cause: /mode 0111/, mend: /chmod a\+r/ })
})

test('not-readable: it explains an interpreter that ended without a word', () => {
  const facts = { ...factsOf('#!/bin/sh\n'), readable: false, runsAs: 'www-data' }
  assertFinding(firstProblem(facts), { rule: 'not-readable', cause: /www-data/, mend: /chmod a\+r/ })
})

test('script-unreadable: what Python and Perl say of a script that they may not open', () => {
  const python = "/usr/bin/python3: can't open file '/srv/a.py': [Errno 13] Permission denied\n"
  const expected = { rule: 'script-unreadable', cause: /Permission denied/, mend: /chmod a\+r/ }
  assertFinding(afterStderr(python, '#!/usr/bin/python3\n', 2), expected)
  const perl = 'Can\'t open perl script "/srv/a.pl": Permission denied\n'
  assertFinding(afterStderr(perl, '#!/usr/bin/perl\n', 2), expected)
})

test('folder-forbidden: the first folder that may not be entered is named', { skip: unlessRoot }, () => {
  using site = temporarySite({ 'closed/inner/script': '#!/bin/sh\n' })
  const closed = join(site.root, 'closed')
  chmodSync(closed, 0o600)
  const found = startFailure(join(closed, 'inner/script'), 'EACCES')
  chmodSync(closed, 0o755)
  assertFinding(found, {
    rule: 'folder-forbidden',
    cause: /may not enter the folder .*closed,/,
    mend: /chmod o\+x .*closed`/,
  })
})

test('folder-forbidden: it goes before what cannot be known of the file', () => {
  const facts = { ...factsOf('#!/bin/sh\n'), closedFolder: '/srv/closed', lookError: 'EACCES', executable: false }
  const expected = { rule: 'folder-forbidden', cause: /\/srv\/closed/, mend: /`chmod o\+x \/srv\/closed`/ }
  assertFinding(startFailure('/srv/closed/script', 'EACCES', facts), expected)
})

test('noexec-mount: a missing right to execute is only its effect', () => {
  const facts = { ...factsOf('#!/bin/sh\n'), executable: false, noexecMount: '/srv/data' }
  const expected = { rule: 'noexec-mount', cause: /at \/srv\/data.*"noexec"/, mend: /remount,exec \/srv\/data/ }
  assertFinding(startFailure('/srv/data/script', 'EACCES', facts), expected)
  assert.equal(examine(facts).problems.length, 1)
})

test('a folder and a name that are not UTF-8 are found by their bytes', () => {
  using site = temporarySite()
  mkdirSync(Buffer.from(`${site.root}/\xff`, 'latin1'))
  const expected = { rule: 'is-a-folder', cause: /is a folder/, mend: /\$'.*\\xff'/ }
  assertFinding(firstProblem(inspectScript(`${site.root}/\xff`)), expected)
})
