#!/usr/bin/perl
# runs: random
use List::Util 'shuffle';
print "Content-Type: text/plain\n\n";
print join(' ', shuffle 1 .. 50), "\n";
