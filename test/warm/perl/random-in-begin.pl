#!/usr/bin/perl
# runs: random
BEGIN { our $early = rand }
our $early;
print "Content-Type: text/plain\n\n$early\n", rand, "\n";
