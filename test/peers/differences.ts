// Every difference between Postern and Apache that the requests in cases.ts show, each with its reason. The test fails
// for one that is not listed, and for a listed one that is no more. docs/differences.md is made from this list.

import type { Section } from './differences/difference.ts'
import { files } from './differences/files.ts'
import { requests } from './differences/requests.ts'
import { taken } from './differences/taken.ts'
import { told } from './differences/told.ts'

export const sections: readonly Section[] = [...told, ...taken, ...requests, ...files]
