// Messages of the system, in the words of several languages.

import { test } from 'node:test'
import { afterStderr, assertFinding, pythonTraceback } from './support.ts'

const python = '#!/usr/bin/python3\n'

test('shared-library-missing: as glibc, musl and macOS say it', () => {
  const expected = { rule: 'shared-library-missing', cause: /libpq\.so\.5/, mend: /ldd/ }
  assertFinding(
    afterStderr(
      '/srv/a: error while loading shared libraries: libpq.so.5: cannot open shared object file\n',
      '#!/bin/sh\n',
      127,
    ),
    expected,
  )
  assertFinding(
    afterStderr(
      'Error loading shared library libpq.so.5: No such file or directory (needed by /srv/a)\n',
      '#!/bin/sh\n',
      127,
    ),
    expected,
  )
})

test('library-too-old: a program from a newer system', () => {
  const message = "/srv/a: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /srv/a)\n"
  assertFinding(afterStderr(message), { rule: 'library-too-old', cause: /GLIBC_2\.38/, mend: /cc -static/ })
})

test('disk-full, read-only-file-system, out-of-memory, cannot-fork: what the machine lacks', () => {
  const disk = pythonTraceback('OSError: [Errno 28] No space left on device')
  assertFinding(afterStderr(disk, python), { rule: 'disk-full', cause: /No space left/, mend: /df -h/ })
  const readOnly = './a: 3: cannot create /usr/x: Read-only file system\n'
  assertFinding(afterStderr(readOnly), { rule: 'read-only-file-system', cause: /\/usr\/x/, mend: /TMPDIR/ })
  assertFinding(afterStderr(pythonTraceback('MemoryError'), python), {
    rule: 'out-of-memory',
    cause: /MemoryError/,
    mend: /free -h/,
  })
  const fork = './a: fork: retry: Resource temporarily unavailable\n'
  assertFinding(afterStderr(fork), { rule: 'cannot-fork', cause: /fork: retry/, mend: /--max-running/ })
})

test('data-file-forbidden and data-file-missing: the file that the script wants to open', () => {
  const denied = pythonTraceback("PermissionError: [Errno 13] Permission denied: '/srv/data/guests.txt'")
  const expected = {
    rule: 'data-file-forbidden',
    cause: /\/srv\/data\/guests\.txt/,
    mend: /ls -l \/srv\/data\/guests\.txt/,
  }
  assertFinding(afterStderr(denied, python), expected)
  assertFinding(
    afterStderr('./a: 3: cannot create /srv/data/guests.txt: Permission denied\n', '#!/bin/sh\n', 2),
    expected,
  )
  const absent = pythonTraceback("FileNotFoundError: [Errno 2] No such file or directory: 'guests.txt'")
  const missing = { rule: 'data-file-missing', cause: /guests\.txt, .*script's own folder/, mend: /ls -la guests\.txt/ }
  assertFinding(afterStderr(absent, python), missing)
})
