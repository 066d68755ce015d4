// lighttpd in the foreground, with all its files in a folder of its own.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerCommand } from '../../bench/server-process.ts'
import { unprivilegedAccount } from '../../bench/unprivileged-account.ts'
import { findProgram } from './real-parts.ts'

export interface LighttpdSettings {
  readonly port: number
  /** Without `mod_`. */
  readonly modules: readonly string[]
  /** Its own folder, if absent. */
  readonly root?: string
  readonly lines: string
}

/** Writes the settings into `folder`; its log is `output.log`. */
export function lighttpdCommand(
  folder: string,
  { port, modules, root = folder, lines }: LighttpdSettings,
): ServerCommand {
  const account = unprivilegedAccount()
  const file = join(folder, 'lighttpd.conf')
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    file,
    `
server.modules = (${modules.map((name) => `"mod_${name}"`).join(', ')})
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${root}"
${account ? `server.username = "${account.user}"\nserver.groupname = "${account.group}"` : ''}
# What a program writes is sent at once.
server.stream-response-body = 1
${lines}
`,
  )
  const logFile = join(folder, 'output.log')
  return { command: findProgram('lighttpd') ?? 'lighttpd', args: ['-D', '-f', file], logFile }
}
