/** Postern itself, by its command, as anybody would run it in production. */
import { join } from 'node:path'
import { posternCommand } from '../../places.ts'
import { ServerProcess } from '../../server-process.ts'
import { postern } from '../postern.ts'
import { running } from '../running.ts'
import { missingPythonModule, processes, python, type WsgiPeer } from './wsgi-peer.ts'

export const posternWsgi: WsgiPeer = {
  name: postern.name,
  unavailable: () => postern.unavailable() ?? missingPythonModule('ctypes'),
  version: () => postern.version(),
  async start({ folder, module, threads, scratch }) {
    const server = new ServerProcess({
      command: process.execPath,
      args: [
        [posternCommand, 'wsgi', `${module}:application`, '--chdir', folder, '--python', python],
        ['--workers', String(processes), '--threads', String(threads)],
        ['--host', '127.0.0.1', '--port', '0', '--prod', '--access-log', 'off'],
      ].flat(),
      logFile: join(scratch, 'output.log'),
    })
    return running(await server.untilAnnounced(), server)
  },
}
