// What is wrong with a handler or its options is shown where its author wrote it, and not where `postern/app` found it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { cgi, createGateway } from '../../src/index.ts'
import { temporarySite } from '../support/temporary-site.ts'
import { warmth } from '../warm/warmth.ts'

const app = fileURLToPath(new URL('../../../dist/bundled/app.js', import.meta.url))
const opening = `#!/usr/bin/env node\nimport { serve } from ${JSON.stringify(app)}\n`
const answer = "() => new Response('x')"

/** Each begins at line 3. */
const wrong: Readonly<Record<string, { readonly text: string; readonly line: number; readonly says: RegExp }>> = {
  'no handler': { text: 'await serve(undefined)\n', line: 3, says: /TypeError: serve\(\) got undefined/ },
  'an empty object': { text: '\n\nserve({})\n', line: 5, says: /TypeError: serve\(\) got an object/ },
  'within a function': {
    text: 'function main() {\n  return serve({ fetch: 7 })\n}\nawait main()\n',
    line: 4,
    says: /TypeError: serve\(\) got an object/,
  },
  'no such option': { text: `serve(${answer}, { maxBdoy: '1M' })\n`, line: 3, says: /no option maxBdoy/ },
  'a limit that is none, awaited by nobody': {
    text: `\nserve(${answer}, { maxBody: 'much' })\n`,
    line: 4,
    says: /maxBody is a size .* not "much"/,
  },
  'a proxy that is none, awaited by nobody': {
    text: `serve(${answer}, { trustedProxies: ['here'] })\n`,
    line: 3,
    says: /a trusted proxy is an address/,
  },
  'a throw as it is imported': {
    text: 'const of = null\nserve(of.handler)\n',
    line: 4,
    says: /TypeError: Cannot read/,
  },
}

for (const mode of ['off', 'on'] as const) {
  for (const [name, { text, line, says }] of Object.entries(wrong)) {
    test(`Postern: ${name}: the page and the log name line ${line} of the script (warm ${mode})`, async () => {
      using site = temporarySite({ 'my scripts/app.mjs': opening + text })
      const path = `${site.root}/my scripts/app.mjs`
      const causes: string[] = []
      const started: boolean[] = []
      const gateway = createGateway({
        dev: true,
        observe: (event) => {
          if (event.type === 'program-started') started.push(event.isWarm)
          if (event.type === 'script-failed') causes.push(`${event.diagnosis.cause} ${event.diagnosis.mend}`)
        },
        routes: [{ path: '/', to: cgi(`${site.root}/my scripts`, warmth(mode)) }],
      })
      await using _ = gateway
      const pages: string[] = []
      // A process that waits is there once a request has missed one.
      while (started.at(-1) !== (mode === 'on') && pages.length < 100) {
        const response = await gateway.fetch(new Request('http://localhost/app.mjs'))
        assert.equal(response.status, 502)
        pages.push(await response.text())
      }
      assert.equal(started.at(-1), mode === 'on')
      assert.match(causes.at(-1) ?? '', says)
      assert.ok(causes.at(-1)?.startsWith(`Line ${line} of ${path} threw `), causes.at(-1))
      assert.ok(causes.at(-1)?.includes(`+${line} '${path}'`), causes.at(-1))
      assert.ok(pages.at(-1)?.includes(`Line ${line} of ${path} threw `))
    })
  }
}
