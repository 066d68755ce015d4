/** gunicorn by itself over HTTP: its plain workers, which answer one connection after another, or those with threads. */
import { join } from 'node:path'
import { versionLine } from '../../find-command.ts'
import { freePort } from '../../free-port.ts'
import { ServerProcess } from '../../server-process.ts'
import { runningAt } from '../running.ts'
import { missingPythonModule, processes, python, type WsgiPeer, type WsgiSetup } from './wsgi-peer.ts'

export const gunicorn: WsgiPeer = {
  name: 'gunicorn',
  unavailable: () => missingPythonModule('gunicorn'),
  version: () => versionLine(python, '-c', 'import gunicorn; print("gunicorn", gunicorn.__version__)'),
  async start(setup) {
    const port = await freePort()
    const server = new ServerProcess({
      command: python,
      args: ['-m', 'gunicorn', ...settings(setup, port), `${setup.module}:application`],
      logFile: join(setup.scratch, 'output.log'),
    })
    return runningAt(port, server)
  },
}

function settings({ folder, threads }: WsgiSetup, port: number): string[] {
  return [
    ['--bind', `127.0.0.1:${port}`],
    ['--chdir', folder],
    ['--workers', String(processes)],
    threads === 1 ? ['--worker-class', 'sync'] : ['--worker-class', 'gthread', '--threads', String(threads)],
    // Its manual: on a disk, the file by which a worker says that it lives may hold it up.
    ['--worker-tmp-dir', '/dev/shm'],
    ['--log-level', 'warning'],
  ].flat()
}
