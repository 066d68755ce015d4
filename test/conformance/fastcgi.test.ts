// The conformance cases over the fastcgi frontend, with every executor.

import { runRow } from './run-cell.ts'

runRow('fastcgi')
