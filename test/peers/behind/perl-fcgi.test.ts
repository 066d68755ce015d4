// Postern in front of Perl's FCGI, in three processes that each take one connection.

import { join } from 'node:path'
import { fastcgi } from '../../../src/index.ts'
import { perlModuleMissing } from '../../programs/perl-module.ts'
import { missing } from '../../support/real-parts.ts'
import { startBehind } from '../pairs/application.ts'
import { playPairs } from '../pairs/play.ts'
import { programPath } from '../pairs/programs.ts'

playPairs({
  name: 'in front of Perl’s FCGI',
  skip: missing('perl') || perlModuleMissing('FCGI'),
  manners: {
    'connections kept': { encodedSlash: 'decoded', not: { tls: 'Postern’s own listener has none here' } },
  },
  start: () =>
    startBehind(
      (site) => {
        const socket = join(site.root, 'app.sock')
        return { command: 'perl', args: [programPath('actions.pl'), socket, '3'], socket }
      },
      (site) => ({
        'connections kept': { script: '/app', to: fastcgi(`unix:${join(site.root, 'app.sock')}`) },
      }),
    ),
})
