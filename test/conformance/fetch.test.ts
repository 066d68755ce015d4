// The conformance cases over the fetch frontend.

import { runCell } from './run-cell.ts'

runCell({ frontend: 'fetch', starter: 'posix_spawn' })
