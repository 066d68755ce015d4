#!/usr/bin/perl
# env: LC_ALL=C
use POSIX;
print "Content-Type: text/plain\n\n";
print setlocale(LC_ALL, 'C.UTF-8') // 'undef', "\n", setlocale(LC_CTYPE), "\n";
{ use locale; print sprintf('%.1f', 2.5), ' ', uc "\xe4" eq "\xc4" ? 'cased' : 'not cased', ' ', join(' ', sort qw(b A a)), "\n" }
print setlocale(LC_ALL, '') // 'undef', "\n";
$! = 2;
print "$!\n";
