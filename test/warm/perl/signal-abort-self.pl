#!/usr/bin/perl
use POSIX;
$| = 1;
print "Content-Type: text/plain\n\nbefore\n";
POSIX::abort();
