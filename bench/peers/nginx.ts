/** nginx in front of fcgiwrap, which is how CGI programs are run behind a server that has no CGI of its own. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { missingCommand, requireCommand, versionLine } from '../find-command.ts'
import { freePort } from '../free-port.ts'
import { ServerProcess } from '../server-process.ts'
import type { Site } from '../site.ts'
import { unprivilegedAccount } from '../unprivileged-account.ts'
import { requestsPerConnection, type Peer } from './peer.ts'

export const nginx: Peer = {
  name: 'nginx',
  unavailable: () => missingCommand('nginx', 'fcgiwrap', 'spawn-fcgi'),
  version: () => `${versionLine(requireCommand('nginx'), '-v').replace('nginx version: ', '')} with fcgiwrap`,
  async start(site) {
    const scratch = await site.scratch('nginx')
    const port = await freePort()
    await mkdir(join(scratch, 'temp'))
    await writeFile(join(scratch, 'nginx.conf'), settings(site, scratch, port))
    const wrap = startFcgiwrap(scratch)
    const server = new ServerProcess({
      command: requireCommand('nginx'),
      args: ['-p', scratch, '-e', `${scratch}/error.log`, '-c', join(scratch, 'nginx.conf')],
      logFile: join(scratch, 'output.log'),
    })
    const end = async (): Promise<void> => {
      await server[Symbol.asyncDispose]()
      await wrap[Symbol.asyncDispose]()
    }
    try {
      await wrap.untilListening({ path: `${scratch}/fcgiwrap.sock` })
      await server.untilListening({ host: '127.0.0.1', port })
    } catch (error) {
      await end()
      throw error
    }
    return { url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: end }
  },
}

/** Eight processes, one for each connection of the load: a ninth program at once is never asked for. */
function startFcgiwrap(scratch: string): ServerProcess {
  const account = unprivilegedAccount()
  const accountArgs = account ? ['-u', account.user, '-g', account.group] : []
  return new ServerProcess({
    command: requireCommand('spawn-fcgi'),
    args: ['-n', '-s', `${scratch}/fcgiwrap.sock`, '-M', '0666', ...accountArgs].concat([
      '--',
      requireCommand('fcgiwrap'),
      '-c',
      '8',
    ]),
    logFile: join(scratch, 'fcgiwrap.log'),
  })
}

function settings({ folder, php }: Site, scratch: string, port: number): string {
  const account = unprivilegedAccount()
  return `
daemon off;
worker_processes 2;
${account ? `user ${account.user} ${account.group};` : ''}
pid ${scratch}/nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  error_log ${scratch}/error.log warn;
  client_body_temp_path ${scratch}/temp/body;
  proxy_temp_path ${scratch}/temp/proxy;
  fastcgi_temp_path ${scratch}/temp/fastcgi;
  uwsgi_temp_path ${scratch}/temp/uwsgi;
  scgi_temp_path ${scratch}/temp/scgi;
  types { text/html html; text/plain txt; }
  default_type application/octet-stream;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100;
  open_file_cache_valid 1s;
  keepalive_timeout 65;
  keepalive_requests ${requestsPerConnection};
  server {
    listen 127.0.0.1:${port};
    root ${folder};
    location /cgi-bin/ {
      fastcgi_pass unix:${scratch}/fcgiwrap.sock;
${params}
    }
    ${php === undefined ? '' : phpLocation}
  }
  ${php === undefined ? '' : phpUpstream(php)}
}
`
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
