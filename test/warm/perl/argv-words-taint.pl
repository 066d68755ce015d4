#!/usr/bin/perl -T
# request: GET ?one+two
# option: searchWords=true
use Scalar::Util 'tainted';
print "Content-Type: text/plain\n\n";
print "$_ ", tainted($_) ? "tainted\n" : "clean\n" for @ARGV;
