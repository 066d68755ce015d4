#!/usr/bin/perl
# with: shadow
# env: PERL5LIB=shadow
use Data::Dumper;
print "Content-Type: text/plain\n\n", Dumper([1, 2]), "$INC{'Data/Dumper.pm'}\n";
