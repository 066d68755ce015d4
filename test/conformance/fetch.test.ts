// The conformance cases over the fetch frontend, with every executor.

import { runRow } from './run-cell.ts'

runRow('fetch')
