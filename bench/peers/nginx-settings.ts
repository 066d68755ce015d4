/** nginx's settings for speed, the same for whatever it stands in front of. */
import { unprivilegedAccount } from '../unprivileged-account.ts'
import { requestsPerConnection } from './peer.ts'

export interface NginxSettings {
  /** Holds its files; its folder `temp` has to be there. */
  readonly scratch: string
  readonly port: number
  /** What stands in the block of the server. */
  readonly server: string
  /** What stands beside that block. */
  readonly http?: string
}

export function nginxSettings({ scratch, port, server, http = '' }: NginxSettings): string {
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
