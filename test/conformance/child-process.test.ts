// The conformance cases with programs started by child_process, as where posix_spawn cannot be had. The choice is made
// once for a process, when the first gateway is made; it stands in this file alone, for a test file has its own process.

import { runCell } from './run-cell.ts'

process.env['POSTERN_NATIVE'] = 'off'
runCell({ frontend: 'node', executor: 'process', starter: 'child_process' })
