#!/usr/bin/env perl
print "Content-Type: text/plain\n\n";
print "X $^X\n0 $0\n", -x $^X ? "there\n" : "not there\n";
