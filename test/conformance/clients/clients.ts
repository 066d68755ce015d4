// One client for each frontend.

import type { FrontendName } from '../cell.ts'
import type { ClientMaker } from './client.ts'
import { overCgi } from './cgi.ts'
import { overFetch } from './fetch.ts'
import { overHttpListener, overNode } from './http-sockets.ts'
import { overServer } from './servers.ts'

export const clients: Readonly<Record<FrontendName, ClientMaker>> = {
  http: overHttpListener,
  node: overNode,
  fetch: overFetch,
  cgi: overCgi,
  fastcgi: overServer('fastcgi'),
  scgi: overServer('scgi'),
  uwsgi: overServer('uwsgi'),
}
