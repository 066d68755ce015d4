#!/usr/bin/perl
print "Content-Type: text/plain; charset=utf-8\n\n";
use warnings;
print "\x{263a}\n";
print "\xe9\n";
print STDERR "\x{263a}\n";
warn "\x{263a}\n";
