/** All there is to compare: groups, each with tables of its own, of lineups, whose peers are up at the same time. */
import type { Case } from './case.ts'
import { appCases } from './app-cases.ts'
import { cases } from './cases.ts'
import { peers } from './peers/all.ts'
import { appPeers } from './peers/app/all.ts'
import type { Peer } from './peers/peer.ts'
import { wsgiPeers } from './peers/wsgi/all.ts'
import { wsgiApplications, type WsgiApplication } from './wsgi-cases.ts'

export interface Group {
  readonly title: string
  readonly lineups: readonly Lineup[]
}

export interface Lineup {
  readonly cases: readonly Case[]
  readonly peers: readonly Peer[]
}

export const groups: readonly Group[] = [
  { title: 'Files and programs', lineups: [{ cases, peers }] },
  {
    title: 'WSGI applications',
    // A server is started for one application, with threads that suit it.
    lineups: wsgiApplications.map((application) => ({ cases: application.cases, peers: peersFor(application) })),
  },
  { title: 'Applications in TypeScript', lineups: [{ cases: appCases, peers: appPeers }] },
]

function peersFor({ module, threads }: WsgiApplication): Peer[] {
  return wsgiPeers.map((peer) => ({
    name: peer.name,
    unavailable: () => peer.unavailable(),
    version: () => peer.version(),
    async start(site) {
      const scratch = await site.scratch(`${peer.name}-${module}`)
      return peer.start({ folder: await site.wsgiFolder(), module, threads, scratch })
    },
  }))
}
