// No script can tell whether a program was started for it or was there before: Python and Perl.

import { compareWarmWithCold } from './differential.ts'

compareWarmWithCold({ name: 'python', extensions: ['.py'], interpreter: '/usr/bin/python3', isParked: false })
compareWarmWithCold({ name: 'perl', extensions: ['.pl'], interpreter: '/usr/bin/perl', isParked: false })
