// The guest book of `postern init` in PHP.

import { testGuestBook } from './guest-book.ts'

testGuestBook('php')
