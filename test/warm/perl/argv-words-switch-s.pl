#!/usr/bin/perl -s
# request: GET ?word
# option: searchWords=true
print "Content-Type: text/plain\n\n@ARGV\n", defined $word ? "switch\n" : "no switch\n";
