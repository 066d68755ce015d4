#!/usr/bin/perl
use strict;
use warnings;
print "Content-Type: text/plain\n\n";
$one = 1;
$two = bare;
my $one = 2;
my $one = 3;
