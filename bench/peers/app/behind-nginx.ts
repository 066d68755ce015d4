/** An application in TypeScript behind nginx over a Unix socket, asked by a protocol that keeps connections where it can. */
import { join } from 'node:path'
import { missingCommand } from '../../find-command.ts'
import { programsFolder } from '../../places.ts'
import { nginxVersion, startBehindNginx, type NginxFront } from '../nginx-front.ts'
import type { Peer } from '../peer.ts'

type Protocol = 'fastcgi' | 'http' | 'scgi' | 'uwsgi'

export interface Application {
  readonly name: string
  readonly protocol: Protocol
  /** Of `programs/serve`. */
  readonly program: string
  /** The words that let it listen on a socket. */
  readonly words: (socket: string) => readonly string[]
  readonly version: () => string
}

export function behindNginx({ name, protocol, program, words, version }: Application): Peer {
  return {
    name,
    unavailable: () => missingCommand('nginx'),
    version: () => `${nginxVersion()} with ${version()}`,
    async start(site) {
      const scratch = await site.scratch(`app-${name}`)
      const socket = join(scratch, 'app.sock')
      const behind = {
        command: process.execPath,
        args: [join(programsFolder, 'serve', program), ...words(socket)],
        logFile: join(scratch, 'application.log'),
      }
      return startBehindNginx({ scratch, socket, behind, ...settings(protocol, socket) })
    },
  }
}

/** The same for all: what nginx's own files of parameters have, bodies as they come, and connections kept where it can. */
function settings(protocol: Protocol, socket: string): Pick<NginxFront, 'server' | 'http'> {
  const directive = protocol === 'http' ? 'proxy' : protocol
  const kept: Readonly<Record<Protocol, string>> = {
    fastcgi: 'fastcgi_keep_conn on;',
    http: 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;',
    scgi: '',
    uwsgi: '',
  }
  const names = paramsOf(protocol).map(([key, value]) => `${protocol}_param ${key} ${value};`)
  const params = protocol === 'http' ? [] : names
  const keeps = kept[protocol] !== ''
  return {
    server: `
    client_max_body_size 0;
    location / {
      ${directive}_pass ${protocol === 'http' ? 'http://' : ''}application;
      ${kept[protocol]}
      ${directive}_max_temp_file_size 0;
      ${directive}_buffers 8 64k;
      ${directive}_busy_buffers_size 128k;
      ${params.join('\n      ')}
    }`,
    http: `upstream application { server unix:${socket}; ${keeps ? 'keepalive 32; keepalive_requests 1000000;' : ''} }`,
  }
}

/** As in nginx's own files of parameters; with PATH_INFO in all of them, as in `uwsgi_params`. */
function paramsOf(protocol: Protocol): readonly (readonly [string, string])[] {
  return [
    // By SCGI nginx says the length itself.
    protocol === 'scgi' ? ['SCGI', '1'] : ['CONTENT_LENGTH', '$content_length'],
    ['QUERY_STRING', '$query_string'],
    ['REQUEST_METHOD', '$request_method'],
    ['CONTENT_TYPE', '$content_type'],
    ['PATH_INFO', '$document_uri'],
    ['REQUEST_URI', '$request_uri'],
    ['DOCUMENT_ROOT', '$document_root'],
    ['SERVER_PROTOCOL', '$server_protocol'],
    ['REQUEST_SCHEME', '$scheme'],
    ['GATEWAY_INTERFACE', 'CGI/1.1'],
    ['SERVER_SOFTWARE', 'nginx/$nginx_version'],
    ['REMOTE_ADDR', '$remote_addr'],
    ['REMOTE_PORT', '$remote_port'],
    ['SERVER_ADDR', '$server_addr'],
    ['SERVER_PORT', '$server_port'],
    ['SERVER_NAME', '$server_name'],
  ]
}
