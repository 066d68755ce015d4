#!/usr/bin/perl
use utf8;
my $größe = 'naïve ☺';
print "Content-Type: text/plain; charset=utf-8\n\n";
print length $größe, "\n";
binmode STDOUT, ':encoding(UTF-8)';
print "$größe\n";
