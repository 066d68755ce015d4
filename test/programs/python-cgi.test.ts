// Scripts on a Python without `cgi`, through the whole gateway. The Python is one in name only: it says that it lacks
// the modules, and as a script's interpreter it shows PYTHONPATH.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cgi, createGateway } from '../../src/index.ts'
import type { ScriptOptions } from '../../src/config/options.ts'
import { launchersFolder } from '../../src/transport/launcher-files.ts'
import { temporarySite } from '../support/temporary-site.ts'

const python = `#!/bin/sh
[ "$1" = -E ] && echo lacking && exit
printf 'Content-Type: text/plain\\n\\n%s' "$PYTHONPATH"
`

async function pythonPath(options: ScriptOptions = {}): Promise<string> {
  using site = temporarySite({ 'bin/python3': python })
  const script = site.add('a.cgi', '#!/usr/bin/env python3\nimport cgi\n')
  const env = { PATH: `${site.root}/bin:/usr/bin:/bin`, ...options.env }
  await using gateway = createGateway({ routes: [{ path: '/', to: cgi({ script }, { ...options, env }) }] })
  const answer = await gateway.fetch(new Request('http://localhost/'))
  // Before the gateway is disposed of, which ends the script.
  return await answer.text()
}

test('python-cgi: a script finds the modules, behind a PYTHONPATH of its own', async () => {
  const folder = `${launchersFolder()}/python-cgi`
  assert.equal(await pythonPath(), folder)
  assert.equal(await pythonPath({ env: { PYTHONPATH: '/srv/lib' } }), `/srv/lib:${folder}`)
})

test('python-cgi: off', async () => {
  assert.equal(await pythonPath({ pythonCgi: 'off' }), '')
})
