#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print scalar(@ARGV), " arguments, last $#ARGV\n";
print defined(shift) ? "something\n" : "nothing\n";
print scalar(@_), " in \@_\n";
print defined $ARGV ? "ARGV $ARGV\n" : "no ARGV\n";
sub given { scalar @_ }
print &given, " passed on\n";
