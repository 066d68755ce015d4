// The spawner that lends scripts `cgi` and `cgitb`, around one that only notes what it is given.

import assert from 'node:assert/strict'
import { symlinkSync, utimesSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { byteStringOfText, textOf } from '../../src/bytes/byte-string.ts'
import type { ProgramProcess, ProgramStart, Spawner } from '../../src/transport/program-process.ts'
import { launchersFolder } from '../../src/transport/launcher-files.ts'
import { PythonCgiSpawner } from '../../src/transport/python-cgi.ts'
import { ShebangCache } from '../../src/transport/shebang-cache.ts'
import { temporarySite } from '../support/temporary-site.ts'

const folder = `${launchersFolder()}/python-cgi`

interface Stage {
  readonly spawner: Spawner
  readonly asked: readonly string[]
  /** PYTHONPATH as the inner spawner is given it, for a script of this path. */
  readonly pythonPath: (script: string, ...environment: readonly string[]) => Promise<string | undefined>
}

/** `lacks`: what each interpreter says when it is asked; none: real ones are. */
function stage(lacks?: (interpreter: string) => boolean | undefined): Stage {
  const seen: ProgramStart[] = []
  const asked: string[] = []
  const inner: Spawner = {
    start: (program) => {
      seen.push(program)
      return Promise.resolve({} as ProgramProcess)
    },
  }
  const ask = (interpreter: string): Promise<boolean | undefined> => {
    asked.push(textOf(interpreter))
    return Promise.resolve(lacks?.(textOf(interpreter)))
  }
  const shebangs = new ShebangCache()
  const spawner = new PythonCgiSpawner(lacks === undefined ? { inner, shebangs } : { inner, shebangs, ask })
  return {
    spawner,
    asked,
    pythonPath: async (script, ...environment) => {
      const path = byteStringOfText(script)
      const cwd = byteStringOfText(dirname(script))
      const words = environment.map(byteStringOfText)
      await spawner.start({ path, argv: [path], environment: words, cwd, stdin: 'empty', backgroundGraceMs: 100 })
      const found = seen.at(-1)?.environment.filter((entry) => entry.startsWith('PYTHONPATH=')) ?? []
      assert.ok(found.length <= 1, found.join())
      return found[0] === undefined ? undefined : textOf(found[0].slice('PYTHONPATH='.length))
    },
  }
}

test('a script whose Python lacks the modules finds stand-ins at the end of PYTHONPATH', async () => {
  using site = temporarySite({ 'bin/python3.13': '#!/bin/sh\n', 'bin/python3': '#!/bin/sh\n' })
  const { pythonPath, asked } = stage(() => true)
  const named = site.add('a', `#!${site.root}/bin/python3.13 -u\n`)
  assert.equal(await pythonPath(named), folder)
  assert.equal(await pythonPath(named, 'PYTHONPATH='), folder)
  assert.equal(await pythonPath(named, 'PYTHONPATH=/srv/é:/x', 'A=1'), `/srv/é:/x:${folder}`)
  const sought = site.add('b', '#!/usr/bin/env -S python3 -u\n')
  assert.equal(await pythonPath(sought, `PATH=/nowhere:${site.root}/bin`), folder)
  const relative = site.add('c', '#!bin/python3\n')
  assert.equal(await pythonPath(relative), folder)
  assert.deepEqual(asked, [`${site.root}/bin/python3.13`, `${site.root}/bin/python3`])
})

test('what cannot be looked at on PATH is passed over, as env does it', async () => {
  using site = temporarySite({ 'bin/python3': '#!/bin/sh\n', 'loop/other': '' })
  symlinkSync('python3', `${site.root}/loop/python3`)
  const { pythonPath, asked } = stage(() => true)
  const sought = site.add('a', '#!/usr/bin/env python3\n')
  assert.equal(await pythonPath(sought, `PATH=${site.root}/loop:${site.root}/bin`), folder)
  assert.deepEqual(asked, [`${site.root}/bin/python3`])
  const named = site.add('b', `#!${site.root}/loop/python3\n`)
  assert.equal(await pythonPath(named), undefined)
})

test('a script of a Python that has them, and of anything else, is started as it is', async () => {
  using site = temporarySite({ python3: '#!/bin/sh\n', perl: '#!/bin/sh\n', 'python2.7': '#!/bin/sh\n' })
  const whole = stage(() => false)
  assert.equal(await whole.pythonPath(site.add('a', `#!${site.root}/python3\n`), 'PYTHONPATH=/x'), '/x')
  assert.equal(whole.asked.length, 1)
  const { pythonPath, asked } = stage(() => true)
  assert.equal(await pythonPath(site.add('b', `#!${site.root}/perl\n`)), undefined)
  assert.equal(await pythonPath(site.add('c', `#!${site.root}/python2.7\n`)), undefined)
  assert.equal(await pythonPath(site.add('d', '#!/nowhere/python3\n')), undefined)
  assert.equal(await pythonPath(site.add('e', '#!/usr/bin/env python3 -u\n'), `PATH=${site.root}`), undefined)
  assert.equal(await pythonPath(site.add('f', '#!/usr/bin/env python3\n'), 'PATH=/nowhere'), undefined)
  assert.equal(await pythonPath(site.add('g', 'import cgi\n')), undefined)
  assert.equal(await pythonPath(`${site.root}/gone`), undefined)
  assert.deepEqual(asked, [])
})

test('an interpreter is asked once, by all requests together, and again when it is another', async () => {
  using site = temporarySite({ python3: '#!/bin/sh\n' })
  const { pythonPath, asked } = stage(() => true)
  const script = site.add('a', `#!${site.root}/python3\n`)
  await Promise.all([pythonPath(script), pythonPath(script), pythonPath(script)])
  assert.equal(asked.length, 1)
  utimesSync(`${site.root}/python3`, 1, 1)
  await pythonPath(script)
  assert.equal(asked.length, 2)
})

test('an interpreter that does not answer gets nothing, and is not asked at every request', async () => {
  using site = temporarySite({ python3: '#!/bin/sh\n' })
  const { pythonPath, asked } = stage(() => undefined)
  const script = site.add('a', `#!${site.root}/python3\n`)
  assert.equal(await pythonPath(script), undefined)
  assert.equal(await pythonPath(script), undefined)
  assert.equal(asked.length, 1)
})

test('an interpreter is asked by running it: its version, and what packages have brought back', async () => {
  using site = temporarySite({
    'lacking/python3': '#!/bin/sh\necho lacking\n',
    'whole/python3': '#!/bin/sh\necho whole\n',
    'failing/python3': '#!/bin/sh\necho lacking\nexit 1\n',
  })
  const { pythonPath } = stage()
  assert.equal(await pythonPath(site.add('a', `#!${site.root}/lacking/python3\n`)), folder)
  assert.equal(await pythonPath(site.add('b', `#!${site.root}/whole/python3\n`)), undefined)
  assert.equal(await pythonPath(site.add('c', `#!${site.root}/failing/python3\n`)), undefined)
})
