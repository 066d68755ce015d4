// nginx in front of Postern, with the parameters that its package brings and connections kept.

import { join } from 'node:path'
import { nginxCommand } from '../../support/nginx.ts'
import { missing } from '../../support/real-parts.ts'
import type { Manner } from '../pairs/pair.ts'
import { playPairs } from '../pairs/play.ts'
import type { ProtocolName } from '../pairs/posterns.ts'
import { startInFront, type Place, type Setting, type WebServer } from '../pairs/web-server.ts'

/** `%2F` arrives as a slash in SCRIPT_NAME, beside a REQUEST_URI that has it encoded. */
const manner: Manner = {
  encodedSlash: [404],
  // The parameters of newer packages say $host, which has no port.
  variables: () => ({ HTTP_HOST: /^127\.0\.0\.1(?::\d+)?$/ }),
}

const noDiagnostics = { diagnostics: 'the protocol has no standard error: it is in Postern’s own log' }
const overTcp: Manner = { ...manner, not: noDiagnostics }
const overUnix: Manner = {
  ...manner,
  not: { ...noDiagnostics, cut: 'nothing but a reset could say it, and Unix sockets have none' },
}

playPairs({
  name: 'nginx in front',
  skip: missing('nginx', 'openssl', 'python3'),
  manners: {
    'fastcgi over a Unix socket': manner,
    'fastcgi over TCP': manner,
    'scgi over a Unix socket': overUnix,
    'scgi over TCP': overTcp,
    'uwsgi over a Unix socket': overUnix,
    'uwsgi over TCP': overTcp,
  },
  start() {
    return startInFront(
      ['fastcgi', 'scgi', 'uwsgi'].flatMap((protocol) => [`${protocol} over a Unix socket`, `${protocol} over TCP`]),
      configure,
    )
  },
})

function configure({ postern, places, folder, certificate, key }: Setting): WebServer {
  const upstreams = places.map((place, at) => {
    const protocol = protocolOf(place)
    const address = place.name.endsWith('TCP') ? postern.tcp(protocol) : `unix:${postern.unix(protocol)}`
    return `upstream u${at} { server ${address}; keepalive 8; }`
  })
  const servers = places.map((place, at) => {
    const protocol = protocolOf(place)
    return `
  server {
    listen 127.0.0.1:${place.port};
    listen 127.0.0.1:${place.securePort} ssl;
    location / {
      include /etc/nginx/${protocol}_params;
      ${protocol}_pass u${at};
      ${protocol}_buffering off;
      ${protocol === 'fastcgi' ? 'fastcgi_keep_conn on;' : ''}
    }
  }`
  })
  const certificates = [`ssl_certificate ${certificate};`, `ssl_certificate_key ${key};`]
  const command = nginxCommand(folder, ['client_max_body_size 0;', ...certificates, ...upstreams, ...servers])
  return { ...command, log: join(folder, 'error.log') }
}

function protocolOf({ name }: Place): ProtocolName {
  if (name.startsWith('scgi')) return 'scgi'
  return name.startsWith('uwsgi') ? 'uwsgi' : 'fastcgi'
}
