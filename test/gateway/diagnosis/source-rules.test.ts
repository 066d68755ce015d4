import assert from 'node:assert/strict'
import { chmodSync, mkdirSync } from 'node:fs'
import { test } from 'node:test'
import { examine, inspect } from '../../../src/gateway/diagnosis/diagnose.ts'
import { inspectScript, type ScriptFacts } from '../../../src/gateway/diagnosis/inspect-script.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { assertFinding, factsOf } from './support.ts'

const usesCgi = '#!/usr/bin/env python3\nimport os, cgi\n'

/** Facts of a script whose interpreter is there, whatever this machine has. */
function runnable(content: string, more: Partial<ScriptFacts> = {}): ScriptFacts {
  const facts = factsOf(content)
  const program = { name: 'x', path: '/usr/bin/x', executable: true, instead: undefined }
  return { ...facts, interpreter: program, envProgram: undefined, interpreterVersion: undefined, ...more }
}

test('python-module-removed: every module that Python has lost, and the packages that bring them back', () => {
  const source = '#!/usr/bin/env python3\nimport os, telnetlib\nimport imp, telnetlib\nimport cgi\n'
  const facts = runnable(source, { interpreterVersion: '3.13', missingModules: ['telnetlib', 'imp', 'cgi'] })
  const expected = {
    rule: 'python-module-removed',
    cause:
      /^Line 2 of .* imports "telnetlib", which Python 3\.13 removed\. Line 3 imports "imp", which Python 3\.12 removed\.$/,
    mend: /^For "telnetlib": .*pip install standard-telnetlib`\. For "imp": .*importlib/,
  }
  const { problems } = examine(facts)
  assertFinding(problems[0], expected)
  assert.equal(problems.length, 1)
})

test('python-cgi-brought: Python 3.13 has no "cgi", and Postern brings it: a hint', () => {
  const { problems, hints } = examine(runnable(usesCgi, { interpreterVersion: '3.13', missingModules: ['cgi'] }))
  assert.deepEqual(problems, [])
  const expected = {
    rule: 'python-cgi-brought',
    cause: /Line 2 .* imports "cgi", which Python 3\.13 removed\. Postern brings/,
    mend: /unless scripts are run with --python-cgi off/,
  }
  assertFinding(hints[0], expected)
})

test('python-module-removed: a #! line that keeps Postern’s "cgi" away', () => {
  for (const line of ['/usr/bin/python3 -E', '/usr/bin/env -S python3 -bI', '/usr/bin/pypy3']) {
    const facts = runnable(`#!${line}\nimport cgi\n`, { language: 'python', interpreterVersion: '3.13' })
    const expected = {
      rule: 'python-module-removed',
      cause: /Line 2 .*"cgi"/,
      mend: /-E or -I.*pip install legacy-cgi/,
    }
    assertFinding(examine(facts).problems[0], expected)
  }
})

test('python-module-removed: an interpreter that was asked knows better than its version', () => {
  const facts = runnable(usesCgi, { interpreterVersion: '3.14', missingModules: [] })
  assert.deepEqual(examine(facts).problems, [])
})

test('python-module-leaving: an older Python still has it, which is a hint', () => {
  const { problems, hints } = examine(runnable(usesCgi, { interpreterVersion: '3.12' }))
  assert.deepEqual(problems, [])
  assertFinding(hints[0], { rule: 'python-module-leaving', cause: /"cgi"/, mend: /legacy-cgi/ })
})

test('python-module-missing: what the interpreter did not find; an import in a "try" does not count', () => {
  const content = '#!/usr/bin/env python3\nimport nosuch\ntry:\n    import other\nexcept ImportError:\n    pass\n'
  const facts = runnable(content, { missingModules: ['nosuch'] })
  assert.deepEqual(facts.source.imports, [{ number: 2, text: 'nosuch' }])
  const expected = { rule: 'python-module-missing', cause: /imports "nosuch"/, mend: /pip install nosuch/ }
  assertFinding(examine(facts).problems[0], expected)
})

test('python-2-script: a print statement or a module of Python 2, run by Python 3', () => {
  const expected = { rule: 'python-2-script', cause: /Line 2 is "print "hello""/, mend: /2to3 -w/ }
  assertFinding(examine(runnable('#!/usr/bin/python3\nprint "hello"\n')).problems[0], expected)
  const module = runnable('#!/usr/bin/python3\nimport urllib2\n')
  assertFinding(examine(module).problems[0], { ...expected, cause: /imports "urllib2"/ })
  const python2 = runnable('#!/usr/bin/python2\nprint "hello"\n', { interpreterVersion: '2.7' })
  assert.deepEqual(examine(python2).problems, [])
})

test('perl-module-missing: the module and the ways to install it', () => {
  const facts = runnable('#!/usr/bin/perl\nuse strict;\nuse CGI;\n', { missingModules: ['CGI'] })
  const expected = { rule: 'perl-module-missing', cause: /"CGI".*since 5\.22/, mend: /apt install libcgi-perl/ }
  assertFinding(examine(facts).problems[0], expected)
})

test('php-command-line: php is not php-cgi', () => {
  const facts = runnable('#!/usr/bin/php\n<?php echo 1;\n')
  assertFinding(examine(facts).hints[0], { rule: 'php-command-line', cause: /command-line/, mend: /env php-cgi/ })
})

test('carriage-returns: a shell script with some lines of CR LF', () => {
  const { hints } = examine(factsOf('#!/bin/sh\necho a\r\n'))
  assertFinding(hints[0], { rule: 'carriage-returns', cause: /CR and LF/, mend: /sed -i/ })
})

test('world-writable-script, world-writable-folder: others could change what the server runs', () => {
  using site = temporarySite()
  mkdirSync(`${site.root}/open`)
  const script = site.add('open/script', '#!/bin/sh\n', 0o777)
  chmodSync(`${site.root}/open`, 0o777)
  const { problems, hints } = examine(inspectScript(script))
  assert.deepEqual(problems, [])
  assertFinding(hints[0], { rule: 'world-writable-script', cause: /Everybody/, mend: /chmod o-w .*script`/ })
  assertFinding(hints[1], { rule: 'world-writable-folder', cause: /Everybody/, mend: /chmod o-w .*open`/ })
})

test('inspect gives the problems in the order in which they would stop the script, then the hints', () => {
  using site = temporarySite()
  const script = site.add('script', '#!/opt/gone/sh\r\n', 0o606)
  const rules = inspect(script).map(({ rule }) => rule)
  assert.deepEqual(rules, ['not-executable', 'crlf-shebang', 'interpreter-missing', 'world-writable-script'])
})
