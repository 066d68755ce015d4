// Django, as Debian has it, served by `postern wsgi` over HTTP, and by FastCGI, SCGI and uwsgi behind real servers.

import { useAdmin } from './django-admin.ts'
import { playFramework } from './play.ts'

playFramework('django', { 'the admin: log in, add with a file, edit, find, delete, log out': useAdmin })
