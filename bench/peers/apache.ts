/** Apache httpd with the event MPM and mod_cgid, the pair that its manual names for threaded servers. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findCommand, requireCommand, versionLine } from '../find-command.ts'
import { freePort } from '../free-port.ts'
import { ServerProcess } from '../server-process.ts'
import type { Site } from '../site.ts'
import { unprivilegedAccount } from '../unprivileged-account.ts'
import { requestsPerConnection, type Peer } from './peer.ts'
import { runningAt } from './running.ts'

const moduleFolders = [
  '/usr/lib/apache2/modules',
  '/usr/lib64/httpd/modules',
  '/usr/libexec/apache2',
  '/usr/local/apache2/modules',
]
/** What some builds have inside and others load. */
const optionalModules = ['unixd', 'log_config']
const modules = ['mpm_event', 'authz_core', 'mime', 'alias', 'cgid', 'proxy', 'proxy_fcgi']

export const apache: Peer = {
  name: 'apache',
  unavailable() {
    if (findCommand('apache2', 'httpd') === undefined) return 'apache2 is not installed'
    return findModules() === undefined ? `no mod_cgid.so in ${moduleFolders.join(', ')}` : undefined
  },
  version: () => versionLine(requireCommand('apache2', 'httpd'), '-v').replace('Server version: ', ''),
  async start(site) {
    const scratch = await site.scratch('apache')
    const port = await freePort()
    const file = join(scratch, 'httpd.conf')
    await writeFile(file, settings(site, scratch, port))
    const server = new ServerProcess({
      command: requireCommand('apache2', 'httpd'),
      args: ['-d', scratch, '-f', file, '-DFOREGROUND'],
      logFile: join(scratch, 'output.log'),
    })
    return runningAt(port, server)
  },
}

function findModules(): string | undefined {
  return moduleFolders.find((folder) => existsSync(join(folder, 'mod_cgid.so')))
}

function settings({ folder: site, php }: Site, scratch: string, port: number): string {
  const folder = findModules() ?? ''
  const account = unprivilegedAccount()
  const loaded = [...modules, ...optionalModules.filter((name) => existsSync(join(folder, `mod_${name}.so`)))]
  return `
${loaded.map((name) => `LoadModule ${name}_module ${join(folder, `mod_${name}.so`)}`).join('\n')}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
${account ? `User ${account.user}\nGroup ${account.group}` : ''}
PidFile ${scratch}/httpd.pid
ScriptSock ${scratch}/cgid.sock
DefaultRuntimeDir ${scratch}
Mutex posixsem
ErrorLog ${scratch}/error.log
LogLevel warn
TypesConfig /dev/null
AddType text/html .html
AddType text/plain .txt
KeepAlive On
MaxKeepAliveRequests ${requestsPerConnection}
EnableSendfile On
DocumentRoot ${site}
ScriptAlias /cgi-bin/ ${site}/cgi-bin/
<Directory ${site}>
  AllowOverride None
  Options FollowSymLinks
  Require all granted
</Directory>
${php === undefined ? '' : phpSettings(php)}
`
}

/** Connections are kept, as its manual advises for speed. */
function phpSettings(socket: string): string {
  return `
<Proxy "fcgi://php/" enablereuse=on max=8>
</Proxy>
<FilesMatch "\\.php$">
  SetHandler "proxy:unix:${socket}|fcgi://php/"
</FilesMatch>`
}
