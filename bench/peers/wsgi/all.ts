/** The servers of WSGI applications, in the order of the tables' columns. */
import { gunicorn } from './gunicorn.ts'
import { nginxUwsgi } from './nginx-uwsgi.ts'
import { posternWsgi } from './postern-wsgi.ts'
import { waitress } from './waitress.ts'
import type { WsgiPeer } from './wsgi-peer.ts'

export const wsgiPeers: readonly WsgiPeer[] = [nginxUwsgi, gunicorn, waitress, posternWsgi]
