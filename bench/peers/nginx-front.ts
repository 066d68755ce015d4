/** nginx in front of a server that listens on a Unix socket: set up for speed, the same for whatever it stands before. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireCommand, versionLine } from '../find-command.ts'
import { freePort } from '../free-port.ts'
import { ServerProcess, type ServerCommand } from '../server-process.ts'
import { unprivilegedAccount } from '../unprivileged-account.ts'
import { requestsPerConnection, type RunningPeer } from './peer.ts'
import { runningAt } from './running.ts'

export interface NginxFront {
  /** Holds its files. */
  readonly scratch: string
  /** What it asks, and the socket on which that listens. */
  readonly behind: ServerCommand
  readonly socket: string
  /** What stands in the block of the server. */
  readonly server: string
  /** What stands beside that block. */
  readonly http?: string
}

export const nginxVersion = (): string => versionLine(requireCommand('nginx'), '-v').replace('nginx version: ', '')

export async function startBehindNginx(front: NginxFront): Promise<RunningPeer> {
  const { scratch } = front
  const port = await freePort()
  const file = join(scratch, 'nginx.conf')
  await mkdir(join(scratch, 'temp'))
  await writeFile(file, settings(front, port))
  const behind = new ServerProcess(front.behind)
  const nginx = new ServerProcess({
    command: requireCommand('nginx'),
    args: ['-p', scratch, '-e', `${scratch}/error.log`, '-c', file],
    logFile: join(scratch, 'output.log'),
  })
  try {
    await behind.untilListening({ path: front.socket })
    return await runningAt(port, nginx, behind)
  } catch (error) {
    await nginx[Symbol.asyncDispose]()
    await behind[Symbol.asyncDispose]()
    throw error
  }
}

function settings({ scratch, server, http = '' }: NginxFront, port: number): string {
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
    ${server}
  }
  ${http}
}
`
}
