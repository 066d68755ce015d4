#!/usr/bin/perl
BEGIN { $| = 1; print "Content-Type: text/plain\n\nbegun\n" }
END { print "end\n" }
my $x = ;
