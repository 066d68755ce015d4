/** One php-fpm for all servers that are compared, so that PHP itself is the same for each of them. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findCommand, missingCommand } from './find-command.ts'
import { ServerProcess } from './server-process.ts'
import { unprivilegedAccount } from './unprivileged-account.ts'

/** Debian gives the command the version's name. */
const names = ['php-fpm', 'php-fpm8.4', 'php-fpm8.3', 'php-fpm8.2', 'php-fpm8.1', 'php-fpm7.4']

export interface PhpFpm extends AsyncDisposable {
  /** The path of its Unix socket. */
  readonly socket: string
}

export function phpFpmUnavailable(): string | undefined {
  return findCommand(...names) === undefined ? (missingCommand('php-fpm') ?? 'php-fpm is not installed') : undefined
}

/** Undefined where it is not installed. */
export async function startPhpFpm(scratch: string): Promise<PhpFpm | undefined> {
  const command = findCommand(...names)
  if (command === undefined) return undefined
  const socket = join(scratch, 'php.sock')
  const file = join(scratch, 'php-fpm.conf')
  await writeFile(file, settings(scratch, socket))
  const asRoot = process.getuid?.() === 0 ? ['--allow-to-run-as-root'] : []
  const server = new ServerProcess({
    command,
    args: ['--nodaemonize', '--no-php-ini', '--fpm-config', file, ...asRoot],
    logFile: join(scratch, 'output.log'),
  })
  try {
    await server.untilListening({ path: socket })
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
  return { socket, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

/** A child for every connection that any server may keep, so that none waits for another's. */
function settings(scratch: string, socket: string): string {
  const account = unprivilegedAccount()
  return `
[global]
error_log = ${scratch}/error.log
[bench]
${account ? `user = ${account.user}\ngroup = ${account.group}` : ''}
listen = ${socket}
listen.mode = 0666
listen.backlog = 511
pm = static
pm.max_children = 40
`
}
