// Whether a web server's own account can start what we have built.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { unprivilegedAccount } from '../../../bench/unprivileged-account.ts'

export const builtFolder: string = fileURLToPath(new URL('../../../../dist', import.meta.url))

/** For a test's `skip`: it must be able to read it, which it is not where the tests lie in root's home. */
export function unstartable(): string | false {
  const account = unprivilegedAccount()
  if (account === undefined) return false
  const become = [`--reuid=${account.user}`, `--regid=${account.group}`, '--clear-groups']
  const { status } = spawnSync('setpriv', [...become, process.execPath, `${builtFolder}/cli/main.js`, '--version'])
  return status === 0 ? false : `${account.user} cannot run ${builtFolder}/cli/main.js`
}
