// Falcon, as Debian has it, served by `postern wsgi` over HTTP, and by FastCGI, SCGI and uwsgi behind real servers.

import { playFramework } from './play.ts'

playFramework('falcon')
