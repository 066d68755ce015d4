// What the cases need of a server: where it listens, and its log.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { owning } from '../../support/owning.ts'
import { temporarySite } from '../../support/temporary-site.ts'

export interface WsgiServer extends AsyncDisposable {
  readonly url: string
  /** Everything that it has written so far. */
  log(): string
}

/** What is told truly in environ. */
export interface Settings {
  readonly processes: number
  readonly threads: number
  /** The path at which the application is found, instead of /. */
  readonly mount?: string
}

export const settings: Readonly<Record<'threads' | 'mounted', Settings>> = {
  threads: { processes: 1, threads: 4 },
  mounted: { processes: 2, threads: 1, mount: '/mount' },
}

export type Start = (settings: Settings) => Promise<WsgiServer>

export const applications: string = fileURLToPath(new URL('../../../../test/wsgi/applications', import.meta.url))

/** Of every server, for env(1): with a variable of its own, which environ need not have. */
export const environment: readonly string[] = ['SERVER_OWN_SECRET=1', 'PYTHONDONTWRITEBYTECODE=1']

/** Python of the system's packages: they are where waitress is. */
export const systemPython = '/usr/bin/python3'

/** Another program may take the port between our look and the server's. */
const attempts = 3

/** `words`: the command, in the applications' folder, for the port. */
export async function startPeer(words: (port: number) => readonly string[]): Promise<WsgiServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(words, await freePort())
    } catch (error) {
      if (attempt === attempts) throw error
    }
  }
}

function startOnce(words: (port: number) => readonly string[], port: number): Promise<WsgiServer> {
  const all = ['-C', applications, ...environment, `PYTHONPATH=${applications}`, ...words(port)]
  return startLogged(all, async (server) => {
    await server.untilListening({ host: '127.0.0.1', port })
    return `http://127.0.0.1:${port}/`
  })
}

/** `words`: of env(1); `listening` waits until it does, and says where. */
export function startLogged(
  words: readonly string[],
  listening: (server: ServerProcess) => Promise<string>,
): Promise<WsgiServer> {
  return owning(async (own) => {
    const logFile = join(own(temporarySite()).root, 'log')
    const server = own(new ServerProcess({ command: 'env', args: words, logFile }))
    return {
      url: await listening(server),
      log: () => (existsSync(logFile) ? readFileSync(logFile, 'latin1') : ''),
    }
  })
}
