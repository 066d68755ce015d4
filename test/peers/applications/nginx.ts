// nginx in front of the applications, by FastCGI or uwsgi over Unix sockets, with the parameters that its package brings.
// One port an application, and the same application once more below /app/.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { parameters } from '../../programs/frameworks/fronts.ts'
import { nginxCommand } from '../../support/nginx.ts'
import { owning } from '../../support/owning.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { startListening, type Listening } from './listening.ts'
import { addGates, type Way, type Ways } from './way.ts'

export interface NginxStage extends AsyncDisposable {
  readonly ways: Ways
  readonly mounted: Ways
}

const mount = '/app'

const protocols = {
  // What comes of an answer is sent at once, and connections are kept; a client that leaves is told of.
  fastcgi: {
    settings: 'fastcgi_buffering off; fastcgi_keep_conn on; fastcgi_ignore_client_abort off;',
    location: `${mount}/`,
    mounted: `fastcgi_split_path_info ^(${mount})(/.*)$; fastcgi_param PATH_INFO $fastcgi_path_info;`,
  },
  uwsgi: {
    settings: 'uwsgi_buffering off; uwsgi_ignore_client_abort off;',
    // Of a parameter that stands twice the last one counts.
    location: `~ ^${mount}(?<behind>/.*)$`,
    mounted: `uwsgi_param SCRIPT_NAME ${mount}; uwsgi_param PATH_INFO $behind;`,
  },
} as const

export function startNginx(protocol: keyof typeof protocols): Promise<NginxStage> {
  return owning(async (own) => {
    const site = own(temporarySite())
    const gates = addGates(site)
    const listening = await startListening(own, site, protocol)
    const places: { readonly port: number; readonly application: Listening }[] = []
    for (const application of listening) places.push({ port: await freePort(), application })
    const folder = join(site.root, 'nginx')
    const common = `include ${parameters(site, protocol)}; ${protocols[protocol].settings}`
    const upstreams = listening.map(({ name, socket }) => `upstream ${name} { server unix:${socket}; keepalive 4; }`)
    const servers = places.map(
      ({ port, application: { name } }) => `
  server {
    listen 127.0.0.1:${port};
    server_name 127.0.0.1;
    location / { ${common} ${protocol}_pass ${name}; }
    location ${protocols[protocol].location} { ${common} ${protocols[protocol].mounted} ${protocol}_pass ${name}; }
  }`,
    )
    const server = own(new ServerProcess(nginxCommand(folder, ['client_max_body_size 0;', ...upstreams, ...servers])))
    for (const { port } of places) await server.untilListening({ host: '127.0.0.1', port })
    const waysAt = (at: string): Ways =>
      Object.fromEntries(
        places.map(({ port, application }): [string, Way] => [
          application.name,
          {
            base: `http://127.0.0.1:${port}${at}`,
            gateway: protocol,
            mount: at,
            gates,
            // uwsgi has no standard error: its log is the application's own.
            log: protocol === 'fastcgi' ? () => readFileSync(join(folder, 'error.log'), 'utf8') : application.log,
          },
        ]),
      )
    return { ways: waysAt(''), mounted: waysAt(mount) }
  })
}
