// The applications behind lighttpd's mod_scgi, over Unix sockets, and once more below /app.

import { join } from 'node:path'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess, type ServerCommand } from '../../../bench/server-process.ts'
import { lighttpdCommand } from '../../support/lighttpd.ts'
import { owning } from '../../support/owning.ts'
import { missing } from '../../support/real-parts.ts'
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
    const server = own(new ServerProcess(configure(join(site.root, 'lighttpd'), places)))
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

function configure(folder: string, places: readonly Place[]): ServerCommand {
  const sockets = places.map(
    ({ port, application: { socket } }) => `
$SERVER["socket"] == "127.0.0.1:${port}" {
  scgi.server = (
    "${mount}" => (("socket" => "${socket}", "check-local" => "disable")),
    "/" => (("socket" => "${socket}", "check-local" => "disable", "fix-root-scriptname" => "enable"))
  )
}`,
  )
  return lighttpdCommand(folder, { port: places[0]?.port ?? 0, modules: ['scgi'], lines: sockets.join('\n') })
}

playApplications({ server: 'lighttpd SCGI', skip }, () => stage().ways)
playApplications({ server: 'lighttpd SCGI below a mount', skip }, () => stage().mounted)
