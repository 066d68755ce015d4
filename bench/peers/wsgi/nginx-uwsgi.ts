/** nginx in front of uWSGI over a Unix socket, the way in which most large sites serve Python. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireCommand, versionLine } from '../../find-command.ts'
import { freePort } from '../../free-port.ts'
import { ServerProcess } from '../../server-process.ts'
import { nginxSettings } from '../nginx-settings.ts'
import { missingUwsgi, processes, type WsgiPeer, type WsgiSetup } from './wsgi-peer.ts'

export const nginxUwsgi: WsgiPeer = {
  name: 'nginx-uwsgi',
  unavailable: missingUwsgi,
  version() {
    const nginx = versionLine(requireCommand('nginx'), '-v').replace('nginx version: ', '')
    return `${nginx} with uWSGI ${versionLine(requireCommand('uwsgi'), '--version')}`
  },
  async start(setup) {
    const { scratch } = setup
    const port = await freePort()
    await mkdir(join(scratch, 'temp'))
    await writeFile(join(scratch, 'nginx.conf'), nginxSettings({ scratch, port, server: location(scratch) }))
    const application = new ServerProcess({
      command: requireCommand('uwsgi'),
      args: uwsgiSettings(setup),
      logFile: join(scratch, 'uwsgi.log'),
    })
    const server = new ServerProcess({
      command: requireCommand('nginx'),
      args: ['-p', scratch, '-e', `${scratch}/error.log`, '-c', join(scratch, 'nginx.conf')],
      logFile: join(scratch, 'output.log'),
    })
    const end = async (): Promise<void> => {
      await server[Symbol.asyncDispose]()
      await application[Symbol.asyncDispose]()
    }
    try {
      await application.untilListening({ path: `${scratch}/uwsgi.sock` })
      await server.untilListening({ host: '127.0.0.1', port })
    } catch (error) {
      await end()
      throw error
    }
    return { url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: end }
  },
}

/** Its queue is longer than the load has connections. nginx, which may have dropped to another account, must reach it. */
function uwsgiSettings({ folder, module, threads, scratch }: WsgiSetup): string[] {
  return [
    ['--plugin', 'python3', '--master', '--need-app', '--single-interpreter', '--die-on-term'],
    ['--socket', `${scratch}/uwsgi.sock`, '--chmod-socket=666', '--listen', '128'],
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
function location(scratch: string): string {
  return `
    client_max_body_size 0;
    client_body_buffer_size 1m;
    location / {
      uwsgi_pass unix:${scratch}/uwsgi.sock;
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
