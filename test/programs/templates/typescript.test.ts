// The guest book of `postern init` in TypeScript; in JavaScript where this Node cannot run it.

import { testGuestBook } from './guest-book.ts'

testGuestBook('typescript')
