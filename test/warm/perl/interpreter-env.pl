#!/usr/bin/env perl
print "Content-Type: text/plain\n\n";
print "X $^X\n0 $0\n", -x $^X ? "there\n" : "not there\n";
open my $line, '<', '/proc/self/cmdline' or die $!;
print join("\n", split /\0/, <$line>), "\n";
