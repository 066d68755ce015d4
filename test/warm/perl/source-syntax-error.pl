#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
my $x = ;
print "never\n";
if ($x {
