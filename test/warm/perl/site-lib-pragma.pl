#!/usr/bin/perl
# with: lib
use lib 'lib', '/nonexistent/lib';
print "Content-Type: text/plain\n\n";
print "$_\n" for @INC;
no lib '/nonexistent/lib';
print "original\n";
print "$_\n" for @lib::ORIG_INC;
