// lighttpd with mod_cgi: every `.cgi` file of a folder is run.

import { readFileSync } from 'node:fs'
import { freePort } from '../../bench/free-port.ts'
import { ServerProcess } from '../../bench/server-process.ts'
import { lighttpdCommand } from '../support/lighttpd.ts'
import { owning } from '../support/owning.ts'
import { temporarySite } from '../support/temporary-site.ts'

export interface CgiServer extends AsyncDisposable {
  readonly url: string
  log(): string
}

export function startLighttpd(site: string): Promise<CgiServer> {
  return owning(async (own) => {
    const port = await freePort()
    const lines = 'mimetype.assign = (".css" => "text/css")\ncgi.assign = (".cgi" => "")'
    const command = lighttpdCommand(own(temporarySite()).root, { port, modules: ['cgi'], root: site, lines })
    const server = own(new ServerProcess(command))
    await server.untilListening({ host: '127.0.0.1', port })
    return { url: `http://127.0.0.1:${port}/`, log: () => readFileSync(command.logFile, 'utf8') }
  })
}
