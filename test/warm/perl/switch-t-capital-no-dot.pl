#!/usr/bin/perl -T
# with: lib
# env: PERL5LIB=lib
print "Content-Type: text/plain\n\n";
eval { require Site::Plain };
print $@ =~ s/\(\@INC.*//r, "\n";
use lib 'lib';
require Site::Plain;
print Site::Plain::name(), "\n";
