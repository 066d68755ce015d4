#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
close STDIN;
close STDERR;
warn 'to nothing';
print fileno(STDIN) // 'undef', "\n", `cat; echo child`;
