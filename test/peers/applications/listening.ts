// The applications as programs that were started before, and that web servers ask over Unix sockets.

import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ServerProcess } from '../../../bench/server-process.ts'
import type { Own } from '../../support/owning.ts'
import type { TemporarySite } from '../../support/temporary-site.ts'
import { sourceOf } from './programs.ts'
import { applicationNames, type ApplicationName } from './way.ts'

export type ProtocolName = 'fastcgi' | 'scgi' | 'uwsgi'

export interface Listening {
  readonly name: ApplicationName
  /** The path of its socket. */
  readonly socket: string
  readonly log: () => string
}

export async function startListening(own: Own, site: TemporarySite, protocol: ProtocolName): Promise<Listening[]> {
  const listening = applicationNames.map((name) => {
    const socket = join(site.root, `${name}-${protocol}.sock`)
    const logFile = site.add(`${name}-${protocol}.log`, '')
    const args = [sourceOf(name), '--listen', `${protocol}:unix:${socket}`]
    const server = own(new ServerProcess({ command: process.execPath, args, logFile }))
    return { name, socket, server, log: () => readFileSync(logFile, 'utf8') }
  })
  for (const { server, socket } of listening) {
    await server.untilListening({ path: socket })
    // The web server's account is another.
    chmodSync(socket, 0o666)
  }
  return listening
}
