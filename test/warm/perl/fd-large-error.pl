#!/usr/bin/perl
print STDERR 'x' x 300, "\n" for 1 .. 500;
print "Content-Type: text/plain\n\ndone\n";
