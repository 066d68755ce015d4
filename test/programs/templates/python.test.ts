// The guest book of `postern init` in Python.

import { testGuestBook } from './guest-book.ts'

testGuestBook('python')
