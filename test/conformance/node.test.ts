// The conformance cases over the node frontend.

import { runCell } from './run-cell.ts'

runCell({ frontend: 'node', starter: 'posix_spawn' })
