// The conformance cases over the cgi frontend, with every executor.

import { runRow } from './run-cell.ts'

runRow('cgi')
