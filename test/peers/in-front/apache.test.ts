// Apache in front of Postern: mod_proxy_fcgi, mod_proxy_scgi and mod_proxy_uwsgi.

import { join } from 'node:path'
import { apacheCommand, apacheModule } from '../../support/apache.ts'
import { missing } from '../../support/real-parts.ts'
import type { Manner } from '../pairs/pair.ts'
import { playPairs } from '../pairs/play.ts'
import { startInFront, type Setting, type WebServer } from '../pairs/web-server.ts'

const manner: Manner = { encodedSlash: [404] }
const not = {
  diagnostics: 'the protocol has no standard error: it is in Postern’s own log',
  chunked: 'Apache has no spool for these protocols, and answers 411',
}
const cut = 'nothing but a reset could say it, and Unix sockets have none'
const short = 'Apache takes Content-Length out of an answer since CVE-2024-24795; then as above'

const manners: Readonly<Record<string, Manner>> = {
  'fcgi over a Unix socket': manner,
  'fcgi over TCP': manner,
  'scgi over a Unix socket': { ...manner, not: { ...not, cut, short } },
  'scgi over TCP': { ...manner, not },
  'uwsgi over a Unix socket': { ...manner, not: { ...not, cut } },
  'uwsgi over TCP': { ...manner, not },
}

const modules = ['ssl', 'socache_shmcb', 'env', 'proxy', 'proxy_fcgi', 'proxy_scgi', 'proxy_uwsgi']

playPairs({
  name: 'Apache in front',
  skip: missing('apache2', 'openssl', 'python3') || missing(apacheModule('proxy_uwsgi')),
  manners,
  start: () => startInFront(Object.keys(manners), configure),
})

function configure({ postern, places, folder, certificate, key }: Setting): WebServer {
  const hosts = places.flatMap(({ name, port, securePort }) => {
    const scheme = name.startsWith('scgi') ? 'scgi' : name.startsWith('uwsgi') ? 'uwsgi' : 'fcgi'
    const protocol = scheme === 'fcgi' ? 'fastcgi' : scheme
    const tcp = `${scheme}://${postern.tcp(protocol)}/`
    const target = name.endsWith('TCP') ? tcp : `unix:${postern.unix(protocol)}|${scheme}://localhost/`
    return [port, securePort].map(
      (one) => `
Listen 127.0.0.1:${one}
<VirtualHost 127.0.0.1:${one}>
  ServerName 127.0.0.1:${one}
  AllowEncodedSlashes NoDecode
  ${one === securePort ? `SSLEngine on\n  SSLCertificateFile ${certificate}\n  SSLCertificateKeyFile ${key}` : ''}
  ProxyPass "/" "${target}" flushpackets=on ${scheme === 'fcgi' ? 'enablereuse=on' : ''}
  <Location "/">
    CGIPassAuth On
    Require all granted
  </Location>
</VirtualHost>`,
    )
  })
  const lines = ['SSLSessionCache none', `DocumentRoot ${folder}`, ...hosts].join('\n')
  return { ...apacheCommand(folder, modules, lines), log: join(folder, 'error.log') }
}
