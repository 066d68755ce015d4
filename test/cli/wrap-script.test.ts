// The script that `postern wrap` writes, as text and as Python reads it.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { bytesLiteral, wrapScript, type WrapSettings } from '../../src/cli/wrap-script.ts'
import { missing } from '../support/real-parts.ts'

const settings: WrapSettings = {
  application: 'shop:app',
  python: '/usr/bin/python3',
  command: ['/usr/bin/node', '/opt/postern/main.js', 'wsgi'],
  stateFolder: undefined,
  mount: undefined,
  passedVariables: [],
  passedEnvironment: [],
  environment: [],
  development: false,
  limitSeconds: 120,
}

const odd = [
  '',
  "it's",
  'a "b"',
  'two\nlines',
  'a\\',
  "'''",
  '#',
  'é',
  '日本',
  '😀',
  '\x7f\x00\x1b[31m',
  '%s{}$(x)`y`',
  '\u2028',
]
const skip = missing('python3')

/** What Python makes of the settings, as JSON. */
function readBack(script: string, expression: string): unknown {
  const [settingsOnly = ''] = script.split('\nimport os\n')
  const print = `\nimport json\nprint(json.dumps(${expression}))\n`
  const run = spawnSync('python3', ['-I', '-'], { input: settingsOnly + print, encoding: 'utf8' })
  assert.equal(run.status, 0, run.stderr)
  return JSON.parse(run.stdout)
}

test('wrap: words reach Python as they were: quotes, line ends, what is not ASCII', { skip }, () => {
  const environment = odd.map((word) => ['NAME', word] as const)
  const script = wrapScript({
    ...settings,
    application: odd.join(''),
    command: odd,
    stateFolder: odd.join(''),
    environment,
  })
  assert.deepEqual(readBack(script, '[value.decode() for _, value in ENVIRONMENT]'), odd)
  assert.deepEqual(readBack(script, '[word.decode() for word in [*COMMAND, APPLICATION, FOLDER]]'), [
    ...odd,
    odd.join(''),
    odd.join(''),
  ])
})

test('wrap: whatever the word, its literal is ASCII on one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.match(bytesLiteral(text), /^b'(?:[\x20-\x26\x28-\x5b\x5d-\x7e]|\\x[0-9a-f]{2})*'$/)
    }),
  )
})

test('wrap: no application breaks out of the comment at the head', () => {
  const script = wrapScript({ ...settings, application: 'a\nimport evil:app' })
  assert.doesNotMatch(script, /^import evil/m)
})

test(
  'wrap: the first line names the interpreter; one that no such line can name is started by a shell',
  { skip },
  () => {
    assert.ok(wrapScript(settings).startsWith('#!/usr/bin/python3 -IS\n'))
    for (const python of ['/opt/my python/bin/python', `/opt/${'long/'.repeat(40)}python`]) {
      const script = wrapScript({ ...settings, python })
      assert.ok(script.startsWith(`#!/bin/sh\n''''exec '${python}' -IS "$0" "$@" # '''\n`))
      // To Python it is a text.
      assert.equal(readBack(script, 'LIMIT'), 120)
    }
    assert.throws(() => wrapScript({ ...settings, python: "/opt/o'brien's place/python" }), TypeError)
  },
)

function nameOf(more: Partial<WrapSettings>): string {
  return /^NAME = b'(.*)'$/m.exec(wrapScript({ ...settings, ...more }))?.[1] ?? ''
}

test('wrap: other settings are another server, with another socket and log', () => {
  assert.match(nameOf({}), /^shop-[0-9a-f]{10}$/)
  assert.equal(nameOf({}), nameOf({}))
  const names = [{}, { mount: '' }, { command: ['/usr/bin/node'] }, { development: true }].map(nameOf)
  assert.equal(new Set(names).size, names.length)
  assert.match(nameOf({ application: '../web site/böse.py:app' }), /^bse-/)
})
