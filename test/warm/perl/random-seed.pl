#!/usr/bin/perl
# runs: random
print "Content-Type: text/plain\n\n";
print srand, "\n", rand, "\n";
