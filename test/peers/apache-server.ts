// Apache as its manual sets it up for programs: event MPM, mod_cgid, one ScriptAlias, everything in one folder of its own.

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../bench/free-port.ts'
import { ServerProcess } from '../../bench/server-process.ts'
import { unprivilegedAccount } from '../../bench/unprivileged-account.ts'
import { findProgram } from '../support/real-parts.ts'

export interface ApacheServer extends AsyncDisposable {
  readonly url: string
  /** Its error log, for a failing test's message. */
  log(): string
}

const moduleFolders = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules', '/usr/libexec/apache2']
/** What some builds have inside and others load. */
const optionalModules = ['unixd', 'log_config']
const modules = ['mpm_event', 'authz_core', 'mime', 'dir', 'autoindex', 'alias', 'cgid', 'env']
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

async function startOnce(site: string, port: number): Promise<ApacheServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-apache-'))
  chmodSync(folder, 0o755) // Its workers are another user's.
  const file = join(folder, 'httpd.conf')
  writeFileSync(file, settings(site, folder, port))
  writeFileSync(join(folder, 'mime.types'), mediaTypes)
  const log = join(folder, 'error.log')
  const server = new ServerProcess({
    command: findProgram('apache2') ?? 'apache2',
    args: ['-d', folder, '-f', file, '-DFOREGROUND'],
    logFile: join(folder, 'output.log'),
  })
  const dispose = async (): Promise<void> => {
    await server[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await server.untilListening({ host: '127.0.0.1', port })
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    url: `http://127.0.0.1:${port}/`,
    log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
    [Symbol.asyncDispose]: dispose,
  }
}

function settings(site: string, folder: string, port: number): string {
  const moduleFolder = moduleFolders.find((path) => existsSync(join(path, 'mod_cgid.so'))) ?? moduleFolders[0] ?? ''
  const loaded = modules.concat(optionalModules.filter((name) => existsSync(join(moduleFolder, `mod_${name}.so`))))
  const account = unprivilegedAccount()
  return `
${loaded.map((name) => `LoadModule ${name}_module ${join(moduleFolder, `mod_${name}.so`)}`).join('\n')}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
${account === undefined ? '' : `User ${account.user}\nGroup ${account.group}`}
PidFile ${folder}/httpd.pid
ScriptSock ${folder}/cgid.sock
DefaultRuntimeDir ${folder}
Mutex posixsem
ErrorLog ${folder}/error.log
LogLevel warn
StartServers 1
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
