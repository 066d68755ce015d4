#!/usr/bin/perl -X
use warnings;
print "Content-Type: text/plain\n\n";
my $text = 'x' . undef;
print "W $^W\n";
