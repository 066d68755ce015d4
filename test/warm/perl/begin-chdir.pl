#!/usr/bin/perl
# with: lib
BEGIN { chdir 'lib' or die $! }
use lib '.';
use Site::Plain;
print "Content-Type: text/plain\n\n";
print Site::Plain::name(), "\n$INC{'Site/Plain.pm'}\n", `pwd`;
print -e $0 ? "found\n" : "not found\n";
