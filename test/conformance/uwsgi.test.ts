// The conformance cases over the uwsgi frontend, with every executor.

import { runRow } from './run-cell.ts'

runRow('uwsgi')
