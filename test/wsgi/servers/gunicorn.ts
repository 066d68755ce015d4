// gunicorn with its threaded worker, otherwise as it comes.

import { findProgram } from '../../support/real-parts.ts'
import { startPeer, type Settings, type WsgiServer } from './server.ts'

export function startGunicorn({ processes, threads, mount }: Settings): Promise<WsgiServer> {
  return startPeer((port) => [
    ...(mount === undefined ? [] : [`SCRIPT_NAME=${mount}`]),
    findProgram('gunicorn') ?? 'gunicorn',
    `--bind=127.0.0.1:${port}`,
    `--workers=${processes}`,
    `--threads=${threads}`,
    'main:application',
  ])
}
