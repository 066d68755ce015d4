// What the cases need of a server: where it listens, and its log.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'

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

/** A variable of the server's own environment, which environ need not have. */
export const ownVariable = 'SERVER_OWN_SECRET'

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

async function startOnce(words: (port: number) => readonly string[], port: number): Promise<WsgiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-wsgi-'))
  const logFile = join(folder, 'log')
  const environment = [`${ownVariable}=1`, 'PYTHONDONTWRITEBYTECODE=1', `PYTHONPATH=${applications}`]
  const server = new ServerProcess({
    command: 'env',
    args: ['-C', applications, ...environment, ...words(port)],
    logFile,
  })
  const dispose = async (): Promise<void> => {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await server.untilListening({ host: '127.0.0.1', port })
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    url: `http://127.0.0.1:${port}/`,
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'latin1') : ''),
    [Symbol.asyncDispose]: dispose,
  }
}
