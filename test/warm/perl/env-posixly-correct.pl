#!/usr/bin/perl
# env: POSIXLY_CORRECT=1
use Getopt::Long;
print "Content-Type: text/plain\n\n";
@ARGV = qw(word --size 3);
GetOptions('size=i' => \my $size);
print defined $size ? "size $size\n" : "no size\n", "@ARGV\n";
