// The applications behind lighttpd's mod_scgi, over Unix sockets, and once more below /app.

import { join } from 'node:path'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { unprivilegedAccount } from '../../../bench/unprivileged-account.ts'
import { owning } from '../../support/owning.ts'
import { findProgram, missing } from '../../support/real-parts.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { startListening, type Listening } from './listening.ts'
import { playApplications, staged } from './play.ts'
import { addGates, type Way, type Ways } from './way.ts'

const mount = '/app'

interface Place {
  readonly port: number
  readonly application: Listening
}

const skip = missing('lighttpd')
const stage = staged(skip, () =>
  owning(async (own) => {
    const site = own(temporarySite())
    const gates = addGates(site)
    const places: Place[] = []
    for (const application of await startListening(own, site, 'scgi')) {
      places.push({ port: await freePort(), application })
    }
    const folder = join(site.root, 'lighttpd')
    const file = site.add('lighttpd/lighttpd.conf', settings(folder, places))
    const command = findProgram('lighttpd') ?? 'lighttpd'
    const args = ['-D', '-f', file]
    const server = own(new ServerProcess({ command, args, logFile: join(folder, 'output.log') }))
    for (const { port } of places) await server.untilListening({ host: '127.0.0.1', port })
    const waysAt = (at: string): Ways =>
      Object.fromEntries(
        places.map(({ port, application: { name, log } }): [string, Way] => [
          name,
          { base: `http://127.0.0.1:${port}${at}`, gateway: 'scgi', mount: at, gates, log },
        ]),
      )
    return { ways: waysAt(''), mounted: waysAt(mount) }
  }),
)

function settings(folder: string, places: readonly Place[]): string {
  const account = unprivilegedAccount()
  const sockets = places.map(
    ({ port, application: { socket } }) => `
$SERVER["socket"] == "127.0.0.1:${port}" {
  scgi.server = (
    "${mount}" => (("socket" => "${socket}", "check-local" => "disable")),
    "/" => (("socket" => "${socket}", "check-local" => "disable", "fix-root-scriptname" => "enable"))
  )
}`,
  )
  return `
server.modules = ("mod_scgi")
server.bind = "127.0.0.1"
server.port = ${places[0]?.port}
server.document-root = "${folder}"
${account ? `server.username = "${account.user}"\nserver.groupname = "${account.group}"` : ''}
# What a program writes is sent at once.
server.stream-response-body = 1
${sockets.join('\n')}
`
}

playApplications({ server: 'lighttpd SCGI', skip }, () => stage().ways)
playApplications({ server: 'lighttpd SCGI below a mount', skip }, () => stage().mounted)
