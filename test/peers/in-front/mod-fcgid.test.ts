// Apache's mod_fcgid in front: it starts Postern itself, with the listening socket as descriptor 0 (FastCGI 2.2). A process
// answers one request at a time there.

import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../bench/free-port.ts'
import { ServerProcess } from '../../../bench/server-process.ts'
import { apacheCommand, apacheModule } from '../../support/apache.ts'
import { owning } from '../../support/owning.ts'
import { missing } from '../../support/real-parts.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { addGates, type Pairs } from '../pairs/pair.ts'
import { playPairs } from '../pairs/play.ts'
import { addProgram, script } from '../pairs/posterns.ts'
import { builtFolder, unstartable } from './startable.ts'

const command = join(builtFolder, 'cli/main.js')

playPairs({
  name: 'mod_fcgid in front',
  skip: missing('apache2', 'python3') || missing(apacheModule('fcgid')) || unstartable(),
  manners: {
    'starting Postern': {
      encodedSlash: [404],
      not: {
        tls: 'as with the others of Apache',
        cut: 'mod_fcgid puts a page of its own at the end of such an answer, and ends it in order',
      },
    },
  },
  start,
})

function start(): Promise<Pairs> {
  return owning(async (own) => {
    const site = own(temporarySite())
    const served = addProgram(site)
    const gates = addGates(site)
    const folder = join(site.root, 'front')
    const port = await freePort()
    const words = ['serve', served, '--listen', 'fastcgi:fd:0', '--pass-authorization']
    const wrapper = `#!/bin/sh\nexec ${[process.execPath, command, ...words].map((word) => `'${word}'`).join(' ')}\n`
    const lines = settings(folder, served, site.add('front/wrapper', wrapper), port)
    // mod_fcgid's sockets, and the account of its processes.
    chmodSync(folder, 0o777)
    const log = join(folder, 'error.log')
    const server = own(new ServerProcess(apacheCommand(folder, ['fcgid'], lines)))
    await server.untilListening({ host: '127.0.0.1', port })
    return {
      pairs: {
        'starting Postern': {
          url: `http://127.0.0.1:${port}`,
          script,
          gates,
          log: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
        },
      },
    }
  })
}

function settings(folder: string, served: string, wrapper: string, port: number): string {
  return `
Listen 127.0.0.1:${port}
AllowEncodedSlashes NoDecode
DocumentRoot ${served}
FcgidIPCDir ${folder}
FcgidProcessTableFile ${folder}/fcgid.table
FcgidMaxProcesses 2
FcgidMaxRequestLen 1073741824
FcgidOutputBufferSize 0
FcgidPassHeader Authorization
<Directory ${served}>
  Require all granted
  Options ExecCGI FollowSymLinks
  SetHandler fcgid-script
  FcgidWrapper ${wrapper} virtual
  CGIPassAuth On
</Directory>
`
}
