// Applications in a folder of scripts: the second request gets a process that was started before there was one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { cgi, createGateway } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { warmth } from '../warm/warmth.ts'

const app = fileURLToPath(new URL('../../../dist/bundled/app.js', import.meta.url))
const script = `#!/usr/bin/env node
import { serve } from ${JSON.stringify(app)}
await serve(async (request, { variables, mount }) =>
  Response.json({
    url: request.url,
    said: request.headers.get('x-said'),
    own: variables.get('HTTP_X_SAID'),
    mount,
    body: await request.text(),
    environment: process.env.QUERY_STRING,
  }),
)
`

test('RFC 3875 4.1: an application in a process that waited has the variables of its own request, byte for byte, and none of another', async () => {
  using site = temporarySite({ 'scripts/app.mjs': script })
  const warmOnes: string[] = []
  const gateway = createGateway({
    observe: (event) => {
      if (event.type === 'program-started' && event.isWarm) warmOnes.push(event.id)
    },
    routes: [{ path: '/', to: cgi(`${site.root}/scripts`, warmth('on')) }],
  })
  await using _ = gateway
  for (let number = 0; number < 200 && warmOnes.length < 3; number++) {
    const init = number % 2 === 0 ? {} : { method: 'POST', body: `body ${number}` }
    // Not UTF-8.
    const headers = { 'X-Said': `caf\u00e9 ${number}` }
    const url = `http://www.example.org/app.mjs/p/${number}?n=${number}`
    const response = await gateway.fetch(new Request(url, { headers, ...init }))
    assert.equal(response.status, 200, await response.clone().text())
    assert.deepEqual(await response.json(), {
      url: `http://www.example.org/p/${number}?n=${number}`,
      said: headers['X-Said'],
      own: headers['X-Said'],
      mount: '/app.mjs',
      body: init.body ?? '',
      environment: `n=${number}`,
    })
    await sleep(100)
  }
  assert.ok(warmOnes.length >= 3, `${warmOnes.length} warm`)
})
