#!/usr/bin/perl
# with: lib
use lib 'lib';
use Site::Marked;
print "Content-Type: text/plain\n\n", Site::Marked::name(), "\n";
