// Apache as its manual sets it up for programs: event MPM, mod_cgid, one ScriptAlias, everything in one folder of its own.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../bench/free-port.ts'
import { ServerProcess } from '../../bench/server-process.ts'
import { apacheCommand } from '../support/apache.ts'
import { owning } from '../support/owning.ts'
import { temporarySite } from '../support/temporary-site.ts'

export interface ApacheServer extends AsyncDisposable {
  readonly url: string
  /** Its error log, for a failing test's message. */
  log(): string
}

const modules = ['mime', 'dir', 'autoindex', 'alias', 'cgid', 'env']
/** Few, so that the answers do not depend on the system's list. */
const mediaTypes = `
text/html html
text/plain txt
text/css css
application/json json
image/png png
application/gzip gz
`
/** Another program may take the port between our look and Apache's. */
const attempts = 3

export async function startApache(site: string): Promise<ApacheServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(site, await freePort())
    } catch (error) {
      if (attempt === attempts) throw error
    }
  }
}

function startOnce(site: string, port: number): Promise<ApacheServer> {
  return owning(async (own) => {
    const folder = own(temporarySite({ 'mime.types': mediaTypes })).root
    const log = join(folder, 'error.log')
    const server = own(new ServerProcess(apacheCommand(folder, modules, settings(site, folder, port))))
    await server.untilListening({ host: '127.0.0.1', port })
    return {
      url: `http://127.0.0.1:${port}/`,
      log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    }
  })
}

function settings(site: string, folder: string, port: number): string {
  return `
Listen 127.0.0.1:${port}
ScriptSock ${folder}/cgid.sock
TypesConfig ${folder}/mime.types
DocumentRoot ${site}
DirectoryIndex index.html index.htm index.cgi
ScriptAlias /cgi-bin/ ${site}/cgi-bin/
AddHandler cgi-script .cgi
<Directory ${site}>
  AllowOverride None
  Options FollowSymLinks ExecCGI
  Require all granted
</Directory>
<FilesMatch "^\\.ht">
  Require all denied
</FilesMatch>
`
}
