#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
srand 42;
print join(' ', map { int rand 1000 } 1 .. 10), "\n", srand(7), "\n", int(rand 1000), "\n";
