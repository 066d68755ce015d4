/** nginx in front of fcgiwrap, which is how CGI programs are run behind a server that has no CGI of its own. */
import { join } from 'node:path'
import { missingCommand, requireCommand } from '../find-command.ts'
import type { ServerCommand } from '../server-process.ts'
import type { Site } from '../site.ts'
import { unprivilegedAccount } from '../unprivileged-account.ts'
import { nginxVersion, startBehindNginx, type NginxFront } from './nginx-front.ts'
import type { Peer } from './peer.ts'

export const nginx: Peer = {
  name: 'nginx',
  unavailable: () => missingCommand('nginx', 'fcgiwrap', 'spawn-fcgi'),
  version: () => `${nginxVersion()} with fcgiwrap`,
  async start(site) {
    const scratch = await site.scratch('nginx')
    const socket = join(scratch, 'fcgiwrap.sock')
    return startBehindNginx({ scratch, socket, behind: fcgiwrap(scratch, socket), ...settings(site, socket) })
  },
}

/** Eight processes, one for each connection of the load: a ninth program at once is never asked for. */
function fcgiwrap(scratch: string, socket: string): ServerCommand {
  const account = unprivilegedAccount()
  const accountArgs = account ? ['-u', account.user, '-g', account.group] : []
  return {
    command: requireCommand('spawn-fcgi'),
    args: ['-n', '-s', socket, '-M', '0666', ...accountArgs].concat(['--', requireCommand('fcgiwrap'), '-c', '8']),
    logFile: join(scratch, 'fcgiwrap.log'),
  }
}

function settings({ folder, php }: Site, socket: string): Pick<NginxFront, 'server' | 'http'> {
  return {
    server: `
    root ${folder};
    location /cgi-bin/ {
      fastcgi_pass unix:${socket};
${params}
    }
    ${php === undefined ? '' : phpLocation}`,
    http: php === undefined ? '' : phpUpstream(php),
  }
}

const params = `      fastcgi_param GATEWAY_INTERFACE CGI/1.1;
      fastcgi_param SERVER_SOFTWARE nginx;
      fastcgi_param SERVER_PROTOCOL $server_protocol;
      fastcgi_param SERVER_NAME $host;
      fastcgi_param SERVER_PORT $server_port;
      fastcgi_param REMOTE_ADDR $remote_addr;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param REQUEST_URI $request_uri;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param DOCUMENT_ROOT $document_root;
      fastcgi_param SCRIPT_NAME $fastcgi_script_name;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;`

/** Connections are kept, as its manual advises for speed; without that it makes about two thirds as many requests. */
const phpLocation = `location ~ \\.php$ {
      fastcgi_pass php;
      fastcgi_keep_conn on;
${params}
    }`

function phpUpstream(socket: string): string {
  return `upstream php { server unix:${socket}; keepalive 8; }`
}
