// Orphans are given to the first process of a container, and to one that has asked for them. It waits for them, and for
// no child that somebody else waits for.

import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { loadNative } from '../../src/transport/native.ts'
import { missing } from '../support/real-parts.ts'

const program = fileURLToPath(new URL('./adopting-program.js', import.meta.url))
const native = loadNative()
const skip = 'reason' in native && native.reason

const firstProcess = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child']
/** prctl(PR_SET_CHILD_SUBREAPER, 1) outlives exec. */
const subreaper = [
  'python3',
  '-c',
  'import ctypes, os, sys; ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) and exit(1); os.execvp(sys.argv[1], sys.argv[1:])',
]

function cannot([name = '', ...words]: readonly string[]): string | false {
  return missing(name) || (spawnSync(name, [...words, 'true']).status !== 0 && `${name}: not allowed to`)
}

for (const [what, through] of [
  ['the first process', firstProcess],
  ['a process that has asked for orphans', subreaper],
] as const) {
  test(
    `orphans: ${what} reaps them, and takes no ending that somebody waits for`,
    { skip: skip || cannot(through), timeout: 90_000 },
    async () => {
      const [command, ...words] = [...through, process.execPath, program] as const
      const { stdout } = await promisify(execFile)(command, words, { timeout: 80_000 })
      assert.deepEqual(JSON.parse(stdout), { told: [3, 6, 7], zombies: 0 })
    },
  )
}
