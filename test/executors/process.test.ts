// The process executor with real programs.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { byteStringOf, byteStringOfText } from '../../src/bytes/byte-string.ts'
import { ProcessExecutor } from '../../src/executors/process.ts'
import { chooseSpawner } from '../../src/transport/spawner.ts'
import { temporarySite } from '../support/temporary-site.ts'

test('process: a program is told to end once, however many have a reason', async () => {
  using site = temporarySite({
    script: `#!/bin/sh\ntrap 'echo told >&2' TERM\necho ready\nwhile :; do sleep 0.02; done\n`,
  })
  await using executor = new ProcessExecutor({
    spawner: chooseSpawner().spawner,
    environment: new Map([['PATH', '/usr/bin:/bin']]),
    killGraceMs: 400,
    backgroundGraceMs: 100,
  })
  const reason = new AbortController()
  const program = { path: byteStringOfText(`${site.root}/script`), words: [], folder: byteStringOfText(site.root) }
  const request = { variables: new Map(), body: new Uint8Array(0), bodyLength: 0, program }
  const started = await executor.run(request, reason.signal)
  assert.ok(started.kind === 'running')
  const { running } = started
  let words = ''
  const listening = (async () => {
    for await (const chunk of running.diagnostics) words += byteStringOf(chunk)
  })()
  for await (const _ of running.output) break
  reason.abort()
  for (let time = 0; time < 3; time++) {
    await sleep(60)
    running.end()
  }
  assert.equal((await running.ending).signal, 'SIGKILL')
  await listening
  assert.equal(words.match(/^told$/gm)?.length, 1, words)
})
