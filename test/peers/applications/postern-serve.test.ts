// The applications under Postern itself: as CGI programs, and as FastCGI programs that it starts.

import { owning } from '../../support/owning.ts'
import { startServer } from '../../support/server-process.ts'
import { temporarySite } from '../../support/temporary-site.ts'
import { playApplications, staged } from './play.ts'
import { addProgram } from './programs.ts'
import { addGates, applicationNames, type Way, type Ways } from './way.ts'

const stage = staged(false, () =>
  owning(async (own) => {
    const site = own(temporarySite())
    const gates = addGates(site)
    for (const name of applicationNames) {
      addProgram(site, `site/cgi-bin/${name}.mjs`, name)
      addProgram(site, `site/${name}.fcgi`, name)
    }
    const server = own(await startServer([`${site.root}/site`]))
    const waysAt = (gateway: Way['gateway'], mountOf: (name: string) => string): Ways =>
      Object.fromEntries(
        applicationNames.map((name): [string, Way] => {
          const mount = mountOf(name)
          const base = server.url.replace(/\/$/, '') + mount
          return [name, { base, gateway, mount, gates, log: () => server.log() + server.output() }]
        }),
      )
    return {
      cgi: waysAt('cgi', (name) => `/cgi-bin/${name}.mjs`),
      fastcgi: waysAt('fastcgi', (name) => `/${name}.fcgi`),
    }
  }),
)

playApplications({ server: 'postern serve, CGI', skip: false }, () => stage().cgi)
playApplications({ server: 'postern serve, FastCGI', skip: false }, () => stage().fastcgi)
