#!/usr/bin/perl
use warnings;
use diagnostics;
print "Content-Type: text/plain\n\n";
my $text = 'x' . undef;
