#!/usr/bin/perl -W
print "Content-Type: text/plain\n\n";
no warnings;
my $text = 'x' . undef;
print "W $^W\n";
