// waitress: one process, otherwise as it comes.

import { startPeer, systemPython, type Settings, type WsgiServer } from './server.ts'

export function startWaitress({ threads, mount }: Settings): Promise<WsgiServer> {
  return startPeer((port) => [
    systemPython,
    '-mwaitress',
    `--listen=127.0.0.1:${port}`,
    `--threads=${threads}`,
    ...(mount === undefined ? [] : [`--url-prefix=${mount}`]),
    'main:application',
  ])
}
