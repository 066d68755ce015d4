/** The servers of the comparison, in the order of the tables' columns. */
import { apache } from './apache.ts'
import { go } from './go.ts'
import { lighttpd } from './lighttpd.ts'
import { nginx } from './nginx.ts'
import type { Peer } from './peer.ts'
import { postern } from './postern.ts'

/** The one that the others are compared with. */
export const ownPeer = postern.name

export const peers: readonly Peer[] = [apache, lighttpd, nginx, go, postern]
