#!/usr/bin/perl
# runs: random
print "Content-Type: text/plain\n\n";
my $child = fork // die $!;
print rand, "\n";
exit if $child == 0;
wait;
