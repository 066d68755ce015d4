#!/usr/bin/perl
# runs: random
print "Content-Type: text/plain\n\n";
print rand, "\n" for 1 .. 3;
print int(rand 1_000_000_000), "\n";
