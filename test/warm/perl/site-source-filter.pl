#!/usr/bin/perl
# with: lib
use lib 'lib';
use Site::Filter;
shout "Content-Type: text/plain\n\n";
shout 'line ', __LINE__, "\n";
no Site::Filter;
print "shout stays\n";
print <DATA>;
__DATA__
shout in the data
