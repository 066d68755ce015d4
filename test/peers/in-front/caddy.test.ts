// Caddy in front of Postern, by FastCGI, the one of the protocols that it speaks. It opens a connection for each request.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, missing } from '../../support/real-parts.ts'
import type { Manner } from '../pairs/pair.ts'
import { playPairs } from '../pairs/play.ts'
import { startInFront, type Setting, type WebServer } from '../pairs/web-server.ts'

const manner: Manner = {
  encodedSlash: [404],
  not: {
    cut: 'Caddy 2.6 logs "aborting with incomplete response", and ends the answer in order',
    diagnostics: 'Caddy 2.6 takes capture_stderr, and logs nothing',
  },
}

const manners: Readonly<Record<string, Manner>> = {
  'over a Unix socket': manner,
  'over TCP': manner,
}

playPairs({
  name: 'Caddy in front',
  skip: missing('caddy', 'openssl', 'python3'),
  manners,
  start: () => startInFront(Object.keys(manners), configure),
})

function configure(setting: Setting): WebServer {
  const file = join(setting.folder, 'Caddyfile')
  writeFileSync(file, settings(setting))
  return {
    command: 'env',
    args: [
      `HOME=${setting.folder}`,
      findProgram('caddy') ?? 'caddy',
      'run',
      '--config',
      file,
      '--adapter',
      'caddyfile',
    ],
    log: join(setting.folder, 'none'),
  }
}

function settings({ postern, places, certificate, key }: Setting): string {
  const sites = places.map(({ name, port, securePort }) => {
    const address = name.endsWith('TCP') ? postern.tcp('fastcgi') : `unix/${postern.unix('fastcgi')}`
    const proxy = `reverse_proxy ${address} {
    flush_interval -1
    transport fastcgi {
      capture_stderr
    }
  }`
    return `
http://127.0.0.1:${port} {
  bind 127.0.0.1
  ${proxy}
}
https://127.0.0.1:${securePort} {
  bind 127.0.0.1
  tls ${certificate} ${key}
  ${proxy}
}`
  })
  return `
{
  admin off
  auto_https disable_redirects
}
${sites.join('\n')}
`
}
