#!/usr/bin/perl
# with: lib
use lib 'lib';
use Site::Split;
print "Content-Type: text/plain\n\n", Site::Split::hello('World'), "\n";
eval { Site::Split::none() };
print $@ =~ s/\(\@INC.*?\)//sr;
