// The applications that are fetch functions as plain CGI programs of Apache's mod_cgid: each request starts Node.

import { missing } from '../../support/real-parts.ts'
import { apacheModule } from '../../support/apache.ts'
import { startApache } from './apache.ts'
import { playApplications, staged } from './play.ts'
import { unreachable } from './programs.ts'

const skip = missing('apache2') || missing(apacheModule('cgid')) || unreachable()
const stage = staged(skip, () =>
  startApache('cgid', 'cgi', (folder) => `ScriptSock ${folder}/cgid.sock\nSetHandler cgi-script`),
)

playApplications({ server: 'Apache mod_cgid', skip, names: ['bare', 'hono'] }, () => stage().ways)
