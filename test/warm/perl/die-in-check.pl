#!/usr/bin/perl
BEGIN { $| = 1; print "Content-Type: text/plain\n\n" }
CHECK { $! = 0; die 'in check' }
print "never\n";
