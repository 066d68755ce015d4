/**
 * waitress by itself over HTTP. It has one process, whatever one asks for; to make up for that it gets all the threads
 * that the others have together.
 */
import { join } from 'node:path'
import { versionLine } from '../../find-command.ts'
import { freePort } from '../../free-port.ts'
import { ServerProcess } from '../../server-process.ts'
import { runningAt } from '../running.ts'
import { missingPythonModule, processes, python, type WsgiPeer } from './wsgi-peer.ts'

const tellVersion = 'from importlib.metadata import version; print("waitress", version("waitress"), "in one process")'

/** Its command, without a line in its log for every request that has to wait for a thread. */
const command =
  'import logging; logging.getLogger("waitress.queue").setLevel(logging.ERROR); from waitress.runner import run; run()'

export const waitress: WsgiPeer = {
  name: 'waitress',
  unavailable: () => missingPythonModule('waitress'),
  version: () => versionLine(python, '-c', tellVersion),
  async start({ folder, module, threads, scratch }) {
    const port = await freePort()
    const server = new ServerProcess({
      command: python,
      args: ['-c', command, `--listen=127.0.0.1:${port}`, `--threads=${threads * processes}`, `${module}:application`],
      folder,
      logFile: join(scratch, 'output.log'),
    })
    return runningAt(port, server)
  },
}
