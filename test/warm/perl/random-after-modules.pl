#!/usr/bin/perl
# runs: random
use CGI;
use POSIX;
use Storable;
use File::Temp;
use Time::HiRes;
print "Content-Type: text/plain\n\n";
print rand, "\n", join(' ', map { int rand 256 } 1 .. 16), "\n";
