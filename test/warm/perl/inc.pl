#!/usr/bin/perl
BEGIN { our @early = @INC }
print "Content-Type: text/plain\n\n";
our @early;
print "$_\n" for @INC;
print "early\n", map { "$_\n" } @early;
print grep({ $_ eq '.' } @INC) ? "dot\n" : "no dot\n";
