#!/usr/bin/perl
print "Content-Type: text/plain; charset=latin1\n\n";
my $text = "naïve";
print length $text, " $text\n";
use warnings;
eval { die "café" };
print $@;
use utf8;
print length "naïve", "\n";
