// The applications behind nginx, by uwsgi.

import { missing } from '../../support/real-parts.ts'
import { startNginx } from './nginx.ts'
import { playApplications, staged } from './play.ts'

const skip = missing('nginx')
const stage = staged(skip, () => startNginx('uwsgi'))

playApplications({ server: 'nginx uwsgi_pass', skip }, () => stage().ways)
playApplications({ server: 'nginx uwsgi_pass below a mount', skip }, () => stage().mounted)
