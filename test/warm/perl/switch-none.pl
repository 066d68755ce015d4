#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
print "W $^W\n";
my $text = 'x' . undef;
my $sum = 'three apples' + 4;
print "$text $sum\n";
use warnings;
my $warned = 'y' . undef;
