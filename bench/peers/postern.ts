/** Postern itself, by its command, as anybody would run it in production. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { versionLine } from '../find-command.ts'
import { posternCommand } from '../places.ts'
import { ServerProcess } from '../server-process.ts'
import type { Peer } from './peer.ts'
import { running } from './running.ts'

export const postern: Peer = {
  name: 'postern',
  unavailable: () => (existsSync(posternCommand) ? undefined : 'dist/cli/main.js is not built'),
  version: () => versionLine(process.execPath, posternCommand, '--version'),
  async start(site) {
    const scratch = await site.scratch('postern')
    const server = new ServerProcess({
      command: process.execPath,
      args: [posternCommand, 'serve', site.folder, '--host', '127.0.0.1', '--port', '0'].concat([
        '--prod',
        '--access-log',
        'off',
        ...(site.php === undefined ? [] : ['--php', `fastcgi:unix:${site.php}`]),
      ]),
      logFile: join(scratch, 'output.log'),
    })
    return running(await server.untilAnnounced(), server)
  },
}
