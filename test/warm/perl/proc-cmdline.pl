#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
open my $line, '<', '/proc/self/cmdline' or die $!;
print join("\n", split /\0/, <$line>), "\n";
