// Apache in the foreground, with all its files in a folder of its own; and where its modules lie.

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerCommand } from '../../bench/server-process.ts'
import { unprivilegedAccount } from '../../bench/unprivileged-account.ts'
import { findProgram } from './real-parts.ts'

const folders = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules', '/usr/libexec/apache2']
/** What some builds have inside and others load. */
const builtIn = new Set(['unixd', 'log_config'])
const always = ['mpm_event', 'authz_core', 'unixd', 'log_config']

/** The module's file, there or not. */
export function apacheModule(name: string): string {
  const found = folders.map((folder) => join(folder, `mod_${name}.so`)).find((file) => existsSync(file))
  return found ?? `${folders[0]}/mod_${name}.so`
}

/** Writes the settings into `folder`, which is there; its log is `error.log`. `lines`: where it listens, and what it serves. */
export function apacheCommand(folder: string, modules: readonly string[], lines: string): ServerCommand {
  const account = unprivilegedAccount()
  const loaded = [...always, ...modules].filter((name) => !builtIn.has(name) || existsSync(apacheModule(name)))
  const file = join(folder, 'httpd.conf')
  writeFileSync(
    file,
    `
${loaded.map((name) => `LoadModule ${name}_module ${apacheModule(name)}`).join('\n')}
ServerName 127.0.0.1
${account === undefined ? '' : `User ${account.user}\nGroup ${account.group}`}
PidFile ${folder}/httpd.pid
DefaultRuntimeDir ${folder}
Mutex posixsem
ErrorLog ${folder}/error.log
LogLevel warn
StartServers 1
${lines}
`,
  )
  return {
    command: findProgram('apache2') ?? 'apache2',
    args: ['-d', folder, '-f', file, '-DFOREGROUND'],
    logFile: join(folder, 'output.log'),
  }
}
