// `postern wsgi`, as its user has it.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ServerProcess } from '../../../bench/server-process.ts'
import { applications, ownVariable, type Settings, type WsgiServer } from './server.ts'

const command = fileURLToPath(new URL('../../../../dist/cli/main.js', import.meta.url))

/** `more`: further words of the command. */
export async function startPostern(
  { processes, threads, mount }: Settings,
  more: readonly string[] = [],
  application: string = 'main:application',
): Promise<WsgiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-wsgi-'))
  const logFile = join(folder, 'log')
  const words = ['wsgi', application, '--port', '0', '--prod', '--chdir', applications]
  const server = new ServerProcess({
    command: 'env',
    args: [`${ownVariable}=1`, 'PYTHONDONTWRITEBYTECODE=1', process.execPath, command, ...words].concat(
      ['--workers', String(processes), '--threads', String(threads)],
      mount === undefined ? [] : ['--mount', mount],
      more,
    ),
    logFile,
  })
  const dispose = async (): Promise<void> => {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return {
      url: await server.untilAnnounced(),
      log: () => (existsSync(logFile) ? readFileSync(logFile, 'latin1') : ''),
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}
