// The conformance cases over the http frontend, with every executor.

import { runRow } from './run-cell.ts'

runRow('http')
