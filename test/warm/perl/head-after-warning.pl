#!/usr/bin/perl
warn "before\n";
print "Content-Type: text/plain\n\nbody\n";
warn "after\n";
