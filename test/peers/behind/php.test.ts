// Postern in front of PHP that somebody else started: php-cgi in one process and in several, php-fpm.

import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unprivilegedAccount } from '../../../bench/unprivileged-account.ts'
import { fastcgi } from '../../../src/index.ts'
import { findProgram, missing } from '../../support/real-parts.ts'
import type { TemporarySite } from '../../support/temporary-site.ts'
import { startBehind, type Application } from '../pairs/application.ts'
import type { Manner, Pairs } from '../pairs/pair.ts'
import { playPairs } from '../pairs/play.ts'
import { programPath } from '../pairs/programs.ts'

const not = { tls: 'Postern’s own listener has none here' }
const manner: Manner = { encodedSlash: [404], not }
const fpm = ['php-fpm', 'php-fpm8.4', 'php-fpm8.3', 'php-fpm8.2'].find((name) => findProgram(name) !== undefined)
/** A body of any size, which no setting of the machine's refuses. */
const settings = ['-d', 'post_max_size=0', '-d', 'enable_post_data_reading=0', '-d', 'log_errors=1']

playPairs({
  name: 'in front of php-cgi',
  skip: missing('php-cgi'),
  manners: {
    'one process': { ...manner, not: { ...not, cut: 'nobody starts it again' } },
  },
  start: () => startPhp('one process', (site) => phpCgi(site, 0)),
})

playPairs({
  name: 'in front of php-cgi',
  skip: missing('php-cgi'),
  manners: { 'four processes': manner },
  start: () => startPhp('four processes', (site) => phpCgi(site, 4)),
})

playPairs({
  name: 'in front of php-fpm',
  skip: missing(fpm ?? 'php-fpm'),
  manners: { 'four processes': manner },
  start: () => startPhp('four processes', phpFpm),
})

function startPhp(name: string, application: (site: TemporarySite) => Application): Promise<Pairs> {
  return startBehind(
    (site) => {
      copyFileSync(programPath('actions.php'), site.add('served/actions.php', ''))
      return application(site)
    },
    (site) => ({
      [name]: {
        script: '/actions.php',
        path: '/',
        to: fastcgi(`unix:${socketOf(site)}`, { root: join(site.root, 'served') }),
      },
    }),
  )
}

function phpCgi(site: TemporarySite, children: number): Application {
  return {
    command: 'env',
    args: [`PHP_FCGI_CHILDREN=${children}`, findProgram('php-cgi') ?? 'php-cgi', '-b', socketOf(site), ...settings],
    socket: socketOf(site),
  }
}

function phpFpm(site: TemporarySite): Application {
  const account = unprivilegedAccount()
  const file = join(site.root, 'fpm.conf')
  writeFileSync(
    file,
    `
[global]
error_log = ${site.root}/fpm.log
daemonize = no
[www]
listen = ${socketOf(site)}
listen.mode = 0666
${account === undefined ? '' : `user = ${account.user}\ngroup = ${account.group}`}
pm = static
pm.max_children = 4
catch_workers_output = yes
php_admin_value[post_max_size] = 0
php_admin_flag[enable_post_data_reading] = off
php_admin_flag[log_errors] = on
`,
  )
  return {
    command: findProgram(fpm ?? 'php-fpm') ?? 'php-fpm',
    args: ['--nodaemonize', '--fpm-config', file, '--prefix', site.root],
    socket: socketOf(site),
  }
}

function socketOf(site: TemporarySite): string {
  return join(site.root, 'php.sock')
}
