#!/usr/bin/perl
# with: lib
use lib 'lib';
use Site::Where 'one', 'two';
print "Content-Type: text/plain\n\n";
print "$_\n" for @Site::Where::seen;
require Site::Wherever;
print "$_\n" for @Site::Wherever::seen;
