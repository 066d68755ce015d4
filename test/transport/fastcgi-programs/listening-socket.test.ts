// The listening socket of a FastCGI program, made by both ways.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { byteStringOfText } from '../../../src/bytes/byte-string.ts'
import { listenAt } from '../../../src/transport/fastcgi-programs/listening-socket.ts'
import { loadNative } from '../../../src/transport/native.ts'
import { StartError } from '../../../src/transport/program-process.ts'
import { FallbackSpawner } from '../../../src/transport/spawn-fallback.ts'
import { NativeSpawner } from '../../../src/transport/spawn-native.ts'
import { missing } from '../../support/real-parts.ts'
import { temporarySite } from '../../support/temporary-site.ts'

const loaded = loadNative()
const native = 'native' in loaded ? loaded.native : undefined

const accepting = `#!/usr/bin/perl
open(my $listening, '+<&=', 0) or die;
while (accept(my $client, $listening)) { syswrite($client, "accepted by $$\\n"); close $client }
`

for (const [name, calls] of [
  ['native', native],
  ['without native', undefined],
] as const) {
  const skip = (name === 'native' && native === undefined ? 'no native calls here' : false) || missing('perl')
  test(
    `FastCGI 2.2: a program finds a listening socket as descriptor 0 and waits in accept (${name})`,
    {
      skip,
    },
    async () => {
      using site = temporarySite({ program: accepting })
      const path = `${site.root}/s.sock`
      const socket = await listenAt(calls, byteStringOfText(path))
      const spawner = calls === undefined ? new FallbackSpawner() : new NativeSpawner(calls)
      const process_ = await spawner.start({
        path: byteStringOfText(`${site.root}/program`),
        argv: ['program'],
        environment: ['PATH=/usr/bin:/bin'],
        cwd: '/',
        stdin: { fd: socket.fd },
        backgroundGraceMs: 0,
      })
      try {
        socket.close()
        for (let times = 0; times < 3; times++) {
          const client = connect(path)
          const [chunk]: Buffer[] = await once(client, 'data')
          assert.equal(String(chunk), `accepted by ${process_.pid}\n`)
          client.destroy()
        }
        assert.ok(existsSync(path))
      } finally {
        process.kill(process_.pid, 'SIGKILL')
        await process_.ending
      }
    },
  )

  test(`a listening socket that cannot be made is a StartError (${name})`, { skip }, async () => {
    await assert.rejects(listenAt(calls, '/nowhere/at/all/x.sock'), StartError)
    await assert.rejects(listenAt(calls, `/tmp/${'x'.repeat(200)}`), StartError)
  })
}
