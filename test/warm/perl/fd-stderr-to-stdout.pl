#!/usr/bin/perl
$| = 1;
print "Content-Type: text/plain\n\n";
open STDERR, '>&', STDOUT or die $!;
warn "visible\n";
system 'echo from a child >&2';
die "last\n";
