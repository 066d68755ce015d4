// nginx in the foreground, with all its files in a folder of its own.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerCommand } from '../../bench/server-process.ts'
import { unprivilegedAccount } from '../../bench/unprivileged-account.ts'
import { findProgram } from './real-parts.ts'

/** Writes the settings into `folder`; its log is `error.log`. `parts`: what stands in the block `http`. */
export function nginxCommand(folder: string, parts: readonly string[]): ServerCommand {
  const account = unprivilegedAccount()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const file = join(folder, 'nginx.conf')
  const log = join(folder, 'error.log')
  mkdirSync(join(folder, 'temp'), { recursive: true })
  writeFileSync(
    file,
    `
daemon off;
worker_processes 1;
${account ? `user ${account.user} ${account.group};` : ''}
pid ${folder}/nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  error_log ${log} warn;
  ${temporary.map((name) => `${name}_temp_path ${folder}/temp/${name};`).join('\n  ')}
  ${parts.join('\n  ')}
}
`,
  )
  return {
    command: findProgram('nginx') ?? 'nginx',
    args: ['-p', folder, '-e', log, '-c', file],
    logFile: join(folder, 'output.log'),
  }
}
