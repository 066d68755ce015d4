#!/usr/bin/perl
# Only reads, in the ways that are usual.
use Carp;
my @paths = @INC;
my ($first) = @INC;
my $count = @INC;
print "Content-Type: text/plain\n\n";
print join(', ', @INC), "\n\@INC = @INC\n$first $count $#INC ", "@paths" eq "@INC" ? "same\n" : "other\n";
print "$_\n" for grep { -d } @INC;
foreach my $folder (@INC) { print "$folder/Carp.pm\n" if -e "$folder/Carp.pm" }
