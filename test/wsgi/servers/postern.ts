// `postern wsgi`, as its user has it.

import { fileURLToPath } from 'node:url'
import { applications, environment, startLogged, type Settings, type WsgiServer } from './server.ts'

const command = fileURLToPath(new URL('../../../../dist/cli/main.js', import.meta.url))

/** `more`: further words of the command. */
export function startPostern(
  { processes, threads, mount }: Settings,
  more: readonly string[] = [],
  application: string = 'main:application',
): Promise<WsgiServer> {
  const words = ['wsgi', application, '--port', '0', '--prod', '--chdir', applications]
  const all = [...environment, process.execPath, command, ...words].concat(
    ['--workers', String(processes), '--threads', String(threads)],
    mount === undefined ? [] : ['--mount', mount],
    more,
  )
  return startLogged(all, (server) => server.untilAnnounced())
}
