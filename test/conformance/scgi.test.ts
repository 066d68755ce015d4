// The conformance cases over the scgi frontend, with every executor.

import { runRow } from './run-cell.ts'

runRow('scgi')
