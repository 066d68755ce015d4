/** lighttpd with mod_cgi, two workers. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { missingCommand, requireCommand, versionLine } from '../find-command.ts'
import { freePort } from '../free-port.ts'
import { ServerProcess } from '../server-process.ts'
import type { Site } from '../site.ts'
import { unprivilegedAccount } from '../unprivileged-account.ts'
import { requestsPerConnection, type Peer } from './peer.ts'
import { runningAt } from './running.ts'

export const lighttpd: Peer = {
  name: 'lighttpd',
  unavailable: () => missingCommand('lighttpd'),
  version: () => versionLine(requireCommand('lighttpd'), '-v'),
  async start(site) {
    const scratch = await site.scratch('lighttpd')
    const port = await freePort()
    const file = join(scratch, 'lighttpd.conf')
    await writeFile(file, settings(site, port))
    const server = new ServerProcess({
      command: requireCommand('lighttpd'),
      args: ['-D', '-f', file],
      logFile: join(scratch, 'output.log'),
    })
    return runningAt(port, server)
  },
}

function settings({ folder, php }: Site, port: number): string {
  const account = unprivilegedAccount()
  return `
server.modules = ( "mod_cgi", "mod_fastcgi" )
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${folder}"
server.max-worker = 2
server.max-keep-alive-requests = ${requestsPerConnection}
${account ? `server.username = "${account.user}"\nserver.groupname = "${account.group}"` : ''}
mimetype.assign = ( ".html" => "text/html", ".txt" => "text/plain", "" => "application/octet-stream" )
$HTTP["url"] =~ "^/cgi-bin/" {
  cgi.assign = ( "" => "" )
}
${php === undefined ? '' : `fastcgi.server = ( ".php" => (( "socket" => "${php}" )) )`}
`
}
