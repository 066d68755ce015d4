/** What a server of WSGI applications is to the benchmark: it is started for one application at a time. */
import { spawnSync } from 'node:child_process'
import { missingCommand } from '../../find-command.ts'
import type { RunningPeer } from '../peer.ts'

export interface WsgiPeer {
  /** As in `--peers` and in the tables. */
  readonly name: string
  /** Why the server cannot run here; undefined when it can. */
  unavailable(): string | undefined
  version(): string
  /** Serves the application at the root of a free port of 127.0.0.1, set up as its own manual says for speed. */
  start(setup: WsgiSetup): Promise<RunningPeer>
}

export interface WsgiSetup {
  /** Where the module is looked for; the application in it is called `application`. */
  readonly folder: string
  readonly module: string
  /** In each of the processes. */
  readonly threads: number
  /** The folder of the server's own files. */
  readonly scratch: string
}

/** Of every server that can have more than one. */
export const processes = 2

/** Debian's, which is the one that uWSGI's plugin holds: everyone runs the same interpreter with the same packages. */
export const python = '/usr/bin/python3'

export function missingPythonModule(name: string): string | undefined {
  const { status } = spawnSync(python, ['-c', `import ${name}`], { stdio: 'ignore' })
  return status === 0 ? undefined : `${python} has no ${name}`
}

export function missingUwsgi(): string | undefined {
  const missing = missingCommand('nginx', 'uwsgi')
  if (missing !== undefined) return missing
  const { status } = spawnSync('uwsgi', ['--need-plugin', 'python3', '--version'], { stdio: 'ignore' })
  return status === 0 ? undefined : 'uwsgi has no plugin python3'
}
