// Every difference between PEP 3333, as the cases have it, and gunicorn, uWSGI and waitress, each with its reason. The
// test fails for one that is not listed, and for a listed one that is no more. docs/wsgi-differences.md is made from it.

import { bodies } from './differences/bodies.ts'
import type { Section } from './differences/difference.ts'
import { environ } from './differences/environ.ts'
import { files } from './differences/files.ts'
import { input } from './differences/input.ts'
import { rest } from './differences/rest.ts'
import { startResponse } from './differences/start-response.ts'

export const sections: readonly Section[] = [environ, startResponse, bodies, input, files, rest]
