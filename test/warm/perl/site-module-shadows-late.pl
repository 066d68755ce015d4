#!/usr/bin/perl
# with: shadow
use Carp;
print "Content-Type: text/plain\n\n";
unshift @INC, 'shadow';
require Data::Dumper;
print Data::Dumper::Dumper([1]), "\n";
