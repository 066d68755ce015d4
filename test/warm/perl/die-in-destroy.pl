#!/usr/bin/perl
use warnings;
print "Content-Type: text/plain\n\n";
sub DESTROY { die 'in destroy' }
{ my $object = bless [] }
print "still here\n";
our $object = bless [];
