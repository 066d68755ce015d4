// The conformance cases with programs that a warm Perl runs.

import { runCell } from './run-cell.ts'

runCell({ frontend: 'node', starter: 'warm perl' })
