// Postern in front of uWSGI with a WSGI application in Python, by all protocols that it listens for.

import { join } from 'node:path'
import { fastcgi, proxy, scgi, uwsgi } from '../../../src/index.ts'
import { findProgram, missing } from '../../support/real-parts.ts'
import type { TemporarySite } from '../../support/temporary-site.ts'
import { startBehind, type Application } from '../pairs/application.ts'
import type { Manner, Pair, Variables } from '../pairs/pair.ts'
import { playPairs } from '../pairs/play.ts'
import { programPath } from '../pairs/programs.ts'

const not = {
  tls: 'Postern’s own listener has none here',
  diagnostics: 'uWSGI has standard error in its own log',
}
const cutUnseen = { ...not, cut: 'nothing but a reset could say it, and Unix sockets have none' }

/** uWSGI's own HTTP: the program's path is all of the path, and names and addresses are its own. */
const overHttp = ({ script }: Pair): Variables => ({
  SCRIPT_NAME: '',
  PATH_INFO: `${script}/path info/caf\u00c3\u00a9/x`,
  SERVER_NAME: /./,
  SERVER_PORT: /^\d+$/,
  REMOTE_ADDR: /./,
  HTTP_X_FORWARDED_FOR: '127.0.0.1',
})

const manners: Readonly<Record<string, Manner>> = {
  uwsgi: { encodedSlash: 'decoded', not: cutUnseen },
  scgi: { encodedSlash: 'decoded', not: cutUnseen },
  fastcgi: { encodedSlash: 'decoded', not },
  http: { encodedSlash: 'decoded', not: cutUnseen, variables: overHttp },
}

playPairs({
  name: 'in front of uWSGI',
  skip: missing('uwsgi', '/usr/lib/uwsgi/plugins/python3_plugin.so'),
  manners,
  start: () =>
    startBehind(application, (site) => {
      const to = (name: string): string => `unix:${socketOf(site, name)}`
      return {
        uwsgi: { script: '/app', to: uwsgi(to('uwsgi')) },
        scgi: { script: '/app', to: scgi(to('scgi')) },
        fastcgi: { script: '/app', to: fastcgi(to('fastcgi')) },
        http: { script: '/app', to: proxy(to('http')) },
      }
    }),
})

function application(site: TemporarySite): Application {
  const sockets = ['uwsgi', 'scgi', 'fastcgi', 'http'].flatMap((name) => {
    const option = name === 'uwsgi' ? '--socket' : `--${name}-socket`
    return [option, socketOf(site, name)]
  })
  return {
    command: findProgram('uwsgi') ?? 'uwsgi',
    args: ['--plugin', 'python3', '--wsgi-file', programPath('actions.py'), '--master', '--workers', '3'].concat([
      '--die-on-term',
      '--need-app',
      // The default of 4 KiB is too small for many a request.
      '--buffer-size',
      '32768',
      ...sockets,
    ]),
    socket: socketOf(site, 'http'),
  }
}

function socketOf(site: TemporarySite, name: string): string {
  return join(site.root, `${name}.sock`)
}
