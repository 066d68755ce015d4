// lighttpd in front of Postern: mod_fastcgi, mod_scgi, and mod_scgi with scgi.protocol = "uwsgi".

import { join } from 'node:path'
import { lighttpdCommand } from '../../support/lighttpd.ts'
import { missing } from '../../support/real-parts.ts'
import type { Manner } from '../pairs/pair.ts'
import { playPairs } from '../pairs/play.ts'
import { startInFront, type Setting, type WebServer } from '../pairs/web-server.ts'

const manner: Manner = { encodedSlash: [404] }
const noDiagnostics = { diagnostics: 'the protocol has no standard error: it is in Postern’s own log' }
const overTcp: Manner = { ...manner, not: noDiagnostics }
const overUnix: Manner = {
  ...manner,
  not: { ...noDiagnostics, cut: 'nothing but a reset could say it, and Unix sockets have none' },
}

const manners: Readonly<Record<string, Manner>> = {
  'fastcgi over a Unix socket': manner,
  'fastcgi over TCP': manner,
  'scgi over a Unix socket': overUnix,
  'scgi over TCP': overTcp,
  'uwsgi over a Unix socket': overUnix,
  'uwsgi over TCP': overTcp,
}

playPairs({
  name: 'lighttpd in front',
  skip: missing('lighttpd', 'openssl', 'python3') || missing('/usr/lib/lighttpd/mod_openssl.so'),
  manners,
  start: () => startInFront(Object.keys(manners), configure),
})

function configure({ postern, places, folder, certificate, key }: Setting): WebServer {
  const hosts = places.map(({ name }) => {
    const protocol = name.startsWith('scgi') ? 'scgi' : name.startsWith('uwsgi') ? 'uwsgi' : 'fastcgi'
    const [host, port] = postern.tcp(protocol).split(':')
    const place = name.endsWith('TCP')
      ? `"host" => "${host}", "port" => ${port}`
      : `"socket" => "${postern.unix(protocol)}"`
    const server = protocol === 'fastcgi' ? 'fastcgi.server' : 'scgi.server'
    const speaks = protocol === 'uwsgi' ? 'scgi.protocol = "uwsgi"' : ''
    return `${server} = ("/" => ((${place}, "check-local" => "disable", "fix-root-scriptname" => "enable")))\n${speaks}`
  })
  const sockets = places.map(
    ({ port, securePort }, at) => `
$SERVER["socket"] == "127.0.0.1:${port}" { ${hosts[at]} }
$SERVER["socket"] == "127.0.0.1:${securePort}" {
  ssl.engine = "enable"
  ${hosts[at]}
}`,
  )
  const keys = [`ssl.pemfile = "${certificate}"`, `ssl.privkey = "${key}"`]
  const lines = [...keys, ...sockets].join('\n')
  const command = lighttpdCommand(folder, {
    port: places[0]?.port ?? 0,
    modules: ['fastcgi', 'scgi', 'openssl'],
    lines,
  })
  return { ...command, log: join(folder, 'none') }
}
