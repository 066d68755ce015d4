// The conformance cases over the node frontend, with every executor.

import { runRow } from './run-cell.ts'

runRow('node')
