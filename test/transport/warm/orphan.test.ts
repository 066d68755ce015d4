// A worker whose launcher is no more is somebody else's child, or nobody's; its end is seen all the same.

import { test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { loadNative } from '../../../src/transport/native.ts'
import { watchOrphan } from '../../../src/transport/warm/orphan.ts'

const loaded = loadNative()
const skip = 'reason' in loaded ? loaded.reason : !existsSync('/proc/self/stat') && 'needs /proc'

test('orphans: the end of a process that is no child of ours', { skip, timeout: 10_000 }, async () => {
  assert.ok('native' in loaded)
  const shell = spawn('sh', ['-c', 'sleep 0.3 >/dev/null & echo $!'])
  const [output]: Buffer[] = await once(shell.stdout, 'data')
  const since = performance.now()
  const ending = await watchOrphan(loaded.native, Number(String(output)))
  assert.ok(performance.now() - since > 100)
  assert.deepEqual([ending.exitCode, ending.signal], [null, 'unknown'])
})

test('orphans: a zombie that nobody waits for has ended', { skip, timeout: 10_000 }, async () => {
  assert.ok('native' in loaded)
  const keeper = spawn('perl', ['-e', '$| = 1; if (my $pid = fork) { print "$pid\\n"; sleep 20 } exit'])
  const [output]: Buffer[] = await once(keeper.stdout, 'data')
  await watchOrphan(loaded.native, Number(String(output)))
  keeper.kill('SIGKILL')
  await once(keeper, 'exit')
})
