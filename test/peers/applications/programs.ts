// The applications of test/app/applications as programs that a web server, or a test, starts.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { unprivilegedAccount } from '../../../bench/unprivileged-account.ts'
import type { TemporarySite } from '../../support/temporary-site.ts'
import type { ApplicationName } from './way.ts'

const sources = fileURLToPath(new URL('../../../../test/app/applications/', import.meta.url))

export function sourceOf(name: ApplicationName): string {
  return join(sources, `${name}.mjs`)
}

export function urlOf(name: ApplicationName): string {
  return pathToFileURL(sourceOf(name)).href
}

/** An executable file that is the application; of a name that does not end in `.mjs` Node takes it for CommonJS. */
export function addProgram(site: TemporarySite, path: string, name: ApplicationName): string {
  return site.add(path, `#!/usr/bin/env node\nimport(${JSON.stringify(urlOf(name))})\n`)
}

/** A web server's account starts programs: it must be able to read them, which it is not where we lie in root's home. */
export function unreachable(): string | false {
  const account = unprivilegedAccount()
  if (account === undefined) return false
  const become = [`--reuid=${account.user}`, `--regid=${account.group}`, '--clear-groups']
  const { status } = spawnSync('setpriv', [...become, process.execPath, '--check', sourceOf('bare')])
  return status === 0 ? false : `${account.user} cannot read ${sources}`
}
