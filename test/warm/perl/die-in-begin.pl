#!/usr/bin/perl
BEGIN { $| = 1; print "Content-Type: text/plain\n\n"; }
END { print "end\n" }
BEGIN { $! = 0; die 'in begin' }
