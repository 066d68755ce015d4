#!/usr/bin/perl
use POSIX;
print "Content-Type: text/plain\n\n";
print join(' ', floor(-1.5), ceil(1.2), fmod(7, 3), strtol('ff', 16), isatty(1) ? 'tty' : 'no tty'), "\n";
print setlocale(LC_ALL) // 'undef', "\n", strftime('%d %B %Y', 0, 0, 0, 1, 0, 100), "\n";
print ctermid(), ' ', (uname())[0], ' ', sysconf(_SC_OPEN_MAX) == `ulimit -n;` ? 'same limit' : 'other limit', "\n";
print localeconv()->{decimal_point}, ' ', sprintf('%.2f', 1.5), ' ', EINTR, ' ', WNOHANG, "\n";
