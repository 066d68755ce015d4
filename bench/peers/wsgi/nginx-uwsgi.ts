/** nginx in front of uWSGI over a Unix socket, the way in which most large sites serve Python. */
import { join } from 'node:path'
import { requireCommand, versionLine } from '../../find-command.ts'
import { nginxVersion, startBehindNginx } from '../nginx-front.ts'
import { missingUwsgi, processes, type WsgiPeer, type WsgiSetup } from './wsgi-peer.ts'

export const nginxUwsgi: WsgiPeer = {
  name: 'nginx-uwsgi',
  unavailable: missingUwsgi,
  version: () => `${nginxVersion()} with uWSGI ${versionLine(requireCommand('uwsgi'), '--version')}`,
  start(setup) {
    const { scratch } = setup
    const socket = join(scratch, 'uwsgi.sock')
    const behind = {
      command: requireCommand('uwsgi'),
      args: uwsgiSettings(setup, socket),
      logFile: join(scratch, 'uwsgi.log'),
    }
    return startBehindNginx({ scratch, socket, behind, server: location(socket) })
  },
}

/** Its queue is longer than the load has connections. nginx, which may have dropped to another account, must reach it. */
function uwsgiSettings({ folder, module, threads }: WsgiSetup, socket: string): string[] {
  return [
    ['--plugin', 'python3', '--master', '--need-app', '--single-interpreter', '--die-on-term'],
    ['--socket', socket, '--chmod-socket=666', '--listen', '128'],
    ['--chdir', folder, '--module', `${module}:application`],
    ['--processes', String(processes)],
    threads === 1 ? [] : ['--threads', String(threads)],
    ['--disable-logging'],
  ].flat()
}

/**
 * Bodies go through as they come, both ways, in larger pieces than by default: about twice as fast as with the default,
 * which spools them to files first.
 */
function location(socket: string): string {
  return `
    client_max_body_size 0;
    client_body_buffer_size 1m;
    location / {
      uwsgi_pass unix:${socket};
      uwsgi_request_buffering off;
      uwsgi_max_temp_file_size 0;
      uwsgi_buffers 8 64k;
      uwsgi_busy_buffers_size 128k;
${params}
    }`
}

/** As nginx's own file `uwsgi_params` has them, apart from DOCUMENT_ROOT. */
const params = [
  ['QUERY_STRING', '$query_string'],
  ['REQUEST_METHOD', '$request_method'],
  ['CONTENT_TYPE', '$content_type'],
  ['CONTENT_LENGTH', '$content_length'],
  ['REQUEST_URI', '$request_uri'],
  ['PATH_INFO', '$document_uri'],
  ['SERVER_PROTOCOL', '$server_protocol'],
  ['REQUEST_SCHEME', '$scheme'],
  ['REMOTE_ADDR', '$remote_addr'],
  ['REMOTE_PORT', '$remote_port'],
  ['SERVER_PORT', '$server_port'],
  ['SERVER_NAME', '$server_name'],
]
  .map(([name, value]) => `      uwsgi_param ${name} ${value};`)
  .join('\n')
