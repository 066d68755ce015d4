#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my $child = fork // die $!;
if ($child == 0) { close STDOUT; close STDERR; close STDIN; sleep 1; exit 0 }
print "done\n";
