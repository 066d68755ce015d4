// Postern behind a web server: one folder with the program, asked by every protocol over a Unix socket and over TCP.

import { chmodSync, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '../../../src/index.ts'
import type { TemporarySite } from '../../support/temporary-site.ts'
import { addGates } from './pair.ts'
import { programPath } from './programs.ts'

export type ProtocolName = 'fastcgi' | 'scgi' | 'uwsgi'

export interface PosternBehind extends AsyncDisposable {
  readonly gates: string
  /** The program's URL path. */
  readonly script: string
  unix(protocol: ProtocolName): string
  /** `127.0.0.1:PORT` */
  tcp(protocol: ProtocolName): string
}

const protocols = ['fastcgi', 'scgi', 'uwsgi'] as const

export const script = '/actions.cgi'

/** The folder that is served. */
export function addProgram(site: TemporarySite): string {
  const program = site.add(`served${script}`, '')
  copyFileSync(programPath('actions.py'), program)
  chmodSync(program, 0o755)
  return join(site.root, 'served')
}

export async function startPostern(site: TemporarySite): Promise<PosternBehind> {
  const unix = (protocol: ProtocolName): string => join(site.root, `${protocol}.sock`)
  const server = await serve(addProgram(site), {
    listen: protocols.flatMap((protocol) => [`${protocol}:unix:${unix(protocol)}`, `${protocol}:127.0.0.1:0`]),
    // The workers of web servers are another user's.
    socketMode: '0666',
    passAuthorization: true,
  })
  const tcp = (protocol: ProtocolName): string => {
    const address = server.addresses.find((one) => one.startsWith(`${protocol}:127.0.0.1:`))
    return address?.slice(protocol.length + 1) ?? ''
  }
  return { gates: addGates(site), script, unix, tcp, [Symbol.asyncDispose]: () => server.destroy() }
}
