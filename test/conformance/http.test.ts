// The conformance cases over the http frontend.

import { runCell } from './run-cell.ts'

runCell({ frontend: 'http', starter: 'posix_spawn' })
