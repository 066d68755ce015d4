// Postern in front of an application server: a gateway that sends all of one route there.

import { join } from 'node:path'
import type { DestinationMaker } from '../../../src/index.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { startGateway } from '../../programs/gateway-server.ts'
import { temporarySite, type TemporarySite } from '../../support/temporary-site.ts'
import { owning } from '../../support/owning.ts'
import { addGates, type Pair, type Pairs } from './pair.ts'

export interface Application {
  readonly command: string
  readonly args: readonly string[]
  /** The Unix socket of it that is there last. */
  readonly socket: string
}

export interface ApplicationRoute {
  /** The program's URL path. */
  readonly script: string
  /** The route's prefix. Default: the script's path. */
  readonly path?: string
  readonly to: DestinationMaker
}

/** Starts the application, and a gateway with a route for each pair. */
export function startBehind(
  application: (site: TemporarySite) => Application | Promise<Application>,
  routes: (site: TemporarySite) => Readonly<Record<string, ApplicationRoute>>,
): Promise<Pairs> {
  return owning(async (own) => {
    const site = own(temporarySite())
    const gates = addGates(site)
    const { command, args, socket } = await application(site)
    const server = own(new ServerProcess({ command, args, logFile: join(site.root, 'application.log') }))
    await server.untilListening({ path: socket })
    const pairs: Record<string, Pair> = {}
    for (const [name, { script, path = script, to }] of Object.entries(routes(site))) {
      const gateway = own(await startGateway([{ path, to }]))
      pairs[name] = { url: gateway.url.slice(0, -1), script, gates, log: () => gateway.troubles.join('\n') }
    }
    return { pairs }
  })
}
