// The guest book of `postern init` in Perl.

import { testGuestBook } from './guest-book.ts'

testGuestBook('perl')
