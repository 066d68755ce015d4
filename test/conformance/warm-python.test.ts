// The conformance cases with programs that a warm Python runs.

import { runCell } from './run-cell.ts'

runCell({ frontend: 'http', starter: 'warm python' })
