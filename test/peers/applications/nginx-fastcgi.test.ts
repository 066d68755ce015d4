// The applications behind nginx, by FastCGI.

import { missing } from '../../support/real-parts.ts'
import { startNginx } from './nginx.ts'
import { playApplications, staged } from './play.ts'

const skip = missing('nginx')
const stage = staged(skip, () => startNginx('fastcgi'))

playApplications({ server: 'nginx fastcgi_pass', skip }, () => stage().ways)
playApplications({ server: 'nginx fastcgi_pass below a mount', skip }, () => stage().mounted)
