// uWSGI as its manual's first page has it: its own HTTP router, and processes with the plugin for Python behind it.

import { findProgram } from '../../support/real-parts.ts'
import { startPeer, type Settings, type WsgiServer } from './server.ts'

export function startUwsgi({ processes, threads, mount }: Settings): Promise<WsgiServer> {
  return startPeer((port) => [
    findProgram('uwsgi') ?? 'uwsgi',
    '--plugin=http,python3',
    `--http=127.0.0.1:${port}`,
    '--pythonpath=.',
    '--master',
    '--die-on-term',
    '--need-app',
    `--processes=${processes}`,
    `--threads=${threads}`,
    ...(mount === undefined
      ? ['--module', 'main:application']
      : ['--manage-script-name', '--mount', `${mount}=main:application`]),
  ])
}
