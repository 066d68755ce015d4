// Messages as Perl 5.36 writes them.

import { test } from 'node:test'
import { afterStderr, assertFinding } from './support.ts'

test('perl-module-missing: with the line that needs it', () => {
  const message =
    "Can't locate DBD/mysql.pm in @INC (you may need to install the DBD::mysql module) (@INC contains: /etc/perl) at /srv/a.pl line 2.\nBEGIN failed--compilation aborted at /srv/a.pl line 2.\n"
  const expected = {
    rule: 'perl-module-missing',
    cause: /Line 2 of \/srv\/a\.pl needs the module DBD::mysql/,
    mend: /apt install libdbd-mysql-perl/,
  }
  assertFinding(afterStderr(message, '#!/usr/bin/perl\n', 2), expected)
})

test('perl-syntax-error: the first line that Perl complains of', () => {
  const message =
    'syntax error at /srv/a.pl line 5, near "print"\nExecution of /srv/a.pl aborted due to compilation errors.\n'
  const expected = {
    rule: 'perl-syntax-error',
    cause: /line 5 of \/srv\/a\.pl it says "syntax error"/,
    mend: /perl -c/,
  }
  assertFinding(afterStderr(message, '#!/usr/bin/perl\n', 255), expected)
})

test('perl-died: the last message, not a warning before it', () => {
  const message =
    'Use of uninitialized value $x in addition (+) at /srv/a.pl line 3.\nno database at /srv/a.pl line 8, <STDIN> line 1.\n'
  const expected = {
    rule: 'perl-died',
    cause: /Line 8 of \/srv\/a\.pl ended the script: "no database"/,
    mend: /\+8 \/srv\/a\.pl/,
  }
  assertFinding(afterStderr(message, '#!/usr/bin/perl\n', 255), expected)
})

test('perl-taint: taint mode stopped the script', () => {
  const message = 'Insecure $ENV{PATH} while running with -T switch at /srv/a.pl line 6.\n'
  assertFinding(afterStderr(message, '#!/usr/bin/perl -T\n', 255), {
    rule: 'perl-taint',
    cause: /line 6/,
    mend: /\$ENV\{PATH\} =/,
  })
})
