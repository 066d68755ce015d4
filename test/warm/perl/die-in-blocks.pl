#!/usr/bin/perl
BEGIN { $| = 1; print "Content-Type: text/plain\n\n" }
END { print "end $?\n" }
INIT { $! = 0; die "in init\n" }
