// The applications alone: they are HTTP servers themselves.

import { readFileSync } from 'node:fs'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { owning } from '../../support/owning.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { playApplications, staged } from './play.ts'
import { sourceOf } from './programs.ts'
import { addGates, applicationNames, type Way, type Ways } from './way.ts'

const stage = staged(false, () =>
  owning(async (own) => {
    const site = own(temporarySite())
    const gates = addGates(site)
    const started: { readonly name: string; readonly port: number; readonly server: ServerProcess; way: Way }[] = []
    for (const name of applicationNames) {
      const port = await freePort()
      const logFile = site.add(`${name}.log`, '')
      const args = [sourceOf(name), '--listen', `http:127.0.0.1:${port}`]
      const server = own(new ServerProcess({ command: process.execPath, args, logFile }))
      const log = (): string => readFileSync(logFile, 'utf8')
      started.push({
        name,
        port,
        server,
        way: { base: `http://127.0.0.1:${port}`, gateway: 'http', mount: '', gates, log },
      })
    }
    for (const { server, port } of started) await server.untilListening({ host: '127.0.0.1', port })
    const ways: Ways = Object.fromEntries(started.map(({ name, way }) => [name, way]))
    return { ways }
  }),
)

playApplications({ server: 'alone', skip: false }, () => stage().ways)
