// Which #! lines a launcher serves, which it does not and says why, and which are no concern of it.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { byteStringOfText } from '../../../src/bytes/byte-string.ts'
import { readShebang } from '../../../src/protocol/cgi/shebang.ts'
import {
  chooseInterpreter,
  identifyInterpreter,
  launcherEnvironment,
  type InterpreterChoice,
} from '../../../src/transport/warm/interpreters.ts'
import { temporarySite } from '../../support/temporary-site.ts'

const choose = (line: string, mode = 0o755): InterpreterChoice =>
  chooseInterpreter({ shebang: readShebang(`${line}\n`), mode })

for (const [line, command] of [
  ['#!/usr/bin/python3', ['/usr/bin/python3']],
  ['#! /usr/bin/python', ['/usr/bin/python']],
  ['#!/opt/x/bin/python3.12', ['/opt/x/bin/python3.12']],
  ['#!/usr/bin/env python3', ['/usr/bin/env', 'python3']],
  ['#!/usr/bin/python3 -u', ['/usr/bin/python3', '-u']],
  ['#!/usr/bin/python3 -IsW', undefined],
  ['#!/usr/bin/python3 -Wignore', ['/usr/bin/python3', '-Wignore']],
  ['#!/usr/bin/perl', ['/usr/bin/perl']],
  ['#!/usr/local/bin/perl5.36.0', ['/usr/local/bin/perl5.36.0']],
  ['#!/usr/bin/perl -wT', ['/usr/bin/perl', '-wT']],
  ['#!/usr/bin/env perl', ['/usr/bin/env', 'perl']],
] as const) {
  test(`interpreters: ${line}: ${command === undefined ? 'started afresh' : 'warm'}`, () => {
    const choice = choose(line)
    assert.deepEqual(choice !== undefined && 'command' in choice ? choice.command : undefined, command)
  })
}

for (const [line, reason] of [
  ['#!/usr/bin/python3 -i', /option -i/],
  ['#!/usr/bin/python3 -m x', /option -m x/],
  ['#!/usr/bin/perl -d', /option -d/],
  ['#!/usr/bin/perl -pe1', /option -pe1/],
  ['#!/usr/bin/env -S python3 -u', /env more than a name/],
  ['#!/usr/bin/env -S perl -w', /env more than a name/],
] as const) {
  test(`interpreters: ${line}: started afresh, and people are told`, () => {
    const choice = choose(line)
    assert.match(choice !== undefined && 'reason' in choice ? choice.reason : 'none', reason)
  })
}

for (const line of [
  '#!/bin/sh',
  '#!/usr/bin/python2',
  '#!/usr/bin/pypy3',
  '#!/usr/bin/perlbrew',
  '#!python3',
  '#!bin/perl',
  '#!/usr/bin/python3\r',
  '#!/usr/bin/env ruby',
  '#!',
]) {
  test(`interpreters: ${JSON.stringify(line)}: no concern of a launcher`, () => {
    assert.equal(choose(line), undefined)
  })
}

test('interpreters: set-user-ID and set-group-ID scripts are started afresh', () => {
  for (const mode of [0o4755, 0o2755]) {
    const choice = choose('#!/usr/bin/perl', mode)
    assert.match(choice !== undefined && 'reason' in choice ? choice.reason : '', /set-user-ID/)
  }
})

test('interpreters: a launcher has what stays the same from request to request, and nothing of a request', () => {
  const lasting = ['PATH=/bin', 'PYTHONPATH=/lib', 'LANG=C']
  const of = ['HTTP_COOKIE=a', 'QUERY_STRING=b', 'REMOTE_USER=c', 'UNIQUE_ID=d', 'SCRIPT_NAME=/e', 'HTTPS=on']
  assert.deepEqual(launcherEnvironment('python', [...of, ...lasting, ...of]), { environment: lasting })
  // What an authorizer says of a client must not make a launcher for each of them.
  const granted = ['GROUPS=staff', 'PYTHONDEVMODE=1']
  const names = new Set(['GROUPS', 'PYTHONDEVMODE'])
  assert.deepEqual(launcherEnvironment('python', [...lasting, ...granted], names), { environment: lasting })
})

test('interpreters: what makes an interpreter do more than a launcher can hide forbids it', () => {
  for (const [language, entry] of [
    ['python', 'PYTHONINSPECT=1'],
    ['python', 'PYTHONTRACEMALLOC=5'],
    ['perl', 'PERL5OPT=-MCarp'],
    ['perl', 'PERL5DB=x'],
  ] as const) {
    assert.deepEqual(launcherEnvironment(language, [entry]), { reason: `${entry.split('=')[0]} is set` })
  }
  assert.ok('environment' in launcherEnvironment('python', ['PYTHONINSPECT=']))
  assert.ok('environment' in launcherEnvironment('python', ['PERL5OPT=-w']))
})

test('interpreters: an interpreter is another one when its file, or the one that env would find, is another', () => {
  using site = temporarySite({ 'one/python3': '#!/bin/sh\n', 'two/.keep': '' })
  const root = byteStringOfText(site.root)
  const direct = (): string => identifyInterpreter({ language: 'python', command: [`${root}/one/python3`] }, [])
  const path = `PATH=${root}/two:${root}/one`
  const byEnv = (): string => identifyInterpreter({ language: 'python', command: ['/usr/bin/env', 'python3'] }, [path])
  const before = [direct(), byEnv()]
  assert.deepEqual([direct(), byEnv()], before)
  site.add('two/python3', '#!/bin/sh\n')
  assert.equal(direct(), before[0])
  assert.notEqual(byEnv(), before[1])
  renameSync(join(site.root, 'two/python3'), join(site.root, 'one/python3'))
  assert.notEqual(direct(), before[0])
  assert.equal(identifyInterpreter({ language: 'perl', command: ['/no/such/perl'] }, []), 'missing')
})
