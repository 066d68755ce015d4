#!/usr/bin/perl
print "Content-Type: text/plain\n\n";
$! = 0;
my @sorted = eval { sort { die "comparing $a and $b\n" } 2, 1 };
print $@;
@sorted = sort { die "for good\n" } 2, 1;
