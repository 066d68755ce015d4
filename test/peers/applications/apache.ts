// Apache with the applications as its programs: plain CGI by mod_cgid, or FastCGI by mod_fcgid, which starts them itself.

import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { unprivilegedAccount } from '../../../bench/unprivileged-account.ts'
import { owning } from '../../support/owning.ts'
import { findProgram } from '../../support/real-parts.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { apacheModules } from '../pairs/apache-modules.ts'
import { addProgram } from './programs.ts'
import { addGates, applicationNames, type Way, type Ways } from './way.ts'

export interface ApacheStage extends AsyncDisposable {
  readonly ways: Ways
  readonly pid: number
}

/** `module`: what runs them; `more`: its settings, by the folder where it may write. */
export function startApache(
  module: 'cgid' | 'fcgid',
  gateway: Way['gateway'],
  more: (folder: string) => string,
): Promise<ApacheStage> {
  return owning(async (own) => {
    const site = own(temporarySite())
    const gates = addGates(site)
    for (const name of applicationNames) addProgram(site, `programs/${name}.mjs`, name)
    const port = await freePort()
    const folder = join(site.root, 'apache')
    const file = site.add(
      'apache/httpd.conf',
      settings(module, folder, join(site.root, 'programs'), port, more(folder)),
    )
    // The sockets of mod_fcgid, made by the account of its processes.
    chmodSync(folder, 0o777)
    const log = join(folder, 'error.log')
    const server = own(
      new ServerProcess({
        command: findProgram('apache2') ?? 'apache2',
        args: ['-d', folder, '-f', file, '-DFOREGROUND'],
        logFile: join(folder, 'output.log'),
      }),
    )
    await server.untilListening({ host: '127.0.0.1', port })
    const ways = applicationNames.map((name): [string, Way] => {
      const mount = `/cgi-bin/${name}.mjs`
      const base = `http://127.0.0.1:${port}${mount}`
      return [name, { base, gateway, mount, gates, log: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') }]
    })
    return { ways: Object.fromEntries(ways), pid: server.pid }
  })
}

function settings(module: string, folder: string, programs: string, port: number, more: string): string {
  const account = unprivilegedAccount()
  return `
${apacheModules(['mpm_event', 'authz_core', 'unixd', 'log_config', 'alias', module])}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
${account === undefined ? '' : `User ${account.user}\nGroup ${account.group}`}
PidFile ${folder}/httpd.pid
DefaultRuntimeDir ${folder}
Mutex posixsem
ErrorLog ${folder}/error.log
LogLevel warn
StartServers 1
AllowEncodedSlashes NoDecode
DocumentRoot ${folder}
Alias /cgi-bin/ ${programs}/
<Directory ${programs}>
  Require all granted
  Options ExecCGI
</Directory>
${more}
`
}
