// Apache with the applications as its programs: plain CGI by mod_cgid, or FastCGI by mod_fcgid, which starts them itself.

import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { apacheCommand } from '../../support/apache.ts'
import { owning } from '../../support/owning.ts'
import { temporarySite } from '../../support/temporary-site.ts'
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
    mkdirSync(folder)
    // The sockets of mod_fcgid, made by the account of its processes.
    chmodSync(folder, 0o777)
    const log = join(folder, 'error.log')
    const lines = settings(folder, join(site.root, 'programs'), port, more(folder))
    const server = own(new ServerProcess(apacheCommand(folder, ['alias', module], lines)))
    await server.untilListening({ host: '127.0.0.1', port })
    const ways = applicationNames.map((name): [string, Way] => {
      const mount = `/cgi-bin/${name}.mjs`
      const base = `http://127.0.0.1:${port}${mount}`
      return [name, { base, gateway, mount, gates, log: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') }]
    })
    return { ways: Object.fromEntries(ways), pid: server.pid }
  })
}

function settings(folder: string, programs: string, port: number, more: string): string {
  return `
Listen 127.0.0.1:${port}
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
