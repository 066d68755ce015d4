/** nginx in front of fcgiwrap, which is how CGI programs are run behind a server that has no CGI of its own. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { missingCommand, requireCommand, versionLine } from '../find-command.ts'
import { freePort } from '../free-port.ts'
import { ServerProcess } from '../server-process.ts'
import type { Site } from '../site.ts'
import { unprivilegedAccount } from '../unprivileged-account.ts'
import { nginxSettings } from './nginx-settings.ts'
import type { Peer } from './peer.ts'

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
  return nginxSettings({
    scratch,
    port,
    server: `
    root ${folder};
    location /cgi-bin/ {
      fastcgi_pass unix:${scratch}/fcgiwrap.sock;
${params}
    }
    ${php === undefined ? '' : phpLocation}`,
    http: php === undefined ? '' : phpUpstream(php),
  })
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
