#!/usr/bin/perl -Ilib
print "Content-Type: text/plain\n\n";
print "$_\n" for @INC;
require Site::Plain;
print Site::Plain::name(), "\n";
