// Which #! lines and variables a waiting Node serves, which it does not and says why, and what a script's text names.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { byteStringOfText } from '../../../src/bytes/byte-string.ts'
import { readShebang } from '../../../src/protocol/cgi/shebang.ts'
import { launcherEnvironment } from '../../../src/transport/warm/interpreters.ts'
import { chooseParked, modulesNamedBy } from '../../../src/transport/warm/parked-interpreters.ts'
import { temporarySite } from '../../support/temporary-site.ts'

const choose = (line: string, mode = 0o755): ReturnType<typeof chooseParked> =>
  chooseParked({ shebang: readShebang(`${line}\n`), mode })

for (const [line, command, isNamed] of [
  ['#!/usr/bin/node', ['/usr/bin/node'], true],
  ['#!/usr/bin/nodejs', ['/usr/bin/nodejs'], true],
  ['#!/usr/bin/env node', ['/usr/bin/env', 'node'], false],
  ['#!/usr/bin/node --no-warnings', ['/usr/bin/node', '--no-warnings'], true],
  ['#!/usr/bin/env -S node --no-warnings', ['/usr/bin/env', '-S node --no-warnings'], false],
  [
    '#!/usr/bin/env -S node --experimental-strip-types --max-old-space-size=64',
    ['/usr/bin/env', '-S node --experimental-strip-types --max-old-space-size=64'],
    false,
  ],
] as const) {
  test(`parked interpreters: ${line}: warm`, () => {
    assert.deepEqual(choose(line), { language: 'node', command, isNamed })
  })
}

for (const [line, reason] of [
  ['#!/usr/bin/node --inspect', /option --inspect/],
  ['#!/usr/bin/node -r x.cjs', /option -r x\.cjs/],
  ['#!/usr/bin/node --no-warnings --no-deprecation', /has the option --no-warnings --no-deprecation/],
  ['#!/usr/bin/env node --no-warnings', /env more than a name/],
  ['#!/usr/bin/env -S node --import ./x.mjs', /env more than a name/],
  ['#!/usr/bin/env -S A=1 node', /env more than a name/],
  ['#!/usr/bin/env -i node', /env more than a name/],
] as const) {
  test(`parked interpreters: ${line}: started afresh, and people are told`, () => {
    const choice = choose(line)
    assert.match(choice !== undefined && 'reason' in choice ? choice.reason : 'none', reason)
  })
}

for (const line of [
  '#!/bin/sh',
  '#!/usr/bin/deno',
  '#!/usr/bin/nodemon',
  '#!node',
  '#!/usr/bin/node\r',
  'no #! line',
]) {
  test(`parked interpreters: ${JSON.stringify(line)}: no concern of it`, () => {
    assert.equal(choose(line), undefined)
  })
}

test('parked interpreters: a script that is set-user-ID is started afresh', () => {
  assert.deepEqual(choose('#!/usr/bin/node', 0o4755), { reason: 'it is set-user-ID or set-group-ID' })
})

test('parked interpreters: what waits has no variable of a request', () => {
  const lasting = ['PATH=/bin', 'NODE_ENV=production', 'SHOP=1']
  const ofRequest = ['REQUEST_METHOD=GET', 'HTTP_COOKIE=secret', 'REDIRECT_STATUS=200', 'TICKET=7']
  assert.deepEqual(launcherEnvironment('node', [...ofRequest, ...lasting], new Set(['TICKET'])), {
    environment: lasting,
  })
})

for (const entry of ['NODE_OPTIONS=--no-warnings', 'NODE_V8_COVERAGE=/tmp/x', 'NODE_DEBUG=http', 'NODE_CHANNEL_FD=3']) {
  test(`parked interpreters: ${entry} is for a Node that starts afresh`, () => {
    const name = entry.slice(0, entry.indexOf('='))
    assert.deepEqual(launcherEnvironment('node', ['PATH=/bin', entry]), { reason: `${name} is set` })
  })
}

test('parked interpreters: a script names built-in modules in its text, with their prefix or without', () => {
  using site = temporarySite({
    'plain.cjs': "#!/usr/bin/node\nrequire('crypto')\nimport('node:zlib')\n",
    'fetching.mjs': '#!/usr/bin/node\nawait fetch("http://localhost/")\n',
    'neither.mjs': '#!/usr/bin/node\nimport fs from "node:fs"\nconst cryptography = 1, prefetched = 2\n',
  })
  const named = (name: string): readonly string[] => modulesNamedBy(byteStringOfText(join(site.root, name)))
  assert.deepEqual(named('plain.cjs'), ['crypto', 'zlib'])
  assert.deepEqual(named('fetching.mjs'), ['fetch'])
  assert.deepEqual(named('neither.mjs'), [])
  assert.deepEqual(named('absent.mjs'), [])
})
