// Web servers in front of an application that Postern serves: the settings of nginx and lighttpd.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { lighttpdCommand } from '../../support/lighttpd.ts'
import { nginxCommand } from '../../support/nginx.ts'
import type { Own } from '../../support/owning.ts'
import type { TemporarySite } from '../../support/temporary-site.ts'

export interface Sockets {
  readonly fastcgi: string
  readonly scgi: string
  readonly uwsgi: string
  /** `http://127.0.0.1:PORT` */
  readonly http: string
}

/** By the names of the ways: `http://127.0.0.1:PORT`. */
export type Urls = Readonly<Record<string, string>>

export async function startNginx(own: Own, site: TemporarySite, sockets: Sockets): Promise<Urls> {
  const folder = join(site.root, 'nginx')
  const ports = { http: 0, fastcgi: 0, scgi: 0, uwsgi: 0 }
  const servers: string[] = []
  for (const protocol of ['http', 'fastcgi', 'scgi', 'uwsgi'] as const) {
    const port = await freePort()
    ports[protocol] = port
    const passes =
      protocol === 'http'
        ? `proxy_pass ${sockets.http}; proxy_set_header Host $http_host; proxy_buffering off;`
        : `include ${parameters(site, protocol)}; ${protocol}_pass unix:${sockets[protocol]}; ${protocol}_buffering off;`
    servers.push(`server { listen 127.0.0.1:${port}; location / { ${passes} } }`)
  }
  const server = own(new ServerProcess(nginxCommand(folder, ['client_max_body_size 0;', ...servers])))
  await server.untilListening({ host: '127.0.0.1', port: ports.uwsgi })
  return {
    'http behind nginx': `http://127.0.0.1:${ports.http}`,
    'fastcgi behind nginx': `http://127.0.0.1:${ports.fastcgi}`,
    'scgi behind nginx': `http://127.0.0.1:${ports.scgi}`,
    'uwsgi behind nginx': `http://127.0.0.1:${ports.uwsgi}`,
  }
}

/** Those of the package say HTTP_HOST without its port, as newer ones do; and SCGI allows a name but once. */
export function parameters(site: TemporarySite, protocol: string): string {
  const text = readFileSync(`/etc/nginx/${protocol}_params`, 'utf8')
  return site.add(`nginx/${protocol}_params`, text.replace(/(\sHTTP_HOST\s+)\$host;/, '$1$host:$server_port;'))
}

export async function startLighttpd(own: Own, site: TemporarySite, sockets: Sockets): Promise<Urls> {
  const port = await freePort()
  const lines = `scgi.server = ("/" => (("socket" => "${sockets.scgi}", "check-local" => "disable", "fix-root-scriptname" => "enable")))`
  const folder = join(site.root, 'lighttpd')
  const server = own(new ServerProcess(lighttpdCommand(folder, { port, modules: ['scgi'], lines })))
  await server.untilListening({ host: '127.0.0.1', port })
  return { 'scgi behind lighttpd': `http://127.0.0.1:${port}` }
}
