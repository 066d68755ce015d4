// Fetch functions of the applications in the library's app(), which runs them in the embedding process.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { owning } from '../../support/owning.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { playApplications, staged } from './play.ts'
import { urlOf } from './programs.ts'
import { addGates, type ApplicationName, type Way, type Ways } from './way.ts'

const library = new URL('../../../../dist/index.js', import.meta.url).href
/** The others are no fetch functions. */
const names: readonly ApplicationName[] = ['bare', 'hono']

function embedding(name: ApplicationName, port: number): string {
  return `import { createServer } from 'node:http'
import { app, createGateway } from ${JSON.stringify(library)}
import handler from ${JSON.stringify(urlOf(name))}
const answer = typeof handler === 'function' ? handler : (request, context) => handler.fetch(request, context, context)
const gateway = createGateway({ routes: [{ path: '/', to: app(answer) }], observe: (event) => console.error(JSON.stringify(event)) })
createServer(gateway.node()).listen(${port}, '127.0.0.1')
`
}

const stage = staged(false, () =>
  owning(async (own) => {
    const site = own(temporarySite())
    const gates = addGates(site)
    const ways: Record<string, Way> = {}
    for (const name of names) {
      const port = await freePort()
      const logFile = site.add(`${name}.log`, '')
      const program = site.add(`${name}.mjs`, embedding(name, port))
      // What the application serves by itself is of no interest here.
      const args = [`POSTERN_LISTEN=http:unix:${join(site.root, `${name}.sock`)}`, process.execPath, program]
      const server = own(new ServerProcess({ command: 'env', args, logFile }))
      await server.untilListening({ host: '127.0.0.1', port })
      const log = (): string => readFileSync(logFile, 'utf8')
      ways[name] = { base: `http://127.0.0.1:${port}`, gateway: 'http', mount: '', gates, log }
    }
    return { ways: ways satisfies Ways }
  }),
)

playApplications({ server: 'postern app()', skip: false, names }, () => stage().ways)
